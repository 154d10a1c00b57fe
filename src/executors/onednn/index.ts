// The oneDNN executor: what other floors may import.
export { createOnednnExecutor } from './onednn-executor.js';
