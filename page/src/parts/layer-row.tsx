// The layers of a network as Figure 1 draws them: a box a segment, with where it comes from and
// whether it is frozen.
import type { NetworkAnswer } from '../../../src/dashboard/api.js';
import { counted, whole } from '../words/numbers.js';

type Layer = NetworkAnswer['layers'][number];

/** The boxes, lowest layer first. */
export function LayerRow({
  layers,
  target,
}: {
  readonly layers: readonly Layer[];
  readonly target: string;
}) {
  const total = layers.reduce((sum, { parameters }) => sum + (parameters ?? 0), 0);
  const isCounted = layers.every(({ parameters }) => parameters !== null);
  return (
    <>
      <ol class="layers">
        {layers.map((layer) => (
          <LayerBox key={layer.n} layer={layer} target={target} />
        ))}
      </ol>
      <p class="muted">
        {counted(layers.length, 'segment')}
        {isCounted && `, ${whole(total)} parameters`}. A letter: copied from the base of that task;
        R: random; empty: fresh; a padlock: frozen, all others learn.
      </p>
    </>
  );
}

/** What a layer holds when training begins, if not what it was copied. */
const origins: Readonly<Record<string, { readonly letter: string; readonly words: string }>> = {
  new: { letter: '', words: 'fresh' },
  random: { letter: 'R', words: 'random' },
  trained: { letter: '', words: 'trained already' },
};

function LayerBox({ layer, target }: { readonly layer: Layer; readonly target: string }) {
  const { n, name, origin, frozen, parameters } = layer;
  const { letter, words } = origins[origin] ?? {
    letter: origin,
    words: `copied from base ${origin}`,
  };
  const isCopied = origins[origin] === undefined;
  const task = `task-${isCopied ? origin : target}`;
  return (
    <li class={`layer ${isCopied ? 'copied' : origin} ${task}`}>
      <span class="box" aria-hidden="true">
        {letter}
        {frozen && <Padlock />}
      </span>
      <span class="layer-name">
        {n} {name === String(n) ? '' : name}
      </span>
      <span class="muted">
        {words}, {frozen ? 'frozen' : 'learns'}
        {parameters !== null && `, ${whole(parameters)} parameters`}
      </span>
    </li>
  );
}

function Padlock() {
  return (
    <svg viewBox="-1 -1.1 2 2.2" width="14" height="16" aria-hidden="true">
      <path
        fill="currentColor"
        d="M-.75-.1H.75V1H-.75Z M-.55-.1V-.45A.55.55 0 0 1 .55-.45V-.1H.3V-.45A.3.3 0 0 0-.3-.45V-.1Z"
      />
    </svg>
  );
}
