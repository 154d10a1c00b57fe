// What the address says after its #: which study, which part of it, which networks.

/** The parts of a study's page. */
export const tabs = ['plan', 'list', 'curves', 'figures', 'filters'] as const;

/** A part of a study's page. */
export type Tab = (typeof tabs)[number];

/** What the page shows. */
export type Route =
  | { readonly page: 'home' }
  | {
      readonly page: 'study';
      readonly id: string;
      readonly tab: Tab;
      /** Networks that are compared. */
      readonly networks: readonly string[];
    }
  | { readonly page: 'network'; readonly id: string; readonly name: string }
  | { readonly page: 'compare'; readonly ids: readonly [string, string] }
  | { readonly page: 'unknown'; readonly hash: string };

/** The route of an address such as "#/study/demo/network/split0%2FA3B". */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const parts = path.split('/').filter((part) => part !== '');
  const [page, id, part, name] = parts.map(decoded);
  if (page === undefined) return { page: 'home' };
  if (page === 'compare' && id !== undefined && part !== undefined)
    return { page: 'compare', ids: [id, part] };
  if (page !== 'study' || id === undefined) return { page: 'unknown', hash };
  if (part === 'network' && name !== undefined) return { page: 'network', id, name };
  const tab = tabs.find((each) => each === (part ?? 'plan'));
  if (tab === undefined) return { page: 'unknown', hash };
  const networks = new URLSearchParams(query).getAll('network');
  return { page: 'study', id, tab, networks };
}

// An address that somebody typed may hold what is not UTF-8.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Address of a part of a study. */
export function studyHash(id: string, tab: Tab = 'plan', networks: readonly string[] = []): string {
  const path = `#/study/${encodeURIComponent(id)}${tab === 'plan' ? '' : `/${tab}`}`;
  if (networks.length === 0) return path;
  return `${path}?${new URLSearchParams(networks.map((name) => ['network', name])).toString()}`;
}

/** Address of a network's page. */
export function networkHash(id: string, name: string): string {
  return `#/study/${encodeURIComponent(id)}/network/${encodeURIComponent(name)}`;
}

/** Address of two studies side by side. */
export function compareHash(first: string, second: string): string {
  return `#/compare/${encodeURIComponent(first)}/${encodeURIComponent(second)}`;
}
