// Figure 1 of the paper, drawn from the study: one row a kind of network, one box a weight layer.
import type { Json } from '../base/canonical-json.js';
import type { Results } from '../study/results/types.js';
import { letterOf } from '../study/tasks.js';
import { treatments } from '../study/treatments.js';
import { type Box, type Row, treatmentRows } from './figure1-rows.js';
import type { Figure, Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

const padlock =
  'M-0.75,-0.1L0.75,-0.1L0.75,1L-0.75,1Z M-0.55,-0.1L-0.55,-0.45A0.55,0.55,0,0,1,0.55,-0.45L0.55,-0.1L0.3,-0.1L0.3,-0.45A0.3,0.3,0,0,0,-0.3,-0.45L-0.3,-0.1Z';

/** The figure; null for a study without networks. */
export function figure1(results: Results): Figure | null {
  const rows = treatmentRows(results);
  if (rows.length === 0) return null;
  return {
    id: 'figure1',
    title: 'Figure 1: the networks of this study',
    caption: captionOf(rows),
    alt: `Diagram of ${rows.map(({ name }) => name).join(', ')}: which layers are copied, frozen or fresh.`,
    spec: (theme, room = 'wide') => figure1Spec(rows, theme, room),
  };
}

function captionOf(rows: readonly Row[]): string {
  const hasLetter = ({ target }: Row) => letterOf(target) !== null;
  const hasPairs = rows.some(hasLetter);
  const isOfWholeSet = (row: Row) => row.treatment === 'random' && !hasLetter(row);
  const drawnFor = hasPairs ? 'drawn for target B' : 'trained on the whole set';
  return [
    `One row a kind of network, one box a weight layer, ${drawnFor}.`,
    'Letters: the task whose base the layer was copied from; R: random; empty: fresh.',
    'A padlock: frozen; all others learn.',
    ...(rows.some(({ boxes }) => boxes.some(({ content }) => content === 'trained'))
      ? ['Full without a letter: trained already by the network that it goes on from.']
      : []),
    ...(hasPairs && rows.some(isOfWholeSet)
      ? ['R without a target: trained on the whole set.']
      : []),
    'Names as in the paper: A3B has layers 1 to 3 from baseA and is trained on B;',
    '+ means that the copied layers learn too.',
  ].join(' ');
}

function figure1Spec(rows: readonly Row[], theme: ThemeName, room: Room): VegaLiteSpec {
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
  return {
    config: themeConfig(theme),
    width: room === 'wide' ? 530 : 270,
    height: { step: 34 },
    encoding: { y },
    layer: [
      ...boxLayers(rows, x, theme),
      // On a telephone there is no room beside the boxes; the table of treatments has the words.
      ...(room === 'wide' ? [wordLayer(rows, theme)] : []),
    ],
  };
}

function wordLayer(rows: readonly Row[], theme: ThemeName): Json {
  const values = rows.map((row) => ({ row: row.name, words: treatments[row.treatment].words }));
  const { muted } = themes[theme];
  return {
    data: { values },
    mark: { type: 'text', align: 'left', fontSize: 12, color: muted, aria: false },
    encoding: { x: { value: 542 }, text: { field: 'words' } },
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

// Full colour: weights that were trained before; outline: fresh ones; grey: random ones.
function paint(box: Box, row: Row, theme: ThemeName) {
  const { muted, background } = themes[theme];
  const letter = letterOfBox(box);
  const fill = {
    base: taskColor(letter, theme),
    trained: taskColor(letterOf(row.target) ?? '', theme),
    random: muted,
    new: background,
  }[box.content];
  const what = {
    base: `weights of base ${letter}`,
    trained: 'trained already',
    random: 'random',
    new: 'fresh',
  }[box.content];
  return {
    row: box.row,
    layer: box.layer,
    weights: what,
    isFrozen: box.isFrozen,
    fill,
    stroke: box.content === 'new' ? taskColor(letterOf(row.target) ?? '', theme) : fill,
    ink: theme === 'light' ? '#ffffff' : '#15191e',
    letter,
    description: `${row.name}, layer ${box.layer}: ${what}, ${box.isFrozen ? 'frozen' : 'learns'}`,
  };
}

function letterOfBox({ content, source }: Box): string {
  if (content === 'random') return 'R';
  return source === null ? '' : (letterOf(source) ?? '');
}

// The paper's two colours; further tasks have that of gains.
function taskColor(letter: string, theme: ThemeName): string {
  const { specificity, coadaptation, gain } = themes[theme];
  const colors: Readonly<Record<string, string>> = {
    '': coadaptation,
    A: specificity,
    B: coadaptation,
  };
  return colors[letter] ?? gain;
}
