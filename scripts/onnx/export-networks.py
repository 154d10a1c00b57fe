"""Writes torchvision and timm networks as ONNX files, with both exporters of PyTorch.

Random weights, and the statistics of random images in every batch norm: with those that a fresh
network has (mean 0, variance 1) a reader that loses them would not be noticed.

  pip install torch torchvision timm onnx onnxscript
  python scripts/onnx/export-networks.py FOLDER [NAME...]

NAME: tv/resnet18, timm/vit_tiny_patch16_224; none: all of the list below. For each network
FOLDER/<library>-<name>-<legacy|dynamo>.onnx; `legacy` and `dynamo` as PyTorch writes them by
default, `kept` with the option that keeps batch norm.
"""

import sys
import warnings
from pathlib import Path

import torch

NETWORKS = [
    *("tv/resnet18 tv/resnet50 tv/mobilenet_v2 tv/mobilenet_v3_small tv/vgg11_bn").split(),
    *("tv/densenet121 tv/efficientnet_b0 tv/shufflenet_v2_x1_0 tv/googlenet").split(),
    *("tv/regnet_y_400mf tv/convnext_tiny tv/vit_b_16 tv/swin_t tv/alexnet").split(),
    *("tv/squeezenet1_1 tv/inception_v3").split(),
    *("timm/resnetv2_50 timm/seresnet18 timm/mobilenetv4_conv_small timm/ghostnet_100").split(),
    *("timm/vit_tiny_patch16_224 timm/mixer_s32_224 timm/poolformer_s12").split(),
    *("timm/tf_efficientnet_b0 timm/levit_128s timm/fastvit_t8 timm/repvgg_a0").split(),
    *("timm/mobilevit_xxs timm/xception41 timm/efficientvit_b0 timm/hrnet_w18_small").split(),
    *("timm/edgenext_xx_small timm/swin_tiny_patch4_window7_224").split(),
]


def made(name):
    library, model = name.split("/")
    torch.manual_seed(0)
    if library == "timm":
        import timm

        network = timm.create_model(model)
        size = network.default_cfg["input_size"][-1]
    else:
        import torchvision

        extra = {"init_weights": True} if model in ("googlenet", "inception_v3") else {}
        network = torchvision.models.get_model(model, weights=None, **extra)
        size = 299 if model == "inception_v3" else 224
    for parameter in network.parameters():
        # Heads and scales that start at 0, or next to it, would hide whatever comes before them.
        if parameter.abs().max() < 1e-3:
            torch.nn.init.normal_(parameter, std=0.02)
    norms = [m for m in network.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.momentum = 1.0
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.normal_(norm.bias, std=0.1)
    network.train()
    with torch.no_grad():
        network(torch.randn(4, 3, size, size))
    for norm in norms:
        norm.momentum = 0.1
    return network.eval(), torch.randn(1, 3, size, size)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore")
    ways = {
        "legacy": {"dynamo": False, "dynamic_axes": {"x": {0: "N"}}},
        "dynamo": {"dynamo": True},
        "kept": {"dynamo": True, "optimize": False},
    }
    for name in sys.argv[2:] or NETWORKS:
        for way, options in ways.items():
            path = folder / f"{name.replace('/', '-')}-{way}.onnx"
            if path.exists():
                continue
            try:
                network, x = made(name)
                # With gradients: without, attention becomes one operator that ONNX lacks.
                torch.onnx.export(network, (x,), str(path), input_names=["x"], **options)
                print("wrote", path, flush=True)
            except Exception as error:  # one network that cannot be exported costs one row
                print("FAILED", path, str(error).split("\n")[0], flush=True)


main()
