// The live page of some studies: opened, and closed again with everything that it has started.
import { packageFile } from '../base/package-files.js';
import { SelfferError } from '../base/errors.js';
import { Assets } from './assets.js';
import { ChildRun } from './child-run.js';
import { FiguresMaker } from './figures-maker.js';
import type { FoundStudy } from './find-studies.js';
import type { RunControl } from './run-control.js';
import { openServer, type OpenServer, type ServerOptions } from './server.js';
import { StudySession } from './study-session.js';

/** Where the page is looked for first, and how many places after that are tried. */
const USUAL_PORT = 7733;
const TRIED = 20;

/** How the page is served. */
export interface DashboardOptions {
  readonly studies: readonly FoundStudy[];
  /** Default localhost. */
  readonly host?: string;
  /** Default 7733, or the next one that is free. */
  readonly port?: number;
  /** Whether studies are only shown, never started or stopped. */
  readonly isReadOnly?: boolean;
  /** Whether a token is wanted even where only this machine can ask. */
  readonly wantsToken?: boolean;
  /** The run that the server is part of, of its only study. */
  readonly run?: RunControl;
  /** Hears of mistakes of ours. */
  readonly onError?: (error: unknown) => void;
  /** Folder of the built page, for tests. */
  readonly page?: string;
}

/** An open page. */
export interface Dashboard {
  /** What a browser is to open: with the token, if there is one. */
  readonly url: string;
  /** Studies that this server runs now. */
  readonly running: () => number;
  /** Ends everything; runs that it has started save first. @returns how many these were */
  close(): Promise<number>;
  /** Ends the runs that it has started at once. */
  kill(): void;
}

/** Opens the page. @throws SelfferError if it cannot listen */
export async function openDashboard(options: DashboardOptions): Promise<Dashboard> {
  const children: ChildRun[] = [];
  const controlOf = ({ directory }: FoundStudy): RunControl => {
    if (options.run !== undefined) return options.run;
    const child = new ChildRun(directory);
    children.push(child);
    return child;
  };
  const studies = new Map(
    options.studies.map((study) => [study.id, new StudySession(study, controlOf(study))]),
  );
  const figures = new FiguresMaker();
  const canControl = options.isReadOnly !== true;
  const served = { studies, figures, canControl, streams: new Set<never>() };
  const server = await openSomewhere(
    {
      served,
      assets: new Assets(options.page ?? packageFile('dist/page')),
      host: options.host ?? 'localhost',
      wantsToken: options.wantsToken ?? false,
      onError: options.onError ?? (() => {}),
    },
    options.port,
  );
  return {
    url: server.url,
    running: () => children.filter(({ state }) => state !== 'idle').length,
    kill: () => children.forEach((child) => child.kill()),
    close: async () => {
      const asked = await Promise.all(children.map((child) => child.close()));
      await Promise.all([...studies.values()].map((study) => study.close()));
      await figures.close();
      await server.close();
      return asked.filter(Boolean).length;
    },
  };
}

async function openSomewhere(
  options: Omit<ServerOptions, 'port'>,
  port: number | undefined,
): Promise<OpenServer> {
  if (port !== undefined) return openServer({ ...options, port });
  for (let at = 0; ; at++) {
    try {
      return await openServer({ ...options, port: USUAL_PORT + at });
    } catch (error) {
      const cause = error instanceof SelfferError ? error.cause : null;
      const isTaken = (cause as NodeJS.ErrnoException | null)?.code === 'EADDRINUSE';
      if (!isTaken || at === TRIED) throw error;
    }
  }
}
