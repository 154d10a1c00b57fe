// One study in the server: the thread that reads its folder, the run if there is one, and all who
// listen.
import type { CurvesAnswer, NetworkAnswer, RunState, StudyEvents, StudyState } from './api.js';
import type { EventStream } from './event-stream.js';
import { Refusal } from './refusal.js';
import type { RunControl } from './run-control.js';
import type {
  CurvesQuery,
  FiguresSource,
  Holder,
  LookNews,
  StudyLook,
  StudyQuestions,
} from './study-look.js';
import type { StudyPlace } from './study-thread.js';
import { ThreadClient } from './thread-client.js';

// Threads run compiled files, also when the caller's are TypeScript (tests).
const SCRIPT = new URL('../../dist/dashboard/study-thread.js', import.meta.url);

/** Figures are made anew no more often than that. */
const FIGURES_EVERY_MS = 2000;

/** See above. */
export class StudySession {
  readonly id: string;
  readonly directory: string;
  readonly control: RunControl;
  /** Of the study, as far as it is known. */
  name: string;
  readonly #thread: ThreadClient<StudyQuestions>;
  readonly #streams = new Set<EventStream>();
  #holder: Holder | null = null;
  #problems: readonly string[] = [];
  #threadProblem: string | null = null;
  #figures = { revision: 0, toldAt: -Infinity, timer: null as NodeJS.Timeout | null };

  constructor(
    { id, directory, name }: StudyPlace & { readonly name: string },
    control: RunControl,
  ) {
    this.id = id;
    this.directory = directory;
    this.control = control;
    this.name = name;
    control.onChange = () => this.#tellOfRun();
    this.#thread = new ThreadClient<StudyQuestions>({
      script: SCRIPT,
      data: { id, directory } satisfies StudyPlace,
      onNews: (news) => this.#pass(news as LookNews),
      onEnd: (reason) => this.#lostThread(reason),
    });
  }

  /** All of the study. */
  async state(): Promise<StudyState> {
    const { study, holder } = await this.#thread.ask('study', null);
    this.#holder = holder;
    this.#problems = study.problems;
    this.#threadProblem = null;
    return this.#whole(study);
  }

  /** Tells a stream everything, and from then on what changes. */
  async join(stream: EventStream): Promise<void> {
    const state = await this.state();
    stream.send('study', JSON.stringify(state));
    this.#streams.add(stream);
    if (this.#streams.size === 1) await this.#thread.ask('listen', true);
  }

  /** The folder is not looked at while nobody listens. */
  leave(stream: EventStream): void {
    if (!this.#streams.delete(stream) || this.#streams.size > 0) return;
    this.#thread.ask('listen', false).catch(() => {});
  }

  curves(query: CurvesQuery): Promise<CurvesAnswer> {
    return this.#thread.ask('curves', query);
  }

  /** @throws Refusal if there is no such network */
  async network(name: string): Promise<NetworkAnswer> {
    const found = await this.#thread.ask('network', name);
    if (found === null) throw new Refusal(404, 'the study has no network of this name');
    const said = this.control.logOf(name);
    return said.length === 0 ? found : { ...found, log: said.slice(-50) };
  }

  filters(name: string): Promise<Uint8Array | null> {
    return this.#thread.ask('filters', name);
  }

  /** What figures are made of. */
  results(): Promise<FiguresSource> {
    return this.#thread.ask('results', null);
  }

  /** Trains what is missing. @throws Refusal if it cannot be started */
  async start(): Promise<void> {
    const { run } = await this.state();
    if (run.state === 'elsewhere') {
      throw new Refusal(409, `the study is being run by ${run.holder ?? 'another process'}`);
    }
    this.control.start();
  }

  async close(): Promise<void> {
    if (this.#figures.timer !== null) clearTimeout(this.#figures.timer);
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
    await this.#thread.close();
  }

  #whole(study: StudyLook): StudyState {
    if (study.name !== '') this.name = study.name;
    return { ...study, name: this.name, run: this.#run(), problems: this.#allProblems() };
  }

  #run(): RunState {
    const { state, startedAt } = this.control;
    const holder = this.#holder;
    const live = holder?.live ?? null;
    return {
      state: state === 'idle' && holder !== null ? 'elsewhere' : state,
      holder: holder === null ? null : `process ${holder.pid} on ${holder.host}`,
      secondsLeft: live?.secondsLeft ?? null,
      imagesPerSecond: live?.imagesPerSecond ?? null,
      residentBytes: live?.residentBytes ?? null,
      startedAt: live?.startedAt ?? startedAt ?? holder?.since ?? null,
    };
  }

  #allProblems(): readonly string[] {
    const { problem } = this.control;
    return [problem, this.#threadProblem, ...this.#problems].filter((each) => each !== null);
  }

  #pass(news: LookNews): void {
    const { study, networks, holder, problems, figuresRevision } = news;
    if (holder !== undefined) this.#holder = holder.is;
    if (problems !== undefined) this.#problems = problems;
    if (study !== undefined) this.#tell('study', this.#whole(study));
    else if (networks !== undefined) this.#tell('networks', networks);
    if (holder !== undefined) this.#tell('run', this.#run());
    if (problems !== undefined) this.#tell('problems', this.#allProblems());
    if (figuresRevision !== undefined) this.#tellOfFigures(figuresRevision);
  }

  #tellOfRun(): void {
    this.#tell('run', this.#run());
    this.#tell('problems', this.#allProblems());
  }

  #tellOfFigures(revision: number): void {
    const figures = this.#figures;
    figures.revision = revision;
    if (figures.timer !== null) return;
    const pause = figures.toldAt + FIGURES_EVERY_MS - performance.now();
    figures.timer = setTimeout(
      () => {
        figures.timer = null;
        figures.toldAt = performance.now();
        this.#tell('figures', { revision: figures.revision });
      },
      Math.max(0, pause),
    ).unref();
  }

  // It is started anew by the next question; whoever listens goes on listening.
  #lostThread(reason: string): void {
    this.#threadProblem = `the study's folder cannot be read: ${reason}`;
    if (this.#streams.size === 0) return;
    this.#tell('problems', this.#allProblems());
    setTimeout(() => {
      if (this.#streams.size > 0) this.#thread.ask('listen', true).catch(() => {});
    }, FIGURES_EVERY_MS).unref();
  }

  #tell<Name extends keyof StudyEvents>(event: Name, what: StudyEvents[Name]): void {
    if (this.#streams.size === 0) return;
    const json = JSON.stringify(what);
    for (const stream of this.#streams) stream.send(event, json);
  }
}
