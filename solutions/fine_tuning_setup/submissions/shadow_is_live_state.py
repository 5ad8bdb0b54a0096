# /// answer
# mistake = "shadow-aliases-model"
# title = "the average shares memory with the live model"
# hint = "state_dict() gives the live tensors, and so does a copy of the dict alone: clone each of them."
# points = {param_groups = 20, warmup_cosine = 10, EarlyStopping = 12, EMA = 0.736842, unfreeze_for_epoch = 4}
# ///
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


def unfreeze_for_epoch(stages, epoch):
    stages = list(stages)
    for stage in stages[: epoch + 1]:
        stage.requires_grad_(True)
    for stage in stages[epoch + 1 :]:
        stage.requires_grad_(False)


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
    def __init__(self, model, decay):
        super().__init__(model, decay)
        self.avg = model.state_dict()
