// The report's last section: where the numbers come from.
import type { Results } from '../study/results/types.js';
import { type Html, markup, table } from './html.js';
import type { ExecutorUse } from './warnings.js';
import { type Deed, depthWords } from './what-was-done.js';

/** Where the numbers come from. */
export interface Provenance {
  /** What was done, for the head of the page. */
  readonly done?: readonly Deed[];
  /** Text of study.yaml as run. */
  readonly studyYaml: string;
  readonly selfferVersion: string;
  /** Content hash of the data, or null if it is not known (imported logs). */
  readonly dataHash: string | null;
  readonly executors: readonly ExecutorUse[];
  /** Further warnings, e.g. of the freeze audit. */
  readonly warnings?: readonly string[];
  /** For an imported study: the folder it is from, and how its names and numbers are to be read. */
  readonly imported?: { readonly from: string; readonly notes: readonly string[] };
}

/** The head of the page: network, data, training and so on, a line each; null if nothing is
 *  known. */
export function doneSection({ done = [] }: Provenance): Html | null {
  if (done.length === 0) return null;
  return markup`<dl class="done">
    ${done.map(
      ([what, words]) =>
        markup`<dt>${what}</dt>
          <dd>${words}</dd>`,
    )}
  </dl>`;
}

/** Versions, data, executors, import and the study file. */
export function provenanceSection(results: Results, provenance: Provenance): Html {
  const { executors, selfferVersion, dataHash, studyYaml, imported } = provenance;
  const rows = executors.map(({ name, version, instructionSet, threads, host, networks }) => [
    name,
    version,
    instructionSet,
    threads,
    host,
    networks,
  ]);
  const header = ['executor', 'version', 'instruction set', 'threads', 'host', 'networks'];
  return markup`<h2>Where the numbers come from</h2>
    <p>
      Selffer ${selfferVersion}, ${depthWords(results.study)}, data
      ${dataHash === null ? 'not known' : markup`<code>${dataHash}</code>`}.
    </p>
    ${executors.length > 0 && table(header, rows, [3, 5])}
    ${imported ? importedSection(imported) : null}
    ${
      studyYaml !== '' &&
      markup`<details>
        <summary>study.yaml</summary>
        <pre>${studyYaml}</pre>
      </details>`
    }
    <p class="muted">
      Method: Yosinski, Clune, Bengio &amp; Lipson 2014, “How transferable are features in deep
      neural networks?”. Intervals are t intervals over independent values: repeats averaged, from four splits on also
      the targets of a split.
    </p>`;
}

function importedSection({ from, notes }: NonNullable<Provenance['imported']>): Html {
  return markup`<p>Imported from training logs in <code>${from}</code>.</p>
    <ul>
      ${notes.map((note) => markup`<li>${note}</li>`)}
    </ul>`;
}
