// How the blobs of a network from an ONNX file start and learn where they are not taken from the
// file, which says nothing of it.
import type { Blob } from '../../../layers/blob.js';

/** Weights of a convolution: He's, as networks with rectifiers have them. */
export const convolutionWeight: Blob = { filler: { type: 'he' }, lrMult: 1, decayMult: 1 };

/** Weights of an inner product. */
export const innerProductWeight: Blob = { filler: { type: 'xavier' }, lrMult: 1, decayMult: 1 };

/** Biases and shifts: 0 at first, never decayed. */
export const shift: Blob = { filler: { type: 'constant', value: 0 }, lrMult: 1, decayMult: 0 };

/** Scales: 1 at first, never decayed. */
export const scale: Blob = { filler: { type: 'constant', value: 1 }, lrMult: 1, decayMult: 0 };

/** Slopes of PReLU: 1/4 at first, as in its paper. */
export const slope: Blob = { filler: { type: 'constant', value: 0.25 }, lrMult: 1, decayMult: 0 };

/** Class tokens and embeddings of positions. */
export const embedding: Blob = { filler: { type: 'gaussian', std: 0.02 }, lrMult: 1, decayMult: 0 };

/** Numbers that are part of the network, such as the masks of shifted windows: never learned. */
export const fixed: Blob = { filler: { type: 'constant', value: 0 }, lrMult: 0, decayMult: 0 };
