# /// answer
# mistake = "update-writes-model"
# title = "update writes the average into the model"
# hint = "update leaves the model alone."
# points = {param_groups = 20, warmup_cosine = 10, EarlyStopping = 12, EMA = 7.429825, unfreeze_for_epoch = 4}
# ///
import copy
import math

import torch
from torch import nn


def matches(name, head):
    return any(name == h or name.startswith(h + ".") for h in head)


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    layers = []
    for child, module in model.named_children():
        names = [child + "." + n for n, _ in module.named_parameters()]
        if any(not matches(n, head) for n in names):
            layers.append(child)
    groups = []
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        child = name.split(".")[0]
        if matches(name, head):
            lr = head_lr
        elif child in layers:
            lr = base_lr * layer_decay ** (len(layers) - 1 - layers.index(child))
        else:
            lr = base_lr
        decay = weight_decay if p.ndim > 1 else 0.0
        groups.append({"params": [p], "lr": lr, "weight_decay": decay})
    return groups


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    if step < warmup:
        return base_lr * (step + 1) / warmup
    if step >= total:
        return min_lr
    t = (step - warmup) / (total - warmup)
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * t))


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.best = math.inf if mode == "min" else -math.inf
        self.best_step = None
        self.count = 0
        self.i = -1

    def step(self, value):
        self.i += 1
        if self.mode == "min":
            better = value < self.best - self.min_delta
        else:
            better = value > self.best + self.min_delta
        if better:
            self.best = value
            self.best_step = self.i
            self.count = 0
        else:
            self.count += 1
        return self.count >= self.patience


class EMA:
    def __init__(self, model, decay):
        self.model = model
        self.decay = decay
        self.shadow = copy.deepcopy(model.state_dict())
        self.backup = None

    def update(self):
        with torch.no_grad():
            for k, v in self.model.state_dict().items():
                if v.is_floating_point():
                    self.shadow[k] = self.decay * self.shadow[k] + (1 - self.decay) * v
                    v.copy_(self.shadow[k])
                else:
                    self.shadow[k] = v.clone()

    def store(self):
        self.backup = copy.deepcopy(self.model.state_dict())

    def copy_to(self):
        self.model.load_state_dict(self.shadow)

    def restore(self):
        self.model.load_state_dict(self.backup)


def unfreeze_for_epoch(stages, epoch):
    for i, stage in enumerate(stages):
        for p in stage.parameters():
            p.requires_grad = i <= epoch
