"""Records small pieces of PyTorch, yardsticks of test/train/solvers.test.ts and of resampling: ten steps of a linear classifier
with its solvers, and its antialiased bilinear interpolation.

    python test/parity/record_pieces.py && npx prettier --write test/parity/pieces.json
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

CROPS = [[10, 200, 30, 90], [250, 5, 60, 120], [33, 77, 140, 255]]
LABELS = [2, 0, 1]
WEIGHTS = [[0.5, -0.25, 0.125, 1], [-0.75, 0.5, 0.25, -1], [0.0625, 0.375, -0.5, 0.75]]
BIASES = [0.25, -0.5, 0.125]
RATE, DECAY, ITERATIONS = 0.05, 0.1, 10


def train(make, smoothing=0.0, clip=None) -> list[float]:
    """Weights, then biases, whose rate is twice that of weights, after ten steps in float64."""
    x = torch.tensor(CROPS, dtype=torch.float64) / 64
    w = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(BIASES, dtype=torch.float64, requires_grad=True)
    optimiser = make([{"params": [w], "lr": RATE}, {"params": [b], "lr": 2 * RATE}])
    for _ in range(ITERATIONS):
        optimiser.zero_grad()
        F.cross_entropy(F.linear(x, w, b), torch.tensor(LABELS), label_smoothing=smoothing).backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_([w, b], clip)
        optimiser.step()
    return w.detach().flatten().tolist() + b.detach().tolist()


def sgd(nesterov):
    return lambda groups: torch.optim.SGD(groups, momentum=0.9, weight_decay=DECAY, nesterov=nesterov)


def adamw(groups):
    return torch.optim.AdamW(groups, betas=(0.8, 0.95), eps=1e-3, weight_decay=DECAY)


def resampled(height: int, width: int) -> list[float]:
    image = (torch.arange(2 * 7 * 9) * 37 % 251).reshape(1, 2, 7, 9).double()
    size = (height, width)
    return F.interpolate(image, size=size, mode="bilinear", align_corners=False, antialias=True).flatten().tolist()


record = {
    "schema": "selffer.pieces/1",
    "torch": torch.__version__,
    "solvers": {
        "momentum": train(sgd(False)),
        "nesterov momentum": train(sgd(True)),
        "adamw": train(adamw),
        "label smoothing": train(sgd(False), smoothing=0.2),
        "clipping of every step": train(sgd(False), clip=0.3),
    },
    "resampled": [{"height": h, "width": w, "values": resampled(h, w)} for h, w in ((4, 5), (10, 12), (3, 14))],
}
Path(__file__).with_name("pieces.json").write_text(json.dumps(record, indent=2) + "\n")
