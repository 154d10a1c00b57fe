// `bases:` of a study: bases that are read from files instead of trained.
import { type FileIssue, ParseError, SelfferError } from '../../base/errors.js';
import type { Network } from '../../net/network.js';
import { type PretrainedBase, readPretrained } from '../pretrained/pretrained-base.js';
import type { BaseFile } from '../pretrained/read-base-file.js';
import type { PretrainedBases, TaskChoice } from '../study.js';
import type { Report } from './located.js';
import type { BaseText, StudyText } from './study-source.js';

const letters = ['A', 'B'] as const;

/** The bases that a study reads; undefined if it trains all. What is wrong with a file goes to
 *  `issues`. */
export function resolveBases(
  text: StudyText,
  network: Network | null,
  tasks: readonly TaskChoice[],
  report: Report,
  issues: FileIssue[],
): PretrainedBases | undefined {
  const { bases: written } = text;
  if (written === undefined) return undefined;
  const given = letters.filter((letter) => written[letter] !== undefined);
  if (tasks.some(({ kind }) => kind === 'whole')) {
    report('/bases', 'bases: the whole data set is one task, nothing is copied to it');
  }
  if (given.length === letters.length) {
    report('/bases', `bases: found both, wanted one: ${WHY}, so one task must be left to train on`);
  }
  for (const letter of given) {
    const at = text.targets?.indexOf(letter) ?? -1;
    if (at >= 0) {
      report(
        `/targets/${at}`,
        `targets: found ${letter}, whose base is read from a file: ${WHY}, and ${letter}n${letter} would copy from what was never tested on ${letter}; wanted [${letter === 'A' ? 'B' : 'A'}]`,
      );
    }
  }
  if (network?.input.mean === 'image' && (text.data?.mean ?? 'source') === 'source') {
    report(
      '/bases',
      'bases: networks would subtract the mean image of images that their base was not trained on; write data.mean: target, or numbers',
    );
  }
  const bases: Partial<Record<'A' | 'B', PretrainedBase>> = {};
  for (const letter of given) {
    const { hasSeen, ...paths } = written[letter] as BaseText;
    const file = baseFile(paths, letter, report);
    if (network === null || file === null) continue;
    const read = readOrReport(file, letter, network, report, issues);
    if (read === null) continue;
    bases[letter] = { ...file, weights: read.hash, classes: read.classes, hasSeen };
  }
  return bases;
}

const WHY = 'a base that was trained elsewhere has no accuracy here to compare with';

// An ONNX file has its weights with it, a prototxt has them in a file of their own.
function baseFile(
  { network, weights }: Omit<BaseText, 'hasSeen'>,
  letter: string,
  report: Report,
): BaseFile | null {
  const isCaffe = network.endsWith('.prototxt');
  if (isCaffe && weights !== undefined) return { file: weights, prototxt: network };
  if (!isCaffe && weights === undefined) return { file: network };
  report(
    `/bases/${letter}`,
    isCaffe
      ? `bases.${letter}: ${network} has no weights, wanted \`weights: FILE.caffemodel\` beside it`
      : `bases.${letter}: found \`weights:\` beside an ONNX file, which has its own; wanted it beside a .prototxt`,
  );
  return null;
}

function readOrReport(
  file: BaseFile,
  letter: string,
  network: Network,
  report: Report,
  issues: FileIssue[],
) {
  try {
    return readPretrained(file, network);
  } catch (error) {
    if (error instanceof ParseError) issues.push(...error.issues);
    else if (error instanceof SelfferError) report(`/bases/${letter}`, `bases: ${error.message}`);
    else throw error;
    return null;
  }
}
