"""The reference networks of the presets with branches and norms, as their publishers have them.

torchvision and timm where they have the network; resnet20, which neither has, is written here as He et al. 2016 describe it.
Read by the benchmark's peer and by the scripts that record what the presets are compared with.
"""

import timm.models.vision_transformer
import torch
import torch.nn.functional as F
import torchvision
from torch import nn


class PlainBlock(nn.Module):
    """Two 3x3 convolutions; the shortcut has no weights ("option A"): every second pixel, zeros for the new channels."""

    def __init__(self, inputs: int, width: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.stride, self.new_channels = stride, width - inputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        inside = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        shortcut = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new_channels))
        return F.relu(inside + shortcut)


class ResNet20(nn.Module):
    """He et al. 2016, section 4.2, n = 3: three stages of three blocks with 16, 32 and 64 channels."""

    def __init__(self, num_classes: int):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        inputs = 16
        for stage, width in enumerate((16, 32, 64), 1):
            blocks = []
            for at in range(3):
                blocks.append(PlainBlock(inputs, width, 2 if stage > 1 and at == 0 else 1))
                inputs = width
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


def vit_tiny32(num_classes: int) -> nn.Module:
    """timm's VisionTransformer for 32x32 images, without class token."""
    return timm.models.vision_transformer.VisionTransformer(
        img_size=32, patch_size=4, embed_dim=128, depth=6, num_heads=4, mlp_ratio=2,
        class_token=False, global_pool="avg", fc_norm=False, num_classes=num_classes,
    )  # fmt: skip


# stochastic_depth_prob=0: the preset has no stochastic depth, as drawn by an image it is no part of a benchmark of arithmetic.
PRESETS = {
    "resnet20": ResNet20,
    "vit-tiny32": vit_tiny32,
    "resnet18": lambda classes: torchvision.models.resnet18(num_classes=classes),
    "resnet50": lambda classes: torchvision.models.resnet50(num_classes=classes),
    "vgg11-bn": lambda classes: torchvision.models.vgg11_bn(num_classes=classes),
    "mobilenet-v2": lambda classes: torchvision.models.mobilenet_v2(num_classes=classes),
    "efficientnet-b0": lambda classes: torchvision.models.efficientnet_b0(num_classes=classes, stochastic_depth_prob=0.0),
}

# Whether biases and what norms learn decay. The publishers' recipes: all parameters of the residual networks and VGG do.
DECAYS_ALL = {
    "resnet20": True,
    "vit-tiny32": False,
    "resnet18": True,
    "resnet50": True,
    "vgg11-bn": True,
    "mobilenet-v2": False,
    "efficientnet-b0": False,
}


def decays(name: str, tensor: torch.Tensor, parameter: str) -> bool:
    """True for a parameter of preset `name` that weight decay moves."""
    return DECAYS_ALL[name] or (tensor.ndim > 1 and parameter != "pos_embed")
