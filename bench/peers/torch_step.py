"""Times training steps in PyTorch, one request a line, so that a driver can interleave them with its own.

    python bench/peers/torch_step.py --threads 2

reads `run NETWORK VARIANT ITERATIONS` lines and answers each with one line of JSON:
{"net", "variant", "iterations", "timesMs": [...], "imagesPerSecond" (of the median), "loss", "torch", "threads"}, or {"error"}.
NETWORK: one of TASKS in torch_networks.py. VARIANT: (fp32|bf16)-(nchw|channels_last)[-fused][-compiled]; bf16 is
autocast, fused the one-pass SGD kernel, compiled torch.compile. A timed step is zero_grad, forward, backward and update on a
minibatch that is already in memory, normalised, in the variant's layout. The first use of a variant builds it and runs three
untimed steps.
"""

import argparse
import contextlib
import json
import os
import re
import statistics
import sys
import time


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="times PyTorch training steps on request")
    parser.add_argument("--threads", type=int, default=int(os.environ.get("OMP_NUM_THREADS", 0)) or os.cpu_count())
    return parser.parse_args()


ARGUMENTS = parse_arguments()
os.environ["OMP_NUM_THREADS"] = str(ARGUMENTS.threads)  # before PyTorch loads OpenMP

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch_networks import TASKS, build, compiled, solver  # noqa: E402

WARM_UP_STEPS, NUM_BATCHES = 3, 2
# libgomp's threads spin for up to 10 ms after the last parallel region; the answer waits until they sleep, so as not to slow a rival.
SPIN_SECONDS = 0.02
VARIANT = re.compile(r"(fp32|bf16)-(nchw|channels_last)(-fused)?(-compiled)?")


class Step:
    """A network, its solver and minibatches already in memory; calling it does one training step and returns the loss."""

    def __init__(self, net: str, variant: str):
        match = VARIANT.fullmatch(variant)
        if net not in TASKS or match is None:
            raise ValueError(f"unknown {net} {variant}; networks {list(TASKS)}, variants {VARIANT.pattern}")
        precision, layout, fused, is_compiled = match.groups()
        torch.manual_seed(0)
        task = TASKS[net]
        memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        self.network = build(net).to(memory_format=memory_format)
        self.solver = solver(net, self.network, fused is not None)
        self.is_bf16 = precision == "bf16"
        self.forward = compiled(self.loss) if is_compiled else self.loss
        self.batches = [
            (
                torch.randn(task.batch_size, 3, task.crop, task.crop).to(memory_format=memory_format),
                torch.randint(task.classes, (task.batch_size,)),
            )
            for _ in range(NUM_BATCHES)
        ]
        self.count = 0
        for _ in range(WARM_UP_STEPS):
            self()

    def loss(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        autocast = torch.autocast("cpu", torch.bfloat16) if self.is_bf16 else contextlib.nullcontext()
        with autocast:
            return F.cross_entropy(self.network(images), labels)

    def __call__(self) -> torch.Tensor:
        images, labels = self.batches[self.count % NUM_BATCHES]
        self.count += 1
        self.solver.zero_grad(set_to_none=True)
        loss = self.forward(images, labels)
        loss.backward()
        self.solver.step()
        return loss.detach()


def measure(step: Step, net: str, variant: str, iterations: int) -> dict:
    times_ms = []
    for _ in range(iterations):
        start = time.perf_counter()
        loss = step()
        times_ms.append((time.perf_counter() - start) * 1e3)
    return {
        "net": net,
        "variant": variant,
        "iterations": iterations,
        "timesMs": [round(t, 3) for t in times_ms],
        "imagesPerSecond": round(TASKS[net].batch_size / statistics.median(times_ms) * 1e3, 2),
        "loss": loss.item(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
    }


def main() -> None:
    torch.set_num_threads(ARGUMENTS.threads)
    steps: dict[tuple[str, str], Step] = {}
    for line in sys.stdin:
        words = line.split()
        if not words:
            continue
        try:
            if len(words) != 4 or words[0] != "run" or int(words[3]) < 1:
                raise ValueError(f"wanted `run NETWORK VARIANT ITERATIONS`, got {line.strip()!r}")
            net, variant, iterations = words[1], words[2], int(words[3])
            if (net, variant) not in steps:
                steps[net, variant] = Step(net, variant)
            answer = measure(steps[net, variant], net, variant, iterations)
        except Exception as error:  # the driver decides; one bad line must not end the process
            answer = {"error": f"{type(error).__name__}: {error}"}
        time.sleep(SPIN_SECONDS)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
