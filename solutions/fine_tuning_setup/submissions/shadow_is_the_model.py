# /// answer
# mistake = "shadow-aliases-model"
# title = "the average shares memory with the live model"
# hint = "state_dict() gives the live tensors, and so does a copy of the dict alone: clone each of them."
# points = {param_groups = 20, warmup_cosine = 10, EarlyStopping = 12, EMA = 1.473684, unfreeze_for_epoch = 4}
# ///
import copy
import math

import torch


def _is_head(name, head):
    return any((name + ".").startswith(h + ".") for h in head)


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    kids = []
    for kid, mod in model.named_children():
        inner = [f"{kid}.{n}" for n, _ in mod.named_parameters()]
        if any(not _is_head(n, head) for n in inner):
            kids.append(kid)
    groups = []
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        wd = weight_decay if p.dim() >= 2 else 0.0
        if _is_head(name, head):
            lr = head_lr
        elif "." not in name:
            lr = base_lr
        else:
            above = len(kids) - 1 - kids.index(name.split(".")[0])
            lr = base_lr * layer_decay ** above
        groups.append({"params": [p], "lr": lr, "weight_decay": wd})
    return groups


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    if step < warmup:
        return (step + 1) * base_lr / warmup
    if step >= total:
        return min_lr
    t = (step - warmup) / (total - warmup)
    k = math.cos(t * math.pi / 2) ** 2
    return k * base_lr + (1 - k) * min_lr


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.best = float("inf") if mode == "min" else float("-inf")
        self.best_step = 0
        self.calls = 0
        self.waited = 0

    def _better(self, v):
        if self.mode == "min":
            return self.best - v > self.min_delta
        return v - self.best > self.min_delta

    def step(self, value):
        if self._better(value):
            self.best = value
            self.best_step = self.calls
            self.waited = 0
        else:
            self.waited += 1
        self.calls += 1
        return self.waited >= self.patience


class EMA:
    def __init__(self, model, decay):
        self.model, self.decay = model, decay
        self.avg = copy.copy(model)
        self.saved = None

    def _copy(self):
        return {k: v.clone() for k, v in self.model.state_dict().items()}

    def update(self):
        now = self.model.state_dict()
        for k, v in self.avg.state_dict().items():
            if torch.is_floating_point(v):
                v.copy_(self.decay * v + (1 - self.decay) * now[k])
            else:
                v.copy_(now[k])

    def store(self):
        self.saved = self._copy()

    def copy_to(self):
        self.model.load_state_dict(self.avg.state_dict())

    def restore(self):
        self.model.load_state_dict(self.saved)


def unfreeze_for_epoch(stages, epoch):
    for i in range(len(stages)):
        on = i <= epoch
        for p in stages[i].parameters():
            p.requires_grad = on
