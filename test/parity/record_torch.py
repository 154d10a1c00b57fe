"""Records 50 training iterations of `tiny32` in PyTorch, the yardstick of the parity test.

An implementation on purpose independent of src/: nothing is read from it. Initial weights and minibatches come from a small
integer hash (documented in `uniform`), which fill.ts repeats bit for bit, so no data file is needed. Dropout is off.

    python test/parity/record_torch.py && npx prettier --write test/parity/tiny32-losses.json
"""

import hashlib
import json
import math
import os
import platform
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402 (the thread count must be set first)
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

BATCH_SIZE, NUM_CLASSES, NUM_ITERATIONS = 8, 20, 50
# ReLU signs and pooling winners that flip by rounding change gradients by up to 1 %, and training amplifies that: at lr 0.01 even
# two float32 runs of PyTorch part by 1e-2 within 50 iterations. At 0.00025 with a small fc8, perturbing every weight by 2e-7
# (relative) moves no loss by more than 1e-6, so a limit of 1e-4 speaks of the implementation.
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.00025, 0.9, 5e-4
LR_MULT = {"weight": 1.0, "bias": 2.0}
DECAY_MULT = {"weight": 1.0, "bias": 0.0}

# Weights OIHW for convolutions, [O, K] for inner products, in the order of the streams.
WEIGHT_SHAPES = {
    "conv1": (32, 3, 5, 5),
    "conv2": (64, 32, 5, 5),
    "conv3": (96, 64, 3, 3),
    "conv4": (96, 96, 3, 3),
    "conv5": (64, 96, 3, 3),
    "fc6": (256, 64 * 4 * 4),
    "fc7": (256, 256),
    "fc8": (NUM_CLASSES, 256),
}

# Streams of the hash; parameter tensor number t (conv1.weight 0, conv1.bias 1, ... fc8.bias 15) uses stream t.
LABEL_STREAMS, PATTERN_STREAM, NOISE_STREAM = (100, 101), 200, 1000
BIAS_AMPLITUDE, FC8_AMPLITUDE, PATTERN_AMPLITUDE, NOISE_AMPLITUDE = 2.0**-4, 2.0**-8, 2.0**-1, 2.0**-3


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


def initial_parameters() -> dict[str, np.ndarray]:
    """He-uniform weights (a = sqrt(6 / fan-in); fc8 smaller) and small non-zero biases, so that a wrong bias shows at once."""
    parameters = {}
    for layer, shape in WEIGHT_SHAPES.items():
        weight_amplitude = FC8_AMPLITUDE if layer == "fc8" else math.sqrt(6 / math.prod(shape[1:]))
        for name, dims, amplitude in (
            (f"{layer}.weight", shape, weight_amplitude),
            (f"{layer}.bias", shape[:1], BIAS_AMPLITUDE),
        ):
            parameters[name] = uniform(len(parameters), np.arange(math.prod(dims)), amplitude).reshape(dims)
    return parameters


def minibatch(iteration: int) -> tuple[np.ndarray, np.ndarray]:
    """Images float32 [8,3,32,32] = pattern of the label (constant on 4x4 cells) + noise; labels int32 [8] in 0..19,
    the smaller of two draws, so that small labels are more frequent and there is something to learn at once."""
    rows = np.arange(BATCH_SIZE)
    draws = [hash32(stream, iteration * BATCH_SIZE + rows) % np.uint32(NUM_CLASSES) for stream in LABEL_STREAMS]
    labels = np.minimum(*draws).astype(np.int32)
    c, h, w = np.indices((3, 32, 32))
    cell = c * 64 + (h // 4) * 8 + w // 4
    patterns = np.stack([uniform(PATTERN_STREAM + int(label), cell, PATTERN_AMPLITUDE) for label in labels])
    noise = uniform(NOISE_STREAM + iteration, np.arange(BATCH_SIZE * 3 * 32 * 32), NOISE_AMPLITUDE)
    return patterns + noise.reshape(BATCH_SIZE, 3, 32, 32), labels


def logits(x: torch.Tensor, p: dict[str, torch.Tensor]) -> torch.Tensor:
    """conv-ReLU-pool-LRN twice, conv-ReLU three times, pool, two inner products with ReLU, one without."""

    def conv(x, layer, pad):
        return F.relu(F.conv2d(x, p[f"{layer}.weight"], p[f"{layer}.bias"], padding=pad))

    def pool(x):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)

    def lrn(x):  # divides alpha by size as Caffe does
        return F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=1.0)

    def inner_product(x, layer):
        return F.linear(x, p[f"{layer}.weight"], p[f"{layer}.bias"])

    x = lrn(pool(conv(x, "conv1", 2)))
    x = lrn(pool(conv(x, "conv2", 2)))
    x = conv(conv(x, "conv3", 1), "conv4", 1)
    x = pool(conv(x, "conv5", 1)).flatten(1)
    x = F.relu(inner_product(x, "fc6"))
    x = F.relu(inner_product(x, "fc7"))
    return inner_product(x, "fc8")


def norm(tensor: torch.Tensor) -> float:
    return tensor.detach().double().norm().item()


def train(dtype: torch.dtype) -> dict:
    """Caffe's rule: V <- momentum V + lr lrMult (grad + decay decayMult W); W <- W - V."""
    initial = {name: torch.tensor(value).to(dtype) for name, value in initial_parameters().items()}
    params = {name: value.clone().requires_grad_() for name, value in initial.items()}
    velocity = {name: torch.zeros_like(value) for name, value in params.items()}
    losses, gradient_norms = [], {}
    for iteration in range(NUM_ITERATIONS):
        images, labels = minibatch(iteration)
        loss = F.cross_entropy(logits(torch.tensor(images).to(dtype), params), torch.tensor(labels).long())
        gradients = dict(zip(params, torch.autograd.grad(loss, list(params.values()))))
        losses.append(loss.item())
        if iteration == 0:
            gradient_norms = {name: norm(gradient) for name, gradient in gradients.items()}
        with torch.no_grad():
            for name, w in params.items():
                kind = name.split(".")[1]
                step = gradients[name] + WEIGHT_DECAY * DECAY_MULT[kind] * w
                velocity[name].mul_(MOMENTUM).add_(LEARNING_RATE * LR_MULT[kind] * step)
                w.sub_(velocity[name])
    return {
        "losses": losses,
        "gradientNormsAtIteration0": gradient_norms,
        "finalNorms": {name: norm(w) for name, w in params.items()},
        "changeNorms": {name: norm(w.detach() - initial[name]) for name, w in params.items()},
    }


def probe(values: np.ndarray) -> dict:
    """What fill.ts must reproduce: SHA-256 of the little-endian bytes, and the first and last element to see what went wrong."""
    return {
        "sha256": hashlib.sha256(np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes()).hexdigest(),
        "first": values.flat[0].item(),
        "last": values.flat[-1].item(),
    }


def minibatch_probe(iteration: int) -> dict:
    images, labels = minibatch(iteration)
    return {"iteration": iteration, "images": probe(images), "labels": labels.tolist()}


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    float64, float32 = train(torch.float64), train(torch.float32)
    deviation = max(abs(a - b) / abs(b) for a, b in zip(float32["losses"], float64["losses"]))
    record = {
        "schema": "selffer.parity/1",
        "network": "tiny32 without dropout",
        "solver": {
            "lr": LEARNING_RATE, "momentum": MOMENTUM, "weightDecay": WEIGHT_DECAY, "lrMult": LR_MULT, "decayMult": DECAY_MULT,
        },
        "batchSize": BATCH_SIZE,
        "numClasses": NUM_CLASSES,
        "numIterations": NUM_ITERATIONS,
        "versions": {
            "torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version(),
            "cpuCapability": torch.backends.cpu.get_cpu_capability(),
        },
        "maxRelativeDeviationOfFloat32": deviation,
        "float64": float64,
        "float32": float32,
        "fill": {
            "parameters": {name: probe(value) for name, value in initial_parameters().items()},
            "minibatches": [minibatch_probe(i) for i in (0, 1, NUM_ITERATIONS - 1)],
        },
    }
    Path(__file__).with_name("tiny32-losses.json").write_text(json.dumps(record, indent=2) + "\n")
    print(f"losses {float64['losses'][0]:.6f} ... {float64['losses'][-1]:.6f}, float32 within {deviation:.2e}")


if __name__ == "__main__":
    main()
