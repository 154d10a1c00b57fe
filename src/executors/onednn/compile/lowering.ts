// What turns one op into steps.
import type { OpName } from '../../../program/ops/params.js';
import type { Node } from '../../../program/types.js';
import type { WithGaps } from '../../support.js';
import type { EntryLowering } from './entry-lowering.js';

/** Adds the steps of one node and says where its outputs live. */
export type Lowering<K extends OpName> = (lowering: EntryLowering, node: Node<K>) => void;

/** Op name -> lowering, or why there is none. */
export type LoweringTable = WithGaps<{ readonly [K in OpName]: Lowering<K> }>;
