// What the server and its threads send each other.

/** What a thread can be asked, by name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each names its own
export type Questions = Readonly<Record<string, (about: any) => unknown>>;

/** A question. */
export interface ToThread {
  readonly id: number;
  readonly question: string;
  readonly about: unknown;
}

/** An answer to the question `id`, why there is none, or news. */
export type FromThread =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string; readonly hint: string | null }
  | { readonly news: unknown };
