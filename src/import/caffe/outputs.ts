// Which of a test's outputs is the accuracy, and which the loss: authors name them as they like.

/** What an output's name says. `top`: k of a top-k accuracy, null if it is not said. `head`: what
 *  stands before the last slash. */
export type OutputRole =
  | { readonly kind: 'accuracy'; readonly top: number | null; readonly head: string }
  | { readonly kind: 'loss'; readonly head: string }
  | { readonly kind: 'other' };

/** Reads a name, its last part first: loss3/top-5 is a top-5 accuracy of the head loss3. */
export function roleOf(name: string): OutputRole {
  const parts = name.split('/');
  const head = parts.slice(0, -1).join('/');
  for (const text of [parts.at(-1) ?? '', name]) {
    if (/loss/i.test(text)) return { kind: 'loss', head };
    if (/err/i.test(text)) return { kind: 'other' };
    if (!/acc|top|prec/i.test(text)) continue;
    const digits = /(?:top|acc(?:uracy)?|prec(?:ision)?|@)[-_@]?(?:top[-_@]?)?(\d+)/i.exec(text);
    return { kind: 'accuracy', top: digits ? Number(digits[1]) : null, head };
  }
  return { kind: 'other' };
}

/** The outputs that were chosen. */
export interface ChosenOutputs {
  readonly accuracy: string | null;
  readonly loss: string | null;
  /** Outputs that could be taken for the accuracy too. */
  readonly others: readonly string[];
}

/** Chooses among the outputs of a network's tests, in the order in which they are logged. Accuracy:
 *  the one that is `asked` for; else of those that are not top-5 or the like the one called
 *  accuracy, else the last of several heads (the deepest), else the first; if no name speaks of an
 *  accuracy, the only output that is no loss. Loss: the accuracy's own. */
export function chooseOutputs(names: readonly string[], asked: string | null): ChosenOutputs {
  const roles = new Map(names.map((name) => [name, roleOf(name)]));
  const isLoss = (name: string): boolean => roles.get(name)?.kind === 'loss';
  const named = names.filter((name) => roles.get(name)?.kind === 'accuracy');
  const rest = names.filter((name) => !isLoss(name));
  const accuracy =
    asked ?? (named.length > 0 ? best(named, roles) : rest.length === 1 ? rest[0] : null);
  const chosen =
    accuracy !== undefined && accuracy !== null && names.includes(accuracy) ? accuracy : null;
  const candidates = named.length > 0 ? named : rest;
  return {
    accuracy: chosen,
    loss: chosen === null ? null : lossOf(chosen, names.filter(isLoss)),
    others: candidates.filter((name) => name !== chosen),
  };
}

function best(names: readonly string[], roles: ReadonlyMap<string, OutputRole>): string | null {
  const facts = (name: string) => {
    const role = roles.get(name);
    return role?.kind === 'accuracy' ? role : { top: null, head: '' };
  };
  const top1 = names.filter((name) => [null, 1].includes(facts(name).top));
  const plain = top1.find((name) => /^(accuracy|acc|top-?_?1)$/i.test(name));
  const heads = new Set(top1.map((name) => facts(name).head));
  return plain ?? (heads.size > 1 ? top1.at(-1) : top1[0]) ?? null;
}

/** The loss of the same head, else the one of the same name but for the word, else the first. */
function lossOf(accuracy: string, losses: readonly string[]): string | null {
  const head = accuracy.slice(0, accuracy.lastIndexOf('/') + 1);
  const twin = accuracy.replace(/acc(uracy)?/i, 'loss');
  return (
    (head === '' ? undefined : losses.find((name) => name.startsWith(head))) ??
    losses.find((name) => name === twin) ??
    losses[0] ??
    null
  );
}
