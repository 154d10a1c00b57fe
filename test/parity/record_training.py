"""Records 50 training iterations of presets with batch normalisation in PyTorch, as record_torch.py does of `tiny32`.

The networks are their publishers' (reference_presets.py), dropout is off, batch norms use the minibatch and keep running
statistics; weight decay spares what the publishers' recipes spare.

    python test/parity/record_training.py [NAME...] && npx prettier --write test/parity/*-losses.json

needs torch, torchvision and timm.
"""

import json
import sys
from pathlib import Path

from torch_training import Setting, Tensors, record_of  # isort: skip (sets the thread count)

import numpy as np
import torch
from torch import nn

from reference_presets import PRESETS, decays, fill, tensors

NUM_CLASSES = 20
# As record_torch.py explains: at a rate of 0.001 and with a classifier of usual size, two float32 runs of PyTorch part by 1e-2
# (resnet20) and 1e-1 (mobilenet-v2) within 50 iterations, for every batch norm divides by a deviation that rounding moves.
LEARNING_RATES = {"resnet20": 2.5e-4, "mobilenet-v2": 2.5e-5}
CLASSIFIERS = {"resnet20": "fc.weight", "mobilenet-v2": "classifier.1.weight"}
CLASSIFIER_FACTOR = 2.0**-6
SIDES = {"resnet20": 32, "mobilenet-v2": 64}


def setting_of(name: str) -> Setting:
    module = PRESETS[name](NUM_CLASSES).train()
    for part in module.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    learned = {key for key, _ in module.named_parameters()}
    values = {key: fill(key, tuple(value.shape)) for key, value in tensors(module).items()}
    values[CLASSIFIERS[name]] *= np.float32(CLASSIFIER_FACTOR)
    spares = {key for key, value in module.named_parameters() if not decays(name, value, key)}

    def forward(images: torch.Tensor, parameters: Tensors, statistics: Tensors) -> torch.Tensor:
        return torch.func.functional_call(module, {**parameters, **statistics}, images)

    return Setting(
        network=name,
        forward=forward,
        parameters={key: value for key, value in values.items() if key in learned},
        statistics={key: value for key, value in values.items() if key not in learned},
        lr_mult=lambda _: 1.0,
        decay_mult=lambda key: 0.0 if key in spares else 1.0,
        solver={"lr": LEARNING_RATES[name], "momentum": 0.9, "weightDecay": 5e-4},
        num_classes=NUM_CLASSES,
        side=SIDES[name],
    )


def main() -> None:
    for name in sys.argv[1:] or LEARNING_RATES:
        print(name, end=": ", flush=True)
        record = record_of(setting_of(name))
        Path(__file__).with_name(f"{name}-losses.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
