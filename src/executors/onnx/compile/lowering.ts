// What a lowering is: one op of a program as operators of an ONNX graph.
import { UnsupportedOpError } from '../../../base/errors.js';
import type { OpName, OpParams } from '../../../program/ops/params.js';
import type { HostTensor, Shape, TensorType } from '../../../tensor/tensor.js';
import type { Scalars } from '../../executor.js';
import type { WithGaps } from '../../support.js';
import type { Blocks } from './blocks.js';
import type { Graph, Name } from './graph.js';

/** What computes a graph. They differ in the operators that they have. */
export type Provider = 'cpu' | 'webgpu';

/** An f32 input of the graph that is computed on the host before each run. */
export interface HostInput {
  readonly type: TensorType;
  readonly fill: (target: Float32Array, scalars: Scalars) => void;
}

/** Where the host finds a tensor before a run. */
export interface Given {
  readonly home: 'feed' | 'slot';
  readonly name: string;
}

/** A look at given tensors before a run. @throws DataError */
export interface HostCheck {
  readonly given: Given;
  readonly check: (tensor: HostTensor) => void;
}

/** One op application on its way into the graph. */
export class Site<K extends OpName> {
  readonly op: K;
  readonly params: OpParams<K>;
  /** Its inputs as values of the graph. */
  readonly inputs: readonly Name[];
  readonly inputTypes: readonly TensorType[];
  readonly outputTypes: readonly TensorType[];
  /** Outputs that somebody reads. */
  readonly isRead: readonly boolean[];
  readonly graph: Graph;
  readonly provider: Provider;
  /** Null where tensors cannot be laid in blocks of channels. */
  readonly blocks: Blocks | null;
  readonly #host: Host;
  readonly #given: readonly (Given | undefined)[];

  constructor(part: SiteParts<K>) {
    this.op = part.op;
    this.params = part.params;
    this.inputs = part.inputs;
    this.inputTypes = part.inputTypes;
    this.outputTypes = part.outputTypes;
    this.isRead = part.isRead;
    this.graph = part.graph;
    this.provider = part.provider;
    this.blocks = part.blocks;
    this.#host = part.host;
    this.#given = part.given;
  }

  /** Input number `at`. */
  input(at: number): Name {
    return this.inputs[at] as Name;
  }

  /** Shape of input number `at`. */
  shape(at: number): Shape {
    return (this.inputTypes[at] as TensorType).shape;
  }

  /** Shape of output number `at`. */
  outputShape(at: number): Shape {
    return (this.outputTypes[at] as TensorType).shape;
  }

  /** An input of the graph that the host fills before each run; those of one name are one. */
  hostInput(name: Name, shape: Shape, fill: HostInput['fill']): Name {
    const type = { dtype: 'f32', shape } as const;
    this.#host.inputs.set(`host ${name}`, { type, fill });
    return this.graph.input(`host ${name}`, type);
  }

  /** A number that follows from the run's scalars, as a float32 scalar. */
  scalar(name: Name, value: (scalars: Scalars) => number): Name {
    return this.hostInput(name, [], (target, scalars) => {
      target[0] = value(scalars);
    });
  }

  /** Looks at input number `at` before each run. @throws UnsupportedOpError if it is computed by
   *  the program: an error in it could only be found while running */
  checkBefore(at: number, what: string, check: HostCheck['check']): void {
    const given = this.#given[at];
    if (given === undefined) {
      throw new UnsupportedOpError(`onnx: ${this.op}: its ${what} are computed, wanted a feed`, {
        hint: 'Choose another executor; `selffer doctor` lists those of this machine.',
      });
    }
    this.#host.checks.push({ given, check });
  }
}

/** What the host does before a run. */
export interface Host {
  readonly inputs: Map<Name, HostInput>;
  readonly checks: HostCheck[];
}

/** See {@link Site}. */
export interface SiteParts<K extends OpName> {
  readonly op: K;
  readonly params: OpParams<K>;
  readonly inputs: readonly Name[];
  readonly inputTypes: readonly TensorType[];
  readonly outputTypes: readonly TensorType[];
  readonly isRead: readonly boolean[];
  readonly graph: Graph;
  readonly provider: Provider;
  readonly blocks: Blocks | null;
  readonly host: Host;
  /** Where each input lies before the run, if it is not computed. */
  readonly given: readonly (Given | undefined)[];
}

/** Adds what computes an op. @returns its outputs; '' for one that nobody reads */
export type Lowering<K extends OpName> = (site: Site<K>) => readonly Name[];

/** A lowering for every op. */
export type Lowerings = { readonly [K in OpName]: Lowering<K> };

/** A lowering for every op, or why there is none. */
export type LoweringTable = WithGaps<Lowerings>;
