"""Numbers from a small integer hash, which hash.ts repeats bit for bit, so that no data file is needed."""

import hashlib

import numpy as np

# Streams of the minibatches; parameters have others (a number or the CRC-32 of their name).
LABEL_STREAMS, PATTERN_STREAM, NOISE_STREAM = (100, 101), 200, 1000
PATTERN_AMPLITUDE, NOISE_AMPLITUDE = 2.0**-1, 2.0**-3


def fmix32(h: np.ndarray) -> np.ndarray:
    """The 32-bit finaliser of MurmurHash3 (Appleby, public domain), on uint32."""
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def hash32(stream: int, index: np.ndarray) -> np.ndarray:
    """fmix32(fmix32(index + 1) xor fmix32((stream + 1) * 0x9e3779b9)), all modulo 2^32."""
    key = fmix32(np.array([(stream + 1) * 0x9E3779B9 & 0xFFFFFFFF], dtype=np.uint32))
    return fmix32(fmix32(index.astype(np.uint32) + np.uint32(1)) ^ key)


def uniform(stream: int, index: np.ndarray, amplitude: float) -> np.ndarray:
    """float32 in [-a, a): ((hash >> 8) * 2^-23 - 1), exact in float32, times float32(a), rounded once."""
    unit = (hash32(stream, index) >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1)
    return unit * np.float32(amplitude)


def minibatch(iteration: int, batch_size: int, num_classes: int, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Images float32 [N,3,side,side] = pattern of the label (constant on 4x4 cells) + noise; labels int32 [N],
    the smaller of two draws, so that small labels are more frequent and there is something to learn at once."""
    rows = np.arange(batch_size)
    draws = [hash32(stream, iteration * batch_size + rows) % np.uint32(num_classes) for stream in LABEL_STREAMS]
    labels = np.minimum(*draws).astype(np.int32)
    c, h, w = np.indices((3, side, side))
    cells = side // 4
    cell = c * cells**2 + (h // 4) * cells + w // 4
    patterns = np.stack([uniform(PATTERN_STREAM + int(label), cell, PATTERN_AMPLITUDE) for label in labels])
    noise = uniform(NOISE_STREAM + iteration, np.arange(batch_size * 3 * side * side), NOISE_AMPLITUDE)
    return patterns + noise.reshape(batch_size, 3, side, side), labels


def probe(values: np.ndarray) -> dict:
    """What the tests' fill must reproduce: SHA-256 of the little-endian bytes, and the first and last element to see what went
    wrong."""
    return {
        "sha256": hashlib.sha256(np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes()).hexdigest(),
        "first": values.flat[0].item(),
        "last": values.flat[-1].item(),
    }
