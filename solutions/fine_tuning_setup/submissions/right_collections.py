# /// answer
# right = true
# title = "Groups by key, a clipped progress, a history, deep copies"
# ///
import copy
from collections import defaultdict
from math import cos, isnan, pi

import torch


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    head = list(head)
    head_names = {n for n, _ in model.named_parameters() for h in head if n == h or n.startswith(f"{h}.")}
    backbone_children = []
    for n, _ in model.named_parameters():
        if n not in head_names and "." in n and n.split(".")[0] not in backbone_children:
            backbone_children.append(n.split(".")[0])
    scale = {}
    lr = base_lr
    for child in backbone_children[::-1]:
        scale[child] = lr
        lr *= layer_decay
    buckets = defaultdict(list)
    for n, p in model.named_parameters():
        if p.requires_grad:
            rate = head_lr if n in head_names else scale.get(n.split(".")[0], base_lr)
            buckets[rate, len(p.shape) >= 2].append(p)
    return [dict(params=ps, lr=r, weight_decay=weight_decay * w) for (r, w), ps in buckets.items()]


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    if step < warmup:
        return base_lr * ((step + 1) / warmup)
    length = total - warmup
    progress = min((step - warmup) / length, 1.0) if length else 1.0
    weight = (1 + cos(pi * progress)) / 2
    return weight * base_lr + (1 - weight) * min_lr


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.history = []
        self.best = self.best_step = None

    def step(self, value):
        self.history.append(value)
        if not isnan(value) and (self.best is None or self.gain(value) > self.min_delta):
            self.best, self.best_step = value, len(self.history) - 1
        since = len(self.history) - 1 - (-1 if self.best_step is None else self.best_step)
        return since >= self.patience

    def gain(self, value):
        return self.best - value if self.mode == "min" else value - self.best


class EMA:
    def __init__(self, model, decay):
        self.model, self.decay = model, decay
        self.average = copy.deepcopy(model).requires_grad_(False)

    def tensors(self, model):
        return list(model.parameters()) + list(model.buffers())

    @torch.no_grad()
    def update(self):
        for a, t in zip(self.tensors(self.average), self.tensors(self.model)):
            if a.dtype.is_floating_point:
                a.lerp_(t, 1 - self.decay)
            else:
                a.copy_(t)

    def store(self):
        self.saved = [t.detach().clone() for t in self.tensors(self.model)]

    @torch.no_grad()
    def copy_to(self):
        for t, a in zip(self.tensors(self.model), self.tensors(self.average)):
            t.copy_(a)

    @torch.no_grad()
    def restore(self):
        for t, s in zip(self.tensors(self.model), self.saved):
            t.copy_(s)


def unfreeze_for_epoch(stages, epoch):
    stages = list(stages)
    for stage in stages[: epoch + 1]:
        stage.requires_grad_(True)
    for stage in stages[epoch + 1 :]:
        stage.requires_grad_(False)
