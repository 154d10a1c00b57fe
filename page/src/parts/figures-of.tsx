// Figures and answers of a study, or of two laid over each other, kept current while they fill in.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { FiguresAnswer } from '../../../src/dashboard/api.js';
import { askFigures, type Trouble } from '../state/api-client.js';
import { room, theme } from '../state/appearance.js';
import type { StudyStore } from '../state/study-store.js';
import { lazily } from './lazily.js';
import { Empty, TroubleNotice } from './notices.js';

const FigureList = lazily(async () => (await import('../figures/figure-list.js')).FigureList);

/** Least time between two questions, ms. */
const pauseMs = 2000;

/** @param against another study, laid over the figures of the first */
export function FiguresOf({
  store,
  against = null,
}: {
  readonly store: StudyStore;
  readonly against?: StudyStore | null;
}) {
  const heard = useSignal<FiguresAnswer | null>(null);
  const trouble = useSignal<Trouble | null>(null);
  const revision = `${store.figuresRevision.value} ${against?.figuresRevision.value ?? ''}`;
  const look = { theme: theme.value, room: room.value };
  const last = useRef({ look: '', at: 0 });
  useEffect(() => {
    let isCurrent = true;
    const isNew = last.current.look !== JSON.stringify(look);
    const wait = isNew ? 0 : Math.max(0, last.current.at + pauseMs - Date.now());
    const timer = window.setTimeout(() => {
      last.current = { look: JSON.stringify(look), at: Date.now() };
      void askFigures(store.id, look, against?.id ?? null).then((asked) => {
        if (!isCurrent) return;
        trouble.value = 'trouble' in asked ? asked.trouble : null;
        if ('value' in asked) heard.value = asked.value;
      });
    }, wait);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [revision, look.theme, look.room]);
  const figures = heard.value?.figures ?? [];
  return (
    <>
      <TroubleNotice trouble={trouble.value} />
      {heard.value === null && trouble.value === null && <p class="muted">Loading{'\u2026'}</p>}
      {heard.value !== null && <Answers answers={heard.value.answers} />}
      {heard.value !== null && figures.length === 0 && (
        <Empty>There is nothing to draw yet. Figures appear when networks have ended.</Empty>
      )}
      {figures.length > 0 && <FigureList figures={figures} />}
    </>
  );
}

function Answers({ answers }: { readonly answers: FiguresAnswer['answers'] }) {
  const findings = answers.filter(({ verdict }) => verdict !== '');
  const own = answers.filter(({ verdict }) => verdict === '');
  return (
    <>
      <AnswerList answers={own} />
      {findings.length > 0 && (
        <details class="findings">
          <summary>
            The paper{'\u2019'}s findings, one by one ({findings.length})
          </summary>
          <AnswerList answers={findings} />
        </details>
      )}
    </>
  );
}

function AnswerList({ answers }: { readonly answers: FiguresAnswer['answers'] }) {
  if (answers.length === 0) return null;
  return (
    <dl class="answers">
      {answers.map(({ question, verdict, text }) => (
        <div key={question}>
          <dt>{question}</dt>
          <dd>
            {verdict !== '' && (
              <strong class={`verdict ${verdict.replaceAll(' ', '-')}`}>{verdict}: </strong>
            )}
            {text}
          </dd>
        </div>
      ))}
    </dl>
  );
}
