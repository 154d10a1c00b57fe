// Who may ask: browsers that show our own page, under a name that we serve, and where others can
// reach the server, with its token. Pages of other sites, whatever name they have made point to
// this machine, are refused.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.js';

/** What is asked of every request. */
export interface Access {
  /** Names and addresses that we are called by, in lower case and without a port. */
  readonly hosts: ReadonlySet<string>;
  /** Null where only this machine can ask, and everybody on it may. */
  readonly token: string | null;
  /** Cookies know no ports: servers of one machine need names of their own. */
  readonly cookie: string;
}

/** A request as far as access depends on it. */
export interface Asking {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly isApi: boolean;
  /** Of the query. */
  readonly token: string | null;
}

const hostPattern = /^(\[[0-9a-f:.]+\]|[^[\]:/@?#\s]+)(:\d{1,5})?$/i;

/** Lets a request pass. @throws Refusal saying what is wrong */
export function admit(asking: Asking, access: Access): void {
  const { headers, isApi } = asking;
  const host = headers.host ?? '';
  const name = hostPattern.exec(host)?.[1]?.toLowerCase();
  if (name === undefined || !access.hosts.has(name)) {
    const names = [...access.hosts].join(', ');
    throw new Refusal(
      403,
      `this server is not known as ${JSON.stringify(host.slice(0, 100))}, but as ${names}`,
      'Start it with --host and the name that you use.',
    );
  }
  if (isApi) refuseOtherSites(headers, host);
  if (asking.method === 'POST') refuseForms(headers);
  if (access.token !== null && !hasToken(asking, access, access.token)) {
    throw new Refusal(
      401,
      'this server wants the token that it printed when it started',
      'Open the whole address that `selffer serve` printed, with ?token=...',
    );
  }
}

// What browsers say of where a request comes from. Programs say nothing, and pass.
function refuseOtherSites(headers: IncomingHttpHeaders, host: string): void {
  const site = headers['sec-fetch-site'];
  const isOurs = site === undefined || site === 'same-origin' || site === 'none';
  const { origin } = headers;
  if (isOurs && (origin === undefined || hostOf(origin) === host.toLowerCase())) return;
  throw new Refusal(403, 'only the page of this server itself may ask');
}

// A page of another site can send forms, but no such header without asking first.
function refuseForms(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (headers['x-selffer'] !== '1') {
    throw new Refusal(403, 'found no header X-Selffer, wanted X-Selffer: 1');
  }
  if (type !== 'application/json') {
    throw new Refusal(415, `found ${type ?? 'no type'} in the request, wanted application/json`);
  }
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

function hasToken({ headers, token }: Asking, { cookie }: Access, wanted: string): boolean {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const kept = (headers.cookie ?? '')
    .split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(`${cookie}=`))
    ?.slice(cookie.length + 1);
  return [token, bearer, kept].some((given) => given != null && isEqual(given, wanted));
}

// Takes as long whatever the two have in common.
function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
