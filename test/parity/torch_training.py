"""Trains a network in PyTorch as the parity test does in Selffer: Caffe's rule, minibatches from the hash."""

import os
import platform

os.environ["OMP_NUM_THREADS"] = "1"

from collections.abc import Callable  # noqa: E402 (the thread count must be set first)
from dataclasses import dataclass, field  # noqa: E402

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

from hash_fill import minibatch, probe  # noqa: E402

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Setting:
    """What is trained on what. Tensors are float32; `forward(images, parameters, statistics)` gives logits and may change the
    statistics; a parameter's multipliers are those of its learning rate and of its weight decay."""

    network: str
    forward: Callable[[torch.Tensor, Tensors, Tensors], torch.Tensor]
    parameters: dict[str, np.ndarray]
    lr_mult: Callable[[str], float]
    decay_mult: Callable[[str], float]
    solver: dict
    statistics: dict[str, np.ndarray] = field(default_factory=dict)
    batch_size: int = 8
    num_classes: int = 20
    side: int = 32
    num_iterations: int = 50


def norm(tensor: torch.Tensor) -> float:
    return tensor.detach().double().norm().item()


def train(setting: Setting, dtype: torch.dtype, perturbation: float = 0.0) -> dict:
    """V <- momentum V + lr lrMult (grad + decay decayMult W); W <- W - V. `perturbation`: relative, of every initial weight."""
    momentum, lr, decay = (setting.solver[key] for key in ("momentum", "lr", "weightDecay"))
    generator = torch.Generator().manual_seed(0)
    initial = {name: torch.tensor(value).to(dtype) for name, value in setting.parameters.items()}
    params = {
        name: (value * (1 + perturbation * (2 * torch.rand(value.shape, generator=generator, dtype=dtype) - 1))).requires_grad_()
        for name, value in initial.items()
    }
    first_statistics = {name: torch.tensor(value).to(dtype) for name, value in setting.statistics.items()}
    statistics = {name: value.clone() for name, value in first_statistics.items()}
    velocity = {name: torch.zeros_like(value) for name, value in params.items()}
    losses, gradient_norms = [], {}
    for iteration in range(setting.num_iterations):
        images, labels = minibatch(iteration, setting.batch_size, setting.num_classes, setting.side)
        logits = setting.forward(torch.tensor(images).to(dtype), params, statistics)
        loss = F.cross_entropy(logits, torch.tensor(labels).long())
        gradients = dict(zip(params, torch.autograd.grad(loss, list(params.values()))))
        losses.append(loss.item())
        if iteration == 0:
            gradient_norms = {name: norm(gradient) for name, gradient in gradients.items()}
        with torch.no_grad():
            for name, w in params.items():
                step = gradients[name] + decay * setting.decay_mult(name) * w
                velocity[name].mul_(momentum).add_(lr * setting.lr_mult(name) * step)
                w.sub_(velocity[name])
    last, first = {**params, **statistics}, {**initial, **first_statistics}
    return {
        "losses": losses,
        "gradientNormsAtIteration0": gradient_norms,
        "finalNorms": {name: norm(w) for name, w in last.items()},
        "changeNorms": {name: norm(w.detach() - first[name]) for name, w in last.items()},
    }


def deviation(run: dict, of: dict) -> float:
    """Largest relative distance of a loss."""
    return max(abs(a - b) / abs(b) for a, b in zip(run["losses"], of["losses"], strict=True))


def minibatch_probe(setting: Setting, iteration: int) -> dict:
    images, labels = minibatch(iteration, setting.batch_size, setting.num_classes, setting.side)
    return {"iteration": iteration, "images": probe(images), "labels": labels.tolist()}


def record_of(setting: Setting) -> dict:
    """What record.ts reads."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    float64, float32 = train(setting, torch.float64), train(setting, torch.float32)
    perturbed = deviation(train(setting, torch.float64, perturbation=2e-7), float64)
    losses, of_float32 = float64["losses"], deviation(float32, float64)
    print(f"losses {losses[0]:.6f} ... {losses[-1]:.6f}, float32 within {of_float32:.2e}, other weights within {perturbed:.2e}")
    return {
        "schema": "selffer.parity/1",
        "network": f"{setting.network} without dropout",
        "solver": setting.solver,
        "batchSize": setting.batch_size,
        "numClasses": setting.num_classes,
        "side": setting.side,
        "numIterations": setting.num_iterations,
        "versions": {
            "torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version(),
            "cpuCapability": torch.backends.cpu.get_cpu_capability(),
        },
        "maxRelativeDeviationOfFloat32": of_float32,
        "float64": float64,
        "float32": float32,
        "fill": {
            "parameters": {name: probe(value) for name, value in {**setting.parameters, **setting.statistics}.items()},
            "minibatches": [minibatch_probe(setting, i) for i in (0, 1, setting.num_iterations - 1)],
        },
    }  # fmt: skip
