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
  const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  return (
    <>
      <ol class="layers">
        {layers.map((layer) => (
          <li
            key={layer.n}
            class={`layer from-${layer.origin} ${layer.frozen ? 'frozen' : 'learning'} of-${target}`}
          >
            <span class="box" aria-hidden="true">
              {layer.origin === 'new' ? '' : layer.origin}
              {layer.frozen && <Padlock />}
            </span>
            <span class="layer-name">
              {layer.n} {layer.name === String(layer.n) ? '' : layer.name}
            </span>
            <span class="muted">
              {originWords(layer)}, {layer.frozen ? 'frozen' : 'learns'}, {whole(layer.parameters)}{' '}
              parameters
            </span>
          </li>
        ))}
      </ol>
      <p class="muted">
        {counted(layers.length, 'segment')}, {whole(total)} parameters. Full boxes are copied, with
        the letter of the task of their base; a padlock is frozen; empty boxes are fresh.
      </p>
    </>
  );
}

function originWords({ origin, frozen }: Layer): string {
  if (origin !== 'new') return `copied from base ${origin}`;
  return frozen ? 'random' : 'fresh';
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
