// The solver's update as two element-wise primitives, in place on the slots: v <- momentum v + rate
// dw + rate decay w; w <- w - v. Both go over the parameters in pieces; PIECE_ELEMENTS
// (updating.ts) says why those are large.
import { rateScalar } from '../../../program/ops/rate-scalar.js';
import type { Node, ValueId } from '../../../program/types.js';
import type { Addresses, Call, OneDnnEngine, Primitive } from '../engine.js';
import { scalar } from '../../executor.js';
import type { EntryLowering } from './entry-lowering.js';
import type { Action, BufferId, Places } from './step.js';
import {
  FixedCalls,
  isSmall,
  numbersBuffer,
  PIECE_ELEMENTS,
  piecesOf,
  targetOf,
} from './updating.js';

/** w' and v' from w, v and dw; they overwrite the slots of w and v. */
export function lowerSgdUpdate(lowering: EntryLowering, node: Node<'sgd_update'>): void {
  const [w, v, dw] = node.inputs as [ValueId, ValueId, ValueId];
  const [nextW, nextV] = node.outputs as [ValueId, ValueId];
  const layout = lowering.layoutOf(w, node);
  const buffers = {
    w: lowering.home(w, node),
    v: lowering.input(v, layout, node),
    dw: lowering.input(dw, layout, node),
  };
  const targets = {
    w: targetOf(lowering, w, nextW, buffers.w, layout),
    v: targetOf(lowering, v, nextV, buffers.v, layout),
  };
  const count = layout.sizeBytes / 4;
  const { nesterov, variesRate } = node.params;
  const hasRateInMemory = (nesterov || variesRate) && !isSmall(layout);
  const numbers = hasRateInMemory ? [numbersBuffer(lowering, 2)] : [];
  lowering.add({
    kind: node.op,
    node,
    reads: Object.values(buffers),
    writes: [targets.w, targets.v, ...numbers],
    overwrites: [],
    scratchBytes: 0, // the sums of equal layouts need none; checked when they are made
    bind: (places) => {
      const setting = { params: node.params, count, places, from: buffers, to: targets };
      if (isSmall(layout)) return smallUpdate(setting);
      const [rate] = numbers;
      if (rate !== undefined) return updateByRate(lowering.engine, setting, rate);
      const update = new Update(lowering.engine, setting);
      places.onRelease(() => update.release());
      return ({ scalars }) => update.run(scalar(scalars, rateScalar(node.params)));
    },
  });
}

function smallUpdate({ params, count, places, from, to }: Setting): Action {
  const { momentum, lrMult, weightDecay, nesterov } = params;
  const [w, v, dw] = [from.w, from.v, from.dw].map(places.float32) as Views;
  const [newW, newV] = [to.w, to.v].map(places.float32) as Views;
  return ({ scalars }) => {
    const rate = scalar(scalars, rateScalar(params)) * lrMult;
    for (let at = 0; at < count; at++) {
      const slope = (dw[at] as number) + weightDecay * (w[at] as number);
      const velocity = Math.fround(momentum * (v[at] as number) + rate * slope);
      const step = nesterov ? momentum * velocity + rate * slope : velocity;
      newV[at] = velocity;
      newW[at] = (w[at] as number) - step;
    }
  };
}

type Views = [Float32Array, Float32Array, Float32Array];

interface Operands {
  readonly w: BufferId;
  readonly v: BufferId;
  readonly dw: BufferId;
}

/** One parameter tensor of `count` f32 elements, and where it lies. */
interface Setting {
  readonly params: Node<'sgd_update'>['params'];
  readonly count: number;
  readonly places: Places;
  readonly from: Operands;
  readonly to: Omit<Operands, 'dw'>;
}

// Primitives that read the learning rate from memory: a rate that is another in every run would
// need new ones each time. v <- (dw + decay w) rate + momentum v; w <- w - v, or with Nesterov's
// momentum w <- w - momentum ((dw + decay w) (rate / momentum) + v).
function updateByRate(engine: OneDnnEngine, setting: Setting, rate: BufferId): Action {
  const { params, count, places, from, to } = setting;
  const { momentum, weightDecay, lrMult } = params;
  const isNesterov = params.nesterov === true && momentum !== 0;
  const calls = new FixedCalls(engine, places);
  const one = places.address(rate);
  const ratio = one + 4n;
  for (const piece of piecesOf(engine, count, places)) {
    const { flat: data, at } = piece;
    const [v, w] = [at(to.v), at(to.w)];
    const hasDecay = weightDecay !== 0;
    // Without decay the rate is the other factor of a product.
    const first = hasDecay
      ? ({ algorithm: 'add', src1: 'each', scales: [1, weightDecay] } as const)
      : ({ algorithm: 'multiply', src1: 'one' } as const);
    const byRate = hasDecay ? [{ kind: 'multiply', by: 'one' } as const] : [];
    const sources = hasDecay
      ? { src: at(from.dw), src1: at(from.w), after0: one }
      : { src: at(from.dw), src1: one };
    calls.copy(piece, from.v, to.v);
    const keepV = { kind: 'keep', factor: momentum } as const;
    calls.chain({ ...first, data, steps: [...byRate, keepV] }, { ...sources, dst: v });
    if (!isNesterov) {
      const subtract = engine.binary('subtract', data, data, data);
      calls.add(subtract, { src: at(from.w), src1: v, dst: w });
      continue;
    }
    const steps = [
      ...byRate,
      { kind: 'add', by: 'each' },
      { kind: 'linear', alpha: -momentum, beta: 0 },
      { kind: 'keep', factor: 1 },
    ] as const;
    calls.copy(piece, from.w, to.w);
    const last = hasDecay ? { after0: ratio, after1: v } : { src1: ratio, after0: v };
    calls.chain({ ...first, data, steps }, { ...sources, ...last, dst: w });
  }
  const number = places.float32(rate);
  return ({ scalars }) => {
    const value = scalar(scalars, rateScalar(params)) * lrMult;
    number.set([value, isNesterov ? value / momentum : 0]);
    calls.run();
  };
}

// Holds the primitives of one parameter tensor; they are made anew when the learning rate changes.
class Update {
  readonly #engine: OneDnnEngine;
  readonly #params: Node<'sgd_update'>['params'];
  readonly #count: number;
  readonly #places: Places;
  readonly #from: Operands;
  readonly #to: Omit<Operands, 'dw'>;
  #learningRate: number | undefined;
  #primitives: Primitive[] = [];
  #calls: Call[] = [];

  constructor(engine: OneDnnEngine, { params, count, places, from, to }: Setting) {
    this.#engine = engine;
    this.#params = params;
    this.#count = count;
    this.#places = places;
    this.#from = from;
    this.#to = to;
  }

  run(learningRate: number): void {
    if (learningRate !== this.#learningRate) this.#prepare(learningRate);
    for (const call of this.#calls) call.run();
  }

  #prepare(learningRate: number): void {
    this.release();
    const { momentum, lrMult, weightDecay } = this.#params;
    const rate = learningRate * lrMult;
    for (let start = 0; start < this.#count; start += PIECE_ELEMENTS) {
      const length = Math.min(PIECE_ELEMENTS, this.#count - start);
      const at = (buffer: BufferId): bigint => this.#places.address(buffer) + BigInt(4 * start);
      const [w, v, dw] = [at(this.#from.w), at(this.#from.v), at(this.#from.dw)];
      const [newW, newV] = [at(this.#to.w), at(this.#to.v)];
      const flat = this.#engine.layout([length], 'f32', 'plain');
      if (weightDecay !== 0 && newV === v) {
        const scales = [rate, rate * weightDecay] as const;
        this.#add(this.#engine.accumulate(momentum, scales, flat), { src: dw, src1: w, dst: v });
      } else {
        const scales = [momentum, rate, ...(weightDecay === 0 ? [] : [rate * weightDecay])];
        const inputs = { input0: v, input1: dw, ...(weightDecay !== 0 && { input2: w }) };
        const layouts = scales.map(() => flat);
        this.#add(this.#engine.sum(scales, layouts, flat), { ...inputs, dst: newV });
      }
      const subtract = this.#engine.binary('subtract', flat, flat, flat);
      this.#add(subtract, { src: w, src1: newV, dst: newW });
    }
    this.#learningRate = learningRate;
  }

  #add(primitive: Primitive, addresses: Addresses): void {
    this.#primitives.push(primitive);
    this.#calls.push(primitive.bind({ ...addresses, scratchpad: this.#places.scratch }));
  }

  release(): void {
    for (const primitive of this.#primitives.splice(0)) primitive.release();
    this.#calls = [];
    this.#learningRate = undefined;
  }
}
