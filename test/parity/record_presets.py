"""Records what the presets' reference networks answer to one image, the yardstick of forward.test.ts.

    python test/parity/record_presets.py && npx prettier --write test/parity/presets.json

needs torch, torchvision and timm. Parameters, statistics and the image come from the hash of hash_fill.py.
"""

import json
import platform
import sys
from pathlib import Path

import numpy as np
import timm
import torch
import torchvision

from hash_fill import uniform
from reference_presets import PRESETS, fill, tensors

IMAGE_STREAM = 300
SIZES = {"resnet20": 32, "vit-tiny32": 32}
CLASSES = {"resnet20": 10, "vit-tiny32": 10}


def answer(name: str) -> dict:
    """float64 arithmetic on float32 parameters: what both of our executors should come close to."""
    size, classes = SIZES.get(name, 224), CLASSES.get(name, 1000)
    module = PRESETS[name](classes).eval()
    parameters = sum(p.numel() for p in module.parameters())
    with torch.no_grad():
        for key, value in tensors(module).items():
            value.copy_(torch.from_numpy(fill(key, tuple(value.shape))))
        images = [
            torch.from_numpy(uniform(IMAGE_STREAM + i, np.arange(3 * size * size), 1.0).reshape(1, 3, size, size)) for i in (0, 1)
        ]
        float32 = module(images[0])[0].double()
        module = module.double()
        logits, others = (module(image.double())[0] for image in images)
    largest = logits.abs().max().item()
    deviation = (float32 - logits).abs().max().item() / largest
    # A network that hardly sees its image would hide mistakes.
    seen = (others - logits).abs().max().item() / largest
    print(f"{name}: {parameters} parameters, largest {largest:.4g}, float32 within {deviation:.2e}, another image {seen:.3f}")
    return {
        "parameters": parameters,
        "classes": classes,
        "size": size,
        "logits": logits[:10].tolist(),
        "largestLogit": largest,
        "norm": logits.norm().item(),
        "deviationOfFloat32": deviation,
        "changeByAnotherImage": seen,
    }


def main() -> None:
    names = sys.argv[1:] or list(PRESETS)
    record = {
        "schema": "selffer.preset-outputs/1",
        "versions": {
            "torch": torch.__version__, "torchvision": torchvision.__version__, "timm": timm.__version__,
            "numpy": np.__version__, "python": platform.python_version(),
        },
        "presets": {name: answer(name) for name in names},
    }  # fmt: skip
    Path(__file__).with_name("presets.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
