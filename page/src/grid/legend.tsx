// What the colours and shapes of the plan mean.
import type { StudyStore } from '../state/study-store.js';
import { formatPoints } from '../../../src/figures/format.js';
import { stateNames, stateWords } from '../words/network-words.js';
import { sides } from './bins.js';

/** States as they look, and the scale of differences with its numbers. */
export function Legend({ store }: { readonly store: StudyStore }) {
  const step = store.stepPt.value;
  const bins = Array.from({ length: 2 * sides + 1 }, (_, i) => i - sides);
  const limit = formatPoints(step * sides, false);
  return (
    <div class="legend">
      <ul class="states" aria-label="States">
        {stateNames.map((name) => (
          <li key={name} title={stateWords[name].meaning}>
            <span class={`cell sample ${name}`} aria-hidden="true">
              {name === 'done' || name === 'running' ? '61.2' : stateWords[name].short}
            </span>{' '}
            {name}
          </li>
        ))}
      </ul>
      <div class="scale" role="img" aria-label={scaleWords(limit)}>
        <span>{`\u2212${limit} Pt or less`}</span>
        {bins.map((bin) => (
          <span key={bin} class={`swatch done bin${bin}`} />
        ))}
        <span>{`+${limit} or more, from its base`}</span>
      </div>
    </div>
  );
}

const scaleWords = (limit: string): string =>
  `Colours of networks that are done: orange for up to ${limit} points and more below the base of ` +
  'their split and target, grey for the same, blue for as much above.';
