# /// answer
# mistake = "shadow-aliases-model"
# title = "the average shares memory with the live model"
# hint = "state_dict() gives the live tensors, and so does a copy of the dict alone: clone each of them."
# points = {param_groups = 20, warmup_cosine = 10, EarlyStopping = 12, EMA = 2.026316, unfreeze_for_epoch = 4}
# ///
import math
from dataclasses import dataclass, field

import torch


def _prefixed(name, head):
    parts = name.split(".")
    return not {".".join(parts[:i]) for i in range(1, len(parts) + 1)}.isdisjoint(head)


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    everything = dict(model.named_parameters())
    head_ids = {id(p) for n, p in everything.items() if _prefixed(n, set(head))}
    result = []

    def emit(ids, lr):
        ps = [p for p in everything.values() if id(p) in ids and p.requires_grad]
        big, small = [p for p in ps if p.dim() >= 2], [p for p in ps if p.dim() < 2]
        if big:
            result.append({"params": big, "lr": lr, "weight_decay": weight_decay})
        if small:
            result.append({"params": small, "lr": lr, "weight_decay": 0.0})

    emit(head_ids, head_lr)
    done = set(head_ids)
    layers = []
    for _, child in model.named_children():
        ids = {id(p) for p in child.parameters()} - head_ids
        if ids:
            layers.append(ids)
    lr = base_lr * layer_decay ** (len(layers) - 1)
    for ids in layers:
        emit(ids - done, lr)
        done |= ids
        lr = lr / layer_decay
    emit({id(p) for p in everything.values()} - done, base_lr)
    return result


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    if step < warmup:
        return base_lr / warmup * (step + 1)
    t = 1.0 if step >= total else (step - warmup) / (total - warmup)
    return float(
        torch.lerp(
            torch.tensor(min_lr, dtype=torch.float64),
            torch.tensor(base_lr, dtype=torch.float64),
            math.cos(t * math.pi / 2) ** 2,
        )
    )


@dataclass
class EarlyStopping:
    patience: int
    min_delta: float = 0.0
    mode: str = "min"
    best: float = float("nan")
    best_step: int = 0
    values: list = field(default_factory=list)
    bad: int = 0

    def step(self, value):
        value = torch.as_tensor(value, dtype=torch.float64)
        self.values.append(value)
        if torch.isnan(value):
            self.bad += 1
        elif math.isnan(self.best):
            self._new(value)
        elif (self.best - value if self.mode == "min" else value - self.best) > self.min_delta:
            self._new(value)
        else:
            self.bad += 1
        return not self.bad < self.patience

    def _new(self, value):
        self.best, self.best_step, self.bad = value.item(), len(self.values) - 1, 0


def unfreeze_for_epoch(stages, epoch):
    trainable = {id(p) for s in stages[: epoch + 1] for p in s.parameters()}
    for s in stages:
        for _, p in s.named_parameters():
            p.requires_grad = id(p) in trainable


class EMA:
    def __init__(self, model, decay):
        self.m, self.d, self.a, self.k = model, decay, {k: v.detach() for k, v in model.state_dict().items()}, {}

    @torch.no_grad()
    def update(self):
        for k, v in self.m.state_dict().items():
            if v.is_floating_point():
                self.a[k] = self.a[k] * self.d + v * (1 - self.d)
            else:
                self.a[k] = v.clone()

    def store(self):
        self.k = {k: v.clone() for k, v in self.m.state_dict().items()}

    def copy_to(self):
        self.m.load_state_dict(self.a)

    def restore(self):
        self.m.load_state_dict(self.k)
