"""A transferability study in PyTorch as a careful user would write it by hand: one network at a time, frozen layers under no_grad,
images in memory, crop and mirror on the fly. Runs on PyTorch 1.13 and later.

    torch_study.py time --study DIR --variant V      one JSON request a line on stdin, one JSON answer a line on stdout
    torch_study.py train --study DIR --variant V --out DIR [--only NAME ...]     trains all networks; goes on where it was stopped

DIR is what bench/study/peer-input.ts writes. V: (fp32|bf16)-(nchw|channels_last)[-fused][-compiled], see bench/README.md.
"""

import argparse
import contextlib
import json
import os
import re
import sys
import time
from pathlib import Path


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="a transferability study in PyTorch, one network at a time")
    parser.add_argument("mode", choices=["time", "train"])
    parser.add_argument("--study", type=Path, required=True)
    parser.add_argument("--variant", required=True)
    parser.add_argument("--threads", type=int, default=int(os.environ.get("OMP_NUM_THREADS", 0)) or os.cpu_count())
    parser.add_argument("--out", type=Path, help="train: a JSON file a network, and the bases' weights")
    parser.add_argument("--only", nargs="*", help="train: these networks only (bases first)")
    return parser.parse_args()


ARGUMENTS = parse_arguments()
os.environ["OMP_NUM_THREADS"] = str(ARGUMENTS.threads)  # before PyTorch loads OpenMP

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402
from torch_networks import compiled, initialise, tiny32  # noqa: E402

VARIANT = re.compile(r"(fp32|bf16)-(nchw|channels_last)(-fused)?(-compiled)?")
# libgomp's threads spin for up to 10 ms after the last parallel region; the answer waits until they sleep, so as not to slow a rival.
SPIN_SECONDS = 0.02


class Task:
    """One half of the classes: uint8 images and labels in memory, and the mean image of its training images."""

    def __init__(self, folder: Path, channels: int, size: int):
        def read(name: str, dtype: torch.dtype) -> torch.Tensor:
            path = folder / name
            count = path.stat().st_size // torch.tensor([], dtype=dtype).element_size()
            return torch.from_file(str(path), size=count, dtype=dtype).clone()

        self.train = read("train.u8", torch.uint8).view(-1, channels, size, size)
        self.val = read("val.u8", torch.uint8).view(-1, channels, size, size)
        self.train_labels = read("train-labels.i32", torch.int32).long()
        self.val_labels = read("val-labels.i32", torch.int32).long()
        self.mean = read("mean.f32", torch.float32).view(channels, size, size)
        self.classes = int(self.train_labels.max()) + 1


class Study:
    """What bench/study/peer-input.ts wrote."""

    def __init__(self, folder: Path):
        facts = json.loads((folder / "study.json").read_text())
        self.crop: int = facts["crop"]
        self.mirror: bool = facts["mirror"]
        self.scale: float = facts["inputScale"]
        self.schedule: dict = facts["schedule"]
        self.networks: list[dict] = facts["networks"]
        self.tasks = {name: Task(folder / name, facts["channels"], facts["size"]) for name in facts["tasks"]}


class Minibatches:
    """Crops, mirrors and normalises minibatches of a task. `mean`: mean image to subtract, at the place of each crop."""

    def __init__(self, study: Study, task: Task, mean: torch.Tensor, memory_format: torch.memory_format, seed: int):
        self.task, self.crop, self.scale, self.mirror = task, study.crop, study.scale, study.mirror
        self.batch_size: int = study.schedule["batch"]
        self.memory_format = memory_format
        self.generator = torch.Generator().manual_seed(seed)
        self.order = torch.empty(0, dtype=torch.long)
        self.offsets = task.train.shape[-1] - study.crop + 1
        self.windows = task.train.unfold(2, study.crop, 1).unfold(3, study.crop, 1)  # a view [N,C,offset,offset,crop,crop]
        self.means = mean.unfold(1, study.crop, 1).unfold(2, study.crop, 1).permute(1, 2, 0, 3, 4).contiguous()

    def random(self, *shape: int, high: int) -> torch.Tensor:
        return torch.randint(high, shape, generator=self.generator)

    def train(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The next minibatch; the order is a new permutation every epoch, minibatches run across its end."""
        if len(self.order) < self.batch_size:
            self.order = torch.cat([self.order, torch.randperm(len(self.task.train), generator=self.generator)])
        chosen, self.order = self.order[: self.batch_size], self.order[self.batch_size :]
        top, left = self.random(len(chosen), high=self.offsets), self.random(len(chosen), high=self.offsets)
        images = self.windows[chosen, :, top, left].float().sub_(self.means[top, left]).mul_(self.scale)
        if self.mirror:
            mirrored = self.random(len(chosen), high=2).bool()
            images = torch.where(mirrored[:, None, None, None], images.flip(3), images)
        return images.contiguous(memory_format=self.memory_format), self.task.train_labels[chosen]

    def val(self):
        """All validation images once: centre crops, not mirrored."""
        at = (self.offsets - 1) // 2
        end = at + self.crop
        for first in range(0, len(self.task.val), self.batch_size):
            part = slice(first, first + self.batch_size)
            images = (self.task.val[part, :, at:end, at:end].float() - self.means[at, at]).mul_(self.scale)
            yield images.contiguous(memory_format=self.memory_format), self.task.val_labels[part]


def split_after(network: nn.Sequential, n: int) -> int:
    """Index of the module that ends the first n weight layers and the parameter-free ones that follow."""
    starts = [at for at, module in enumerate(network) if isinstance(module, (nn.Conv2d, nn.Linear))]
    return starts[n] if n > 0 else 0


class Training:
    """A network with its solver and minibatches."""

    def __init__(self, study: Study, entry: dict, variant: str, source: dict | None):
        match = VARIANT.fullmatch(variant)
        if match is None:
            raise ValueError(f"unknown variant {variant}, wanted {VARIANT.pattern}")
        precision, layout, fused, is_compiled = match.groups()
        self.study, self.is_bf16 = study, precision == "bf16"
        memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        torch.manual_seed(entry["seed"])
        task = study.tasks[entry["target"]]
        mean = study.tasks[entry["meanOf"]].mean
        self.minibatches = Minibatches(study, task, mean, memory_format, entry["orderSeed"])
        self.network = tiny32(task.classes)
        initialise("tiny32", self.network)
        cut = split_after(self.network, entry["n"])
        if source is not None:
            own = self.network.state_dict()
            copied = {name: value for name, value in source.items() if int(name.split(".")[0]) < cut}
            self.network.load_state_dict({**own, **copied})
        self.network.to(memory_format=memory_format)
        frozen = cut if entry["frozen"] else 0
        self.prefix, self.rest = self.network[:frozen], self.network[frozen:]
        self.prefix.requires_grad_(False)
        self.solver = self.make_solver(fused is not None)
        self.forward = compiled(self.loss) if is_compiled else self.loss
        self.iteration = 0

    def make_solver(self, fused: bool) -> torch.optim.SGD:
        """SGD; biases have twice the learning rate and no decay. `fused`: PyTorch's one-pass kernel, where it has one."""
        schedule = self.study.schedule
        named = [(name, p) for name, p in self.rest.named_parameters()]
        groups = [
            {"params": [p for name, p in named if name.endswith("weight")], "mult": 1, "weight_decay": schedule["weightDecay"]},
            {"params": [p for name, p in named if name.endswith("bias")], "mult": 2, "weight_decay": 0.0},
        ]
        options = {"fused": True} if fused else {}
        solver = torch.optim.SGD(groups, lr=schedule["learningRate"], momentum=schedule["momentum"], **options)
        for group in solver.param_groups:
            group["lr"] = schedule["learningRate"] * group["mult"]
        return solver

    def loss(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        with self.precision():
            with torch.no_grad():
                images = self.prefix(images)
            return F.cross_entropy(self.rest(images), labels)

    def precision(self):
        return torch.autocast("cpu", torch.bfloat16) if self.is_bf16 else contextlib.nullcontext()

    def step(self) -> None:
        """One iteration: minibatch, forward, backward, update."""
        if self.iteration in self.study.schedule["steps"]:
            self.lower_rate(self.study.schedule["gamma"])
        images, labels = self.minibatches.train()
        self.solver.zero_grad(set_to_none=True)
        self.forward(images, labels).backward()
        self.solver.step()
        self.iteration += 1

    def lower_rate(self, gamma: float) -> None:
        """Caffe's velocity holds the rate it was made with (v = m v + lr g), PyTorch's buffer does not (w -= lr v)."""
        for group in self.solver.param_groups:
            group["lr"] *= gamma
            for parameter in group["params"]:
                self.solver.state[parameter]["momentum_buffer"].div_(gamma)

    def test(self) -> float:
        """Top-1 accuracy over all validation images."""
        self.network.eval()
        correct = 0
        with torch.no_grad(), self.precision():
            for images, labels in self.minibatches.val():
                correct += int((self.network(images).argmax(1) == labels).sum())
        self.network.train()
        return correct / len(self.minibatches.task.val)


def milliseconds(work) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def measure(trainings: dict[str, Training], study: Study, request: dict) -> dict:
    """Times iterations and one test of a network; weights are fresh, the frozen ones too."""
    name, compiled = request["network"], ARGUMENTS.variant.endswith("-compiled")
    training = trainings.get(name)
    if training is None:
        [entry] = [each for each in study.networks if each["name"] == name]
        training = Training(study, entry, ARGUMENTS.variant, None)
        if compiled:
            trainings[name] = training  # compiling takes longer than a round
    for _ in range(request["warmUp"]):
        training.step()
    return {
        "iterationMs": [round(milliseconds(training.step), 3) for _ in range(request["iterations"])],
        "testMs": round(milliseconds(training.test), 3),
        "engine": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads",
    }


def answer_requests(study: Study) -> None:
    trainings: dict[str, Training] = {}
    for line in sys.stdin:
        try:
            answer = measure(trainings, study, json.loads(line))
        except Exception as error:  # the driver decides; one bad request must not end the process
            answer = {"error": f"{type(error).__name__}: {error}"}
        time.sleep(SPIN_SECONDS)
        print(json.dumps(answer), flush=True)


def train_all(study: Study, out: Path) -> None:
    """Trains what has no result yet, bases first; a result is written whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    for entry in study.networks:
        if ARGUMENTS.only is not None and entry["name"] not in ARGUMENTS.only:
            continue
        file_name = entry["name"].replace("/", "_")
        result = out / f"{file_name}.json"
        if result.exists():
            continue
        source = None
        if entry["source"] is not None:
            source = torch.load(out / f"{entry['source'].replace('/', '_')}.pt")
        start = time.perf_counter()
        training = Training(study, entry, ARGUMENTS.variant, source)
        accuracies = []
        iterations, test_every = study.schedule["iterations"], study.schedule["testEvery"]
        while training.iteration < iterations:
            training.step()
            if training.iteration % test_every == 0 or training.iteration == iterations:
                accuracies.append(training.test())
        if entry["n"] == 0:
            torch.save(training.network.state_dict(), out / f"{file_name}.pt")
        seconds = round(time.perf_counter() - start, 1)
        draft = out / f"{file_name}.tmp"
        draft.write_text(json.dumps({"name": entry["name"], "accuracies": accuracies, "seconds": seconds}))
        draft.replace(result)
        print(f"{entry['name']}: accuracy {accuracies[-1]:.4f}, {seconds} s", file=sys.stderr, flush=True)


def main() -> None:
    torch.set_num_threads(ARGUMENTS.threads)
    study = Study(ARGUMENTS.study)
    if ARGUMENTS.mode == "time":
        answer_requests(study)
    else:
        train_all(study, ARGUMENTS.out)


if __name__ == "__main__":
    main()
