"""Reference networks of the presets with parameters and statistics from the hash, each a stream named by its name."""

import math
import sys
import zlib
from pathlib import Path

import numpy as np
import torch

from hash_fill import uniform

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "peers"))
from torch_presets import PRESETS, decays  # noqa: E402

__all__ = ["PRESETS", "decays", "fill", "layer_name", "tensors"]


def layer_name(name: str) -> str:
    """A tensor's name in Selffer: timm's positions have no layer of their own."""
    return "pos_embed.bias" if name == "pos_embed" else name


def tensors(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Parameters and running statistics by Selffer's names; the count of minibatches is nothing that a forward pass reads."""
    return {layer_name(name): value for name, value in module.state_dict().items() if not name.endswith("num_batches_tracked")}


def fill(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """A tensor's values: matrices and kernels uniform within sqrt(6 / fan-in); running variances within 1 +- 1/2, scales of
    norms within 1 +- 1/4 (the vectors that are named `weight`), all other vectors and the positions within +- 1/16."""
    values = uniform(zlib.crc32(name.encode()), np.arange(math.prod(shape)), amplitude(name, shape)).reshape(shape)
    return values + np.float32(middle(name, shape))


def amplitude(name: str, shape: tuple[int, ...]) -> float:
    if name.endswith(".running_var"):
        return 2.0**-1
    if name.endswith(".weight"):
        return 2.0**-2 if len(shape) == 1 else math.sqrt(6 / math.prod(shape[1:]))
    return 2.0**-4


def middle(name: str, shape: tuple[int, ...]) -> float:
    return 1.0 if name.endswith(".running_var") or (name.endswith(".weight") and len(shape) == 1) else 0.0
