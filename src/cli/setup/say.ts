// How set-up reports.
import { remark } from '../output.js';

/** Tells the user what is being done, in a line. */
export type Say = (text: string) => void;

/** On standard error, as remarks. */
export const sayWhatIsDone: Say = (text) => remark(`setup: ${text}`);
