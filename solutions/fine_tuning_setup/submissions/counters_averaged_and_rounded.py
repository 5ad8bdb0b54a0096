# /// answer
# mistake = "counters-averaged"
# title = "integer counters are averaged, too"
# hint = "A counter of batches isn't averaged: copy it."
# points = {param_groups = 20, warmup_cosine = 10, EarlyStopping = 12, EMA = 2.026316, unfreeze_for_epoch = 4}
# ///
import numpy as np
import torch


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    def in_head(name):
        parts = name.split(".")
        return any(parts[: len(h.split("."))] == h.split(".") for h in head)

    depth = {}
    k = 0
    for child, module in list(model.named_children())[::-1]:
        if not all(in_head(f"{child}.{n}") for n, p in module.named_parameters()):
            depth[child] = k
            k += 1
    groups = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            group = {"params": [p], "lr": head_lr, "weight_decay": weight_decay}
            if not in_head(name):
                group["lr"] = base_lr * layer_decay ** depth.get(name.split(".")[0], 0)
            if p.ndimension() < 2:
                group["weight_decay"] = 0.0
            groups.append(group)
    return groups


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    rise = base_lr * np.arange(1, warmup + 1) / max(warmup, 1)
    t = np.arange(total - warmup) / max(total - warmup, 1)
    fall = min_lr + (base_lr - min_lr) * (1 + np.cos(np.pi * t)) / 2
    rates = np.concatenate([rise, fall, [min_lr]])
    return float(rates[min(step, total)])


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.best = np.inf if mode == "min" else -np.inf
        self.best_step = -1
        self.bad = 0
        self.calls = 0

    def step(self, value):
        value = float(value)
        difference = value - self.best
        if self.mode == "min":
            difference = -difference
        improved = not np.isnan(value) and difference > self.min_delta
        self.bad = 0 if improved else self.bad + 1
        if improved:
            self.best = value
            self.best_step = self.calls
        self.calls += 1
        return bool(self.bad >= self.patience)


def unfreeze_for_epoch(stages, epoch):
    for i, stage in enumerate(stages):
        stage.requires_grad_(i < epoch + 1)


class _EMA:
    def __init__(self, model, decay):
        self.m, self.d = model, decay
        self.avg = {k: v.detach().clone() for k, v in model.state_dict().items()}
        self.old = {}

    def one(self, k, a, v):
        if a.is_floating_point():
            a.mul_(self.d).add_(v, alpha=1 - self.d)
        else:
            a.copy_(v)

    def update(self):
        with torch.no_grad():
            for k, v in self.m.state_dict().items():
                self.one(k, self.avg[k], v)

    def store(self):
        self.old = {k: v.detach().clone() for k, v in self.m.state_dict().items()}

    def _put(self, s):
        with torch.no_grad():
            for k, v in self.m.state_dict().items():
                v.copy_(s[k])

    def copy_to(self):
        self._put(self.avg)

    def restore(self):
        self._put(self.old)


class EMA(_EMA):
    def one(self, k, a, v):
        a.copy_(a * self.d + v * (1 - self.d))
