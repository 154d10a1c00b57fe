// The page of one network: how it stands, its layers, its curve, where it comes from, how it can be
// trained again.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { NetworkAnswer, NetworkState } from '../../../src/dashboard/api.js';
import { askNetwork, filtersUrl, type Trouble } from '../state/api-client.js';
import { title } from '../state/location.js';
import { networkHash, studyHash } from '../state/routes.js';
import type { StudyStore } from '../state/study-store.js';
import { useStudy } from '../state/use-study.js';
import { ConnectionNotice } from '../parts/connection.js';
import { OwnCurve } from '../parts/own-curve.js';
import { LayerRow } from '../parts/layer-row.js';
import { Tests } from '../parts/tests-table.js';
import { TroubleNotice } from '../parts/notices.js';
import { ownName, progressOf, standing, stateWords } from '../words/network-words.js';
import { counted } from '../words/numbers.js';

/** Least time between two questions while it is trained, ms. */
const pauseMs = 2000;

/** The view. */
export function NetworkView({ id, name }: { readonly id: string; readonly name: string }) {
  const store = useStudy(id);
  const answer = useSignal<NetworkAnswer | null>(null);
  const trouble = useSignal<Trouble | null>(null);
  const live = store.plan.value === null ? undefined : store.network(name)?.value;
  const stamp = JSON.stringify([live?.state, live?.accuracy, live?.matchedPt]);
  useEffect(() => {
    let isCurrent = true;
    const timer = window.setTimeout(
      () => {
        void askNetwork(id, name).then((asked) => {
          if (!isCurrent) return;
          trouble.value = 'trouble' in asked ? asked.trouble : null;
          if ('value' in asked) answer.value = asked.value;
        });
      },
      answer.peek() === null ? 0 : pauseMs,
    );
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [id, name, stamp]);
  useEffect(() => {
    title.value = `${name} \u2013 Selffer`;
  }, [name]);
  const state = live ?? answer.value?.state;
  return (
    <article class="network">
      <p class="trail">
        <a href={studyHash(id)}>{store.plan.value?.name ?? id}</a>
      </p>
      <h1>{state === undefined ? name : ownName(state)}</h1>
      <p class="muted path">{name}</p>
      <ConnectionNotice store={store} />
      <TroubleNotice trouble={trouble.value} />
      {state !== undefined && <Standing store={store} state={state} />}
      {live !== undefined && (
        <section>
          <h2>Learning curve</h2>
          <OwnCurve store={store} state={live} />
        </section>
      )}
      {answer.value === null ? (
        trouble.value === null && <p class="muted">Loading{'\u2026'}</p>
      ) : (
        <Parts id={id} name={name} answer={answer.value} />
      )}
    </article>
  );
}

function Standing({ store, state }: { readonly store: StudyStore; readonly state: NetworkState }) {
  const { advice } = stateWords[state.state];
  const facts = store.plan.value?.treatments.find(({ name }) => name === state.treatment);
  return (
    <section aria-label="How it stands">
      <p class="standing">
        <span class={`state ${state.state}`}>{state.state}</span>
        {standing(state).slice(state.state.length)}
      </p>
      {advice !== null && <p>{advice}</p>}
      {state.state === 'running' && (
        <progress max={1} value={progressOf(state)} aria-label={`Progress of ${ownName(state)}`} />
      )}
      {facts && <p class="muted">{facts.description}</p>}
    </section>
  );
}

interface PartsProps {
  readonly id: string;
  readonly name: string;
  readonly answer: NetworkAnswer;
}

function Parts({ id, name, answer }: PartsProps) {
  const { layers, copiedFrom, copiedBy, failure } = answer;
  return (
    <>
      {failure !== null && (
        <section>
          <h2>Why it failed</h2>
          <pre>{failure}</pre>
        </section>
      )}
      <section>
        <h2>Layers</h2>
        <LayerRow layers={layers} target={answer.state.target} />
        <Copies id={id} copiedFrom={copiedFrom} copiedBy={copiedBy} />
        <Audit audit={answer.freezeAudit} />
      </section>
      <Particulars id={id} name={name} answer={answer} />
    </>
  );
}

function Particulars({ id, name, answer }: PartsProps) {
  const { tests, facts, log, reproduce, filters } = answer;
  return (
    <>
      {tests.length > 0 && (
        <section>
          <h2>Tests</h2>
          <Tests tests={tests} />
        </section>
      )}
      {filters && (
        <section>
          <h2>Filters of layer 1</h2>
          <img class="filters" src={filtersUrl(id, name)} alt="Filters of its first layer" />
        </section>
      )}
      {facts.length > 0 && (
        <section>
          <h2>How it was trained</h2>
          <dl class="facts">
            {facts.map((fact) => (
              <div key={fact.name}>
                <dt>{fact.name}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {reproduce.length > 0 && (
        <section>
          <h2>How to reproduce it</h2>
          <pre>{reproduce.join('\n')}</pre>
        </section>
      )}
      {log.length > 0 && (
        <section>
          <h2>Log</h2>
          <pre class="log">{log.join('\n')}</pre>
        </section>
      )}
    </>
  );
}

function Copies({
  id,
  copiedFrom,
  copiedBy,
}: {
  readonly id: string;
  readonly copiedFrom: string | null;
  readonly copiedBy: readonly string[];
}) {
  return (
    <>
      {copiedFrom !== null && (
        <p>
          Copied from <a href={networkHash(id, copiedFrom)}>{copiedFrom}</a>.
        </p>
      )}
      {copiedBy.length > 0 && (
        <details>
          <summary>Copied by {counted(copiedBy.length, 'network')}</summary>
          <ul class="names">
            {copiedBy.map((other) => (
              <li key={other}>
                <a href={networkHash(id, other)}>{other}</a>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Audit({ audit }: { readonly audit: NetworkAnswer['freezeAudit'] }) {
  if (audit === null || audit.tensors === 0) return null;
  const frozen = counted(audit.tensors, 'frozen tensor');
  return audit.changed === 0 ? (
    <p class="good">Freeze audit: {frozen}, every bit as before training.</p>
  ) : (
    <p class="notice bad">
      Freeze audit: {frozen}, {audit.changed} changed while they should not have. Do not trust this
      network; please report it.
    </p>
  );
}
