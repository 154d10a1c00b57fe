// How the live page is built, and tried: `npx vite page` serves it with what it asks a server for
// taken from `selffer serve` on its usual port.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  // Works below any path.
  base: './',
  logLevel: 'warn',
  server: { proxy: { '/api': 'http://127.0.0.1:7733' } },
  build: {
    outDir: here('../dist/page'),
    emptyOutDir: true,
    // Browsers with light-dark() and nested rules.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // The policy of the server forbids data: addresses except for pictures.
    assetsInlineLimit: 0,
    // Vega is loaded when a figure is looked at, and is that large.
    chunkSizeWarningLimit: 1200,
    license: { fileName: 'licences.txt' },
    // How long plugins took on a busy machine is nobody's matter.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});
