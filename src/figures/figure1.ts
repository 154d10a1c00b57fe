// Figure 1 of the paper, drawn from the study: one row a kind of network, one box a weight layer.
import type { Json } from '../base/canonical-json.js';
import type { NetworkResult, Results } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds } from '../study/treatments.js';
import type { Figure, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

/** What a box holds when training begins: weights of the base of A or B, random ones that stay, or
 *  fresh ones. */
export type Content = 'A' | 'B' | 'base' | 'random' | 'new';

/** One weight layer of one network. */
export interface Box {
  /** Name of the network, e.g. "A3B+". */
  readonly row: string;
  /** 1..L. */
  readonly layer: number;
  readonly content: Content;
  readonly isFrozen: boolean;
}

/** A row: a network that stands for its treatment, with target B (or the whole set). */
export interface Row {
  readonly name: string;
  readonly words: string;
  readonly boxes: readonly Box[];
}

const words: Readonly<Record<TreatmentKind, string>> = {
  base: 'base',
  BnB: 'selffer, frozen',
  'BnB+': 'selffer, tuned',
  AnB: 'transfer, frozen',
  'AnB+': 'transfer, tuned',
  random: 'random, frozen',
  'warm-restart': 'warm restart',
  'BnB-p1': 'next one kept',
  'BnB-p2': 'next two kept',
  'AnB-p1': 'next one kept',
  'AnB-p2': 'next two kept',
};

const padlock =
  'M-0.75,-0.1L0.75,-0.1L0.75,1L-0.75,1Z M-0.55,-0.1L-0.55,-0.45A0.55,0.55,0,0,1,0.55,-0.45L0.55,-0.1L0.3,-0.1L0.3,-0.45A0.3,0.3,0,0,0,-0.3,-0.45L-0.3,-0.1Z';

/** One row for each treatment, bases first; n is a middle one of those it has. Networks of the
 *  study's main family stand for a treatment; of others (the original's random features, on the
 *  whole set) only if that has none. */
export function treatmentRows(results: Results): Row[] {
  const main = results.networks.filter(({ family }) => family === results.study.family);
  const layers = results.study.weightLayers;
  const isPair = ({ target }: NetworkResult) => target === 'A' || target === 'B';
  return treatmentKinds.flatMap((treatment): Row[] => {
    const hasIt = (network: NetworkResult) => network.treatment === treatment;
    const own = main.some(hasIt) ? main.filter(hasIt) : results.networks.filter(hasIt);
    if (own.length === 0) return [];
    const hasPairs = own.some(isPair);
    if (treatment === 'base') {
      const tasks = hasPairs ? (['A', 'B'] as const) : ([''] as const);
      return tasks.map((task) =>
        rowOf(`base${task}`, treatment, layers, () => ({
          content: task === '' ? 'base' : task,
          isFrozen: false,
        })),
      );
    }
    const ns = [...new Set(own.map(({ n }) => n))].sort((a, b) => a - b);
    const n = ns[Math.floor((ns.length - 1) / 2)] ?? 1;
    const kept = Number(/-p([12])$/.exec(treatment)?.[1] ?? 0);
    const isFrozen = !treatment.endsWith('+') && treatment !== 'warm-restart';
    const source = treatment === 'random' ? 'random' : treatment.startsWith('AnB') ? 'A' : 'B';
    const name = nameOf(treatment, source, n, hasPairs ? 'B' : '');
    return [
      rowOf(name, treatment, layers, (layer) => ({
        content: layer <= n + kept ? source : 'new',
        isFrozen: isFrozen && layer <= n,
      })),
    ];
  });
}

function nameOf(treatment: TreatmentKind, source: Content, n: number, target: string): string {
  const plus = treatment.endsWith('+') || treatment === 'warm-restart' ? '+' : '';
  const kept = /-p[12]$/.exec(treatment)?.[0] ?? '';
  return `${source === 'random' ? 'R' : source}${n}${target}${plus}${kept}`;
}

function rowOf(
  name: string,
  treatment: TreatmentKind,
  layers: number,
  box: (layer: number) => Pick<Box, 'content' | 'isFrozen'>,
): Row {
  const boxes = Array.from({ length: layers }, (_, i) => ({
    row: name,
    layer: i + 1,
    ...box(i + 1),
  }));
  return { name, words: words[treatment], boxes };
}

/** The figure; null for a study without networks. */
export function figure1(results: Results): Figure | null {
  const rows = treatmentRows(results);
  if (rows.length === 0) return null;
  return {
    id: 'figure1',
    title: 'Figure 1: the networks of this study',
    caption: `One row a kind of network, one box a weight layer, ${rows.some(({ name }) => name.endsWith('B')) ? 'drawn for target B' : 'trained on the whole set'}. Letters: the task whose base the layer was copied from; R: random; empty: fresh. A padlock: frozen; all others learn.${rows.some(({ name }) => /^R\d+$/.test(name)) && rows.some(({ name }) => name.endsWith('B')) ? ' R without a target: trained on the whole set.' : ''} Names as in the paper: A3B has layers 1 to 3 from baseA and is trained on B; + means that the copied layers learn too.`,
    alt: `Diagram of ${rows.map(({ name }) => name).join(', ')}: which layers are copied, frozen or fresh.`,
    spec: (theme) => figure1Spec(rows, theme),
  };
}

function figure1Spec(rows: readonly Row[], theme: ThemeName): VegaLiteSpec {
  const names = rows.map(({ name }) => name);
  const layers = rows[0]?.boxes.length ?? 0;
  const x: Json = {
    field: 'layer',
    type: 'ordinal',
    title: 'weight layer',
    scale: { domain: Array.from({ length: layers }, (_, i) => i + 1), paddingInner: 0.12 },
    axis: { labelAngle: 0, orient: 'top', domain: false, ticks: false },
  };
  const y: Json = {
    field: 'row',
    type: 'ordinal',
    title: null,
    scale: { domain: names, paddingInner: 0.25 },
    axis: { domain: false, ticks: false, labelFontSize: 13, labelPadding: 12 },
  };
  const { muted } = themes[theme];
  return {
    config: themeConfig(theme),
    width: 530,
    height: { step: 34 },
    encoding: { y },
    layer: [
      ...boxLayers(rows, x, theme),
      {
        data: { values: rows.map((row) => ({ row: row.name, words: row.words })) },
        mark: { type: 'text', align: 'left', fontSize: 12, color: muted, aria: false },
        encoding: { x: { value: 542 }, text: { field: 'words' } },
      },
    ],
  };
}

function boxLayers(rows: readonly Row[], x: Json, theme: ThemeName): Json[] {
  const boxes = rows.flatMap((row) => row.boxes.map((box) => paint(box, row, theme)));
  const ink: Json = { field: 'ink', type: 'nominal', scale: null };
  const lock = { type: 'point', shape: padlock, size: 62, filled: true, opacity: 1, xOffset: 10 };
  return [
    {
      data: { values: boxes },
      mark: { type: 'rect', cornerRadius: 3, strokeWidth: 1.4 },
      encoding: {
        x,
        fill: { field: 'fill', type: 'nominal', scale: null },
        stroke: { field: 'stroke', type: 'nominal', scale: null },
        description: { field: 'description' },
      },
    },
    {
      data: { values: boxes.filter(({ letter }) => letter !== '') },
      mark: { type: 'text', fontSize: 13, fontWeight: 'bold', aria: false, dx: -6 },
      encoding: { x, text: { field: 'letter' }, color: ink },
    },
    {
      data: { values: boxes.filter(({ isFrozen }) => isFrozen) },
      mark: { ...lock, aria: false },
      encoding: { x, color: ink },
    },
  ];
}

// Full colour: weights that were trained before; outline: fresh ones; grey: random ones that stay.
function paint(box: Box, row: Row, theme: ThemeName) {
  const { specificity, coadaptation, muted, background } = themes[theme];
  const target = row.name === 'baseA' ? specificity : coadaptation;
  const fills = {
    A: specificity,
    B: coadaptation,
    base: coadaptation,
    random: muted,
    new: background,
  };
  const letters = { A: 'A', B: 'B', base: '', random: 'R', new: '' };
  const isNew = box.content === 'new';
  const state = `${isNew ? 'fresh' : box.content === 'random' ? 'random' : `weights of base ${letters[box.content]}`}, ${box.isFrozen ? 'frozen' : 'learns'}`;
  return {
    row: box.row,
    layer: box.layer,
    isFrozen: box.isFrozen,
    fill: fills[box.content],
    stroke: isNew ? target : fills[box.content],
    ink: theme === 'light' ? '#ffffff' : '#15191e',
    letter: letters[box.content],
    description: `${row.name}, layer ${box.layer}: ${state}`,
  };
}
