// The AdamW update as three element-wise primitives over the slots: m <- beta1 m + (1 - beta1) dw;
// v <- beta2 v + (1 - beta2) dw dw; w <- (w - a / (sqrt(v b) + epsilon) m) c, where a, b and c
// depend on the iteration and lie in memory.
import { rateScalar } from '../../../program/ops/rate-scalar.js';
import type { Node, ValueId } from '../../../program/types.js';
import { DataError } from '../../../base/errors.js';
import { type Scalars, scalar } from '../../executor.js';
import type { OneDnnEngine } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import type { Action, BufferId, Places } from './step.js';
import { FixedCalls, isSmall, numbersBuffer, piecesOf, targetOf } from './updating.js';

type Params = Node<'adamw_update'>['params'];

interface Operands {
  readonly w: BufferId;
  readonly m: BufferId;
  readonly v: BufferId;
  readonly dw: BufferId;
}

interface Setting {
  readonly params: Params;
  readonly count: number;
  readonly places: Places;
  readonly from: Operands;
  readonly to: Omit<Operands, 'dw'>;
}

/** w', m' and v' from w, m, v and dw; they overwrite the slots of w, m and v. */
export function lowerAdamwUpdate(lowering: EntryLowering, node: Node<'adamw_update'>): void {
  const [w, m, v, dw] = node.inputs as [ValueId, ValueId, ValueId, ValueId];
  const [nextW, nextM, nextV] = node.outputs as [ValueId, ValueId, ValueId];
  const layout = lowering.layoutOf(w, node);
  const from = {
    w: lowering.home(w, node),
    m: lowering.input(m, layout, node),
    v: lowering.input(v, layout, node),
    dw: lowering.input(dw, layout, node),
  };
  const to = {
    w: targetOf(lowering, w, nextW, from.w, layout),
    m: targetOf(lowering, m, nextM, from.m, layout),
    v: targetOf(lowering, v, nextV, from.v, layout),
  };
  const numbers = numbersBuffer(lowering, 3);
  lowering.add({
    kind: node.op,
    node,
    reads: Object.values(from),
    writes: [...Object.values(to), numbers],
    overwrites: [],
    scratchBytes: 0, // chains need none; checked when they are made
    bind: (places) => {
      const setting = { params: node.params, count: layout.sizeBytes / 4, places, from, to };
      if (isSmall(layout)) return smallUpdate(setting);
      return largeUpdate(lowering.engine, setting, numbers);
    },
  });
}

/** What an iteration does to all elements alike. */
interface Factors {
  /** Of the step m' / (sqrt(v' b) + epsilon), inside the bracket that `decay` is outside of. */
  readonly step: number;
  /** b = 1 / (1 - beta2^t). */
  readonly square: number;
  readonly decay: number;
}

function factorsAt(params: Params, scalars: Scalars): Factors {
  const { lrMult, beta1, beta2, weightDecay } = params;
  const rate = scalar(scalars, rateScalar(params)) * lrMult;
  const t = scalar(scalars, 'iteration') + 1;
  const decay = 1 - rate * weightDecay;
  if (!(decay > 0)) {
    throw new DataError(
      `adamw_update: rate times weight decay is ${rate * weightDecay}, wanted less than 1`,
    );
  }
  return { step: rate / (1 - beta1 ** t) / decay, square: 1 / (1 - beta2 ** t), decay };
}

function smallUpdate({ params, count, places, from, to }: Setting): Action {
  const { beta1, beta2, epsilon } = params;
  const [w, m, v, dw] = [from.w, from.m, from.v, from.dw].map(places.float32) as Views;
  const [newW, newM, newV] = [to.w, to.m, to.v].map(places.float32) as Views;
  return ({ scalars }) => {
    const { step, square, decay } = factorsAt(params, scalars);
    for (let at = 0; at < count; at++) {
      const slope = dw[at] as number;
      const mean = Math.fround(beta1 * (m[at] as number) + (1 - beta1) * slope);
      const power = Math.fround(beta2 * (v[at] as number) + (1 - beta2) * slope * slope);
      newM[at] = mean;
      newV[at] = power;
      const change = (step * mean) / (Math.sqrt(power * square) + epsilon);
      newW[at] = ((w[at] as number) - change) * decay;
    }
  };
}

type Views = [Float32Array, Float32Array, Float32Array, Float32Array];

function largeUpdate(engine: OneDnnEngine, setting: Setting, numbers: BufferId): Action {
  const { params, count, places, from, to } = setting;
  const { beta1, beta2, epsilon, weightDecay } = params;
  const calls = new FixedCalls(engine, places);
  const number = (index: number): bigint => places.address(numbers) + BigInt(4 * index);
  const steps = [
    { kind: 'square-root' },
    { kind: 'linear', alpha: 1, beta: epsilon },
    { kind: 'reciprocal' },
    { kind: 'multiply', by: 'each' },
    { kind: 'multiply', by: 'one' },
    { kind: 'keep', factor: 1 },
    ...(weightDecay === 0 ? [] : [{ kind: 'multiply', by: 'one' } as const]),
  ] as const;
  for (const piece of piecesOf(engine, count, places)) {
    const { flat: data, at } = piece;
    const [dw, w, m, v] = [at(from.dw), at(to.w), at(to.m), at(to.v)];
    calls.copy(piece, from.w, to.w);
    calls.copy(piece, from.m, to.m);
    calls.copy(piece, from.v, to.v);
    const half = (1 - beta1) / 2;
    const mean = engine.accumulate(beta1, [half, half], data);
    calls.add(mean, { src: dw, src1: dw, dst: m });
    const square = { algorithm: 'multiply', data, src1: 'each', scales: [1 - beta2, 1] } as const;
    const kept = [{ kind: 'keep', factor: beta2 }] as const;
    calls.chain({ ...square, steps: kept }, { src: dw, src1: dw, dst: v });
    calls.chain(
      { algorithm: 'multiply', data, src1: 'one', steps },
      {
        ...{ src: v, src1: number(0), after3: m, after4: number(1), dst: w },
        ...(weightDecay === 0 ? {} : { after6: number(2) }),
      },
    );
  }
  const values = places.float32(numbers);
  return ({ scalars }) => {
    const { square, step, decay } = factorsAt(params, scalars);
    values.set([square, -step, decay]);
    calls.run();
  };
}
