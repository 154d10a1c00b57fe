"""The benchmark's networks in PyTorch, as a careful user would write them; the same layers as src/net's presets. Networks with
branches are their publishers' (torch_presets.py), which needs torchvision and timm."""

from dataclasses import dataclass

import torch
from torch import nn

WEIGHT_DECAY, MOMENTUM, LEARNING_RATE = 5e-4, 0.9, 0.01


@dataclass(frozen=True)
class Task:
    """One benchmark: a network, its minibatch and input size."""

    batch_size: int
    crop: int
    classes: int


TASKS = {
    "tiny32": Task(batch_size=128, crop=32, classes=40),
    "alex64": Task(batch_size=128, crop=56, classes=40),
    "caffenet": Task(batch_size=32, crop=227, classes=1000),
    "resnet20": Task(batch_size=128, crop=32, classes=40),
    "vit-tiny32": Task(batch_size=128, crop=32, classes=40),
    "resnet18": Task(batch_size=32, crop=224, classes=1000),
    "resnet50": Task(batch_size=32, crop=224, classes=1000),
    "vgg11-bn": Task(batch_size=32, crop=224, classes=1000),
    "mobilenet-v2": Task(batch_size=32, crop=96, classes=1000),
    "efficientnet-b0": Task(batch_size=32, crop=224, classes=1000),
}


def lrn() -> nn.Module:
    return nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)


def pool() -> nn.Module:
    return nn.MaxPool2d(3, 2, ceil_mode=True)


def convolution(inputs: int, outputs: int, kernel: int, stride: int = 1, pad: int = 0, groups: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, kernel, stride, pad, groups=groups), nn.ReLU(inplace=True)]


def inner_product(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Linear(inputs, outputs), nn.ReLU(inplace=True), nn.Dropout(0.5)]


def tiny32(classes: int) -> nn.Sequential:
    return nn.Sequential(
        *convolution(3, 32, 5, pad=2), pool(), lrn(),
        *convolution(32, 64, 5, pad=2), pool(), lrn(),
        *convolution(64, 96, 3, pad=1),
        *convolution(96, 96, 3, pad=1),
        *convolution(96, 64, 3, pad=1), pool(), nn.Flatten(),
        *inner_product(64 * 4 * 4, 256), *inner_product(256, 256), nn.Linear(256, classes),
    )  # fmt: skip


def alex64(classes: int) -> nn.Sequential:
    return nn.Sequential(
        *convolution(3, 64, 7, stride=2, pad=3), pool(), lrn(),
        *convolution(64, 128, 5, pad=2), pool(), lrn(),
        *convolution(128, 192, 3, pad=1),
        *convolution(192, 192, 3, pad=1),
        *convolution(192, 128, 3, pad=1), pool(), nn.Flatten(),
        *inner_product(128 * 3 * 3, 512), *inner_product(512, 512), nn.Linear(512, classes),
    )  # fmt: skip


def caffenet(classes: int) -> nn.Sequential:
    return nn.Sequential(
        *convolution(3, 96, 11, stride=4), pool(), lrn(),
        *convolution(96, 256, 5, pad=2, groups=2), pool(), lrn(),
        *convolution(256, 384, 3, pad=1),
        *convolution(384, 384, 3, pad=1, groups=2),
        *convolution(384, 256, 3, pad=1, groups=2), pool(), nn.Flatten(),
        *inner_product(256 * 6 * 6, 4096), *inner_product(4096, 4096), nn.Linear(4096, classes),
    )  # fmt: skip


def initialise(name: str, network: nn.Sequential) -> None:
    """caffenet: the prototxt's Gaussians and biases of 1 (conv2, 4, 5, fc6, 7); the others: He, zero, last layer N(0, 0.01)."""
    layers = [module for module in network if isinstance(module, (nn.Conv2d, nn.Linear))]
    for number, layer in enumerate(layers, 1):
        if name == "caffenet":
            nn.init.normal_(layer.weight, std=0.005 if number in (6, 7) else 0.01)
            nn.init.constant_(layer.bias, 1.0 if number in (2, 4, 5, 6, 7) else 0.0)
        else:
            if number == len(layers):
                nn.init.normal_(layer.weight, std=0.01)
            else:
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)


CHAINS = {"tiny32": tiny32, "alex64": alex64, "caffenet": caffenet}


def build(name: str) -> nn.Module:
    """The network with fresh weights, in training mode (dropout on)."""
    if name in CHAINS:
        network = CHAINS[name](TASKS[name].classes)
        initialise(name, network)
    else:
        from torch_presets import PRESETS

        network = PRESETS[name](TASKS[name].classes)
    return network.train()


def solver(name: str, network: nn.Module, fused: bool) -> torch.optim.SGD:
    """SGD; in chains biases have twice the learning rate and no decay, as Caffe's reference models; elsewhere decay spares what
    the publishers' recipes spare. `fused`: PyTorch's one-pass kernel."""
    parameters = list(network.named_parameters())
    if name in CHAINS:
        others, others_rate = {key for key, _ in parameters if key.endswith("bias")}, 2 * LEARNING_RATE
    else:
        from torch_presets import decays

        others, others_rate = {key for key, p in parameters if not decays(name, p, key)}, LEARNING_RATE
    groups = [
        {"params": [p for key, p in parameters if key not in others], "lr": LEARNING_RATE, "weight_decay": WEIGHT_DECAY},
        {"params": [p for key, p in parameters if key in others], "lr": others_rate, "weight_decay": 0.0},
    ]
    extra = {"fused": True} if fused else {}  # PyTorch 1.13 does not know the word
    return torch.optim.SGD([group for group in groups if group["params"]], lr=LEARNING_RATE, momentum=MOMENTUM, **extra)


def compiled(function):
    """`torch.compile` for a process that builds many networks: beyond 8 variants of one function PyTorch would run the next ones
    eagerly, with no more than a warning, and their times would be called compiled."""
    limit = "recompile_limit" if hasattr(torch._dynamo.config, "recompile_limit") else "cache_size_limit"
    setattr(torch._dynamo.config, limit, 1000)
    return torch.compile(function)
