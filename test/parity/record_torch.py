"""Records 50 training iterations of `tiny32` in PyTorch, the yardstick of the parity test.

An implementation on purpose independent of src/: nothing is read from it. Initial weights and minibatches come from the
hash of hash_fill.py. Dropout is off.

    python test/parity/record_torch.py && npx prettier --write test/parity/tiny32-losses.json
"""

import json
import math
from pathlib import Path

from torch_training import Setting, record_of  # isort: skip (sets the thread count)

import numpy as np
import torch
import torch.nn.functional as F

from hash_fill import uniform

NUM_CLASSES = 20
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

# Parameter tensor number t (conv1.weight 0, conv1.bias 1, ... fc8.bias 15) uses stream t of the hash.
BIAS_AMPLITUDE, FC8_AMPLITUDE = 2.0**-4, 2.0**-8


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


def main() -> None:
    kind = {name: name.split(".")[1] for name in initial_parameters()}
    setting = Setting(
        network="tiny32",
        forward=lambda images, parameters, _: logits(images, parameters),
        parameters=initial_parameters(),
        lr_mult=lambda name: LR_MULT[kind[name]],
        decay_mult=lambda name: DECAY_MULT[kind[name]],
        solver={
            "lr": LEARNING_RATE, "momentum": MOMENTUM, "weightDecay": WEIGHT_DECAY, "lrMult": LR_MULT, "decayMult": DECAY_MULT,
        },
        num_classes=NUM_CLASSES,
    )  # fmt: skip
    Path(__file__).with_name("tiny32-losses.json").write_text(json.dumps(record_of(setting), indent=2) + "\n")


if __name__ == "__main__":
    main()
