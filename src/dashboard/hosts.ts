// Names and addresses that a server is reached by.
import { hostname, networkInterfaces } from 'node:os';

const loopback = ['localhost', '127.0.0.1', '[::1]'] as const;
const everywhere: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

/** Whether only this machine can reach a server that listens at `host`. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
}

/** What a request may call a server that listens at `host`, in lower case. A page of another site
 *  whose name is made to point here calls it by that name. */
export function addressesOf(host: string): ReadonlySet<string> {
  const own = everywhere.has(host)
    ? [hostname(), ...machineAddresses().map(urlHost)]
    : [urlHost(host)];
  return new Set([...loopback, ...own].map((each) => each.toLowerCase()));
}

/** A host as addresses of pages have it. */
export function urlHost(host: string): string {
  if (everywhere.has(host)) return hostname();
  return host.includes(':') ? `[${host}]` : host;
}

function machineAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((each = []) =>
    each.map(({ address }) => address.split('%')[0] ?? address),
  );
}
