// A program as text, one line a feed, slot, node and output: for golden files and for people who
// look at a program. The text speaks of the mathematics, not of how parameters are typed: a
// refactoring changes none of it.
import { formatType, type TensorType } from '../tensor/tensor.js';
import type { Node, Program, ValueId } from './types.js';

/** The program's text. Values are `%id`; owners are the networks' indices, runs of them as `0-27`.
 *  Parameters stand in the order of their names, lists as 2x3. */
export function printProgram(program: Program): string {
  const typed = (value: ValueId): string =>
    `%${value}: ${formatType(program.values[value] as TensorType)}`;
  const lines = [
    ...program.networks.map((name, index) => `network ${index} ${name}`),
    ...program.feeds.map(({ name, value }) => `feed ${name} ${typed(value)}`),
    ...program.slots.map(({ name, value, next, like }) => {
      const update = next === undefined ? '' : ` next %${next}`;
      return `slot ${name} ${typed(value)}${update}${like === undefined ? '' : ` like ${like}`}`;
    }),
    ...program.nodes.map((node) => printNode(node, typed)),
    ...program.outputs.map(({ name, value }) => `output ${name} %${value}`),
  ];
  return `${lines.join('\n')}\n`;
}

function printNode(node: Node, typed: (value: ValueId) => string): string {
  const inputs = node.inputs.map((value) => `%${value}`).join(', ');
  const params = Object.entries(plainParams({ ...node.params }))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ` ${name}=${printParam(value)}`)
    .join('');
  const outputs = node.outputs.map(typed).join(', ');
  return `${outputs} = ${node.op}(${inputs})${params} for ${printRanges(node.owners)}`;
}

// A window that is alike on both axes is printed by one number, an undilated one without dilation,
// and rounding only where it is not the op's usual one.
function plainParams(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { pads, dilation, rounding, ...rest } = params;
  const one = (value: unknown): unknown =>
    Array.isArray(value) && value.every((each) => each === value[0]) ? value[0] : value;
  return {
    ...rest,
    ...('stride' in params && { stride: one(params['stride']) }),
    ...('kernel' in params && { kernel: one(params['kernel']) }),
    ...(pads !== undefined && { pad: one(pads) }),
    ...(one(dilation) !== 1 && dilation !== undefined && { dilation: one(dilation) }),
    ...(rounding === 'floor' && { rounding }),
  };
}

function printParam(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join('x') : String(value);
}

/** Ascending integers as ranges: 0,1,2,5 -> "0-2,5". */
function printRanges(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join();
}
