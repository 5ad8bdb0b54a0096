# /// answer
# mistake = "warmup-from-zero"
# title = "the warm-up starts with a rate of 0"
# hint = "base_lr * (step + 1) / warmup: step 0 is a step, too."
# points = {param_groups = 20, warmup_cosine = 1.333333, EarlyStopping = 12, EMA = 14, unfreeze_for_epoch = 4}
# ///
import copy
import math

import numpy as np
import torch


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    def is_head(n):
        return any(n == h or n.startswith(f"{h}.") for h in head)

    layer_ids = {}
    for n, _ in model.named_parameters():
        if "." in n and not is_head(n):
            layer_ids.setdefault(n[: n.index(".")], len(layer_ids))
    num = len(layer_ids)
    scales = [layer_decay ** (num - 1 - i) for i in range(num)]
    groups = {}
    for n, p in model.named_parameters():
        if not p.requires_grad:
            continue
        if p.ndim <= 1:
            g_decay, this_decay = "no_decay", 0.0
        else:
            g_decay, this_decay = "decay", weight_decay
        if is_head(n):
            key, lr = "head", head_lr
        elif "." not in n:
            key, lr = "own", base_lr
        else:
            i = layer_ids[n[: n.index(".")]]
            key, lr = f"layer_{i}", base_lr * scales[i]
        key = f"{key}_{g_decay}"
        if key not in groups:
            groups[key] = {
                "lr_scale": lr / base_lr,
                "lr": lr,
                "weight_decay": this_decay,
                "params": [],
                "param_names": [],
            }
        groups[key]["params"].append(p)
        groups[key]["param_names"].append(n)
    return list(groups.values())


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience = patience
        self.min_delta = abs(min_delta)
        self.wait = 0
        self.epoch = -1
        self.best_step = 0
        if mode == "max":
            self.monitor_op = np.greater
        else:
            self.min_delta *= -1
            self.monitor_op = np.less
        self.best = np.inf if self.monitor_op == np.less else -np.inf

    def step(self, value):
        self.epoch += 1
        self.wait += 1
        if self.monitor_op(value - self.min_delta, self.best):
            self.best = value
            self.best_step = self.epoch
            self.wait = 0
        return np.greater_equal(self.wait, self.patience)


class EMA:
    def __init__(self, model, decay):
        self.module = copy.deepcopy(model)
        self.module.eval()
        self.decay = decay
        self.live = model

    def _update(self, update_fn):
        with torch.no_grad():
            for ema_v, model_v in zip(self.module.state_dict().values(), self.live.state_dict().values()):
                ema_v.copy_(update_fn(ema_v, model_v))

    def update(self):
        self._update(lambda e, m: self.decay * e + (1.0 - self.decay) * m if m.is_floating_point() else m)

    def store(self):
        self.backup = {k: v.detach().cpu().clone() for k, v in self.live.state_dict().items()}

    def copy_to(self):
        self.live.load_state_dict(self.module.state_dict(), strict=True)

    def restore(self):
        self.live.load_state_dict(self.backup)


def unfreeze_for_epoch(stages, epoch):
    def requires_grad(m, flag):
        for p in m.parameters():
            p.requires_grad_(flag)

    for s in stages:
        requires_grad(s, False)
    for i in range(min(epoch + 1, len(stages))):
        requires_grad(stages[i], True)


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    if step < warmup:
        return base_lr * step / max(1, warmup - 1) if warmup > 1 else base_lr
    if step >= total:
        return min_lr
    return min_lr + (base_lr - min_lr) * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))
