// Where the reader is: the route of the address, as a signal.
import { effect, signal } from '@preact/signals';
import { parseRoute, type Route } from './routes.js';

/** The route that the address has. */
export const route = signal<Route>(parseRoute(location.hash));

window.addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Changes the address without another entry in the history and without leaving the page. */
export function replaceHash(hash: string): void {
  if (location.hash !== hash) history.replaceState(null, '', hash);
}

/** Title of the browser's tab. */
export const title = signal('Selffer');

effect(() => {
  document.title = title.value;
});
