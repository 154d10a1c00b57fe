// Where the reader is: the route of the address, as a signal.
import { effect, signal } from '@preact/signals';
import { parseRoute, type Route } from './routes.js';

// The token of a server that others can reach has become a cookie: it must not be copied along with
// an address, or be seen over a shoulder.
if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash);

/** The route that the address has. */
export const route = signal<Route>(parseRoute(location.hash));

window.addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Changes the address without another entry in the history and without leaving the page. */
export function replaceHash(hash: string): void {
  if (location.hash !== hash) history.replaceState(null, '', location.pathname + hash);
}

/** Title of the browser's tab. */
export const title = signal('Selffer');

effect(() => {
  document.title = title.value;
});
