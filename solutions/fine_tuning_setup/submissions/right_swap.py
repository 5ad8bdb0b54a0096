# /// answer
# right = true
# title = "Pairs of name and parameter, torch's own averaging function"
# ///
import math
import torch
from torch.optim.swa_utils import get_ema_multi_avg_fn


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    table = {}
    in_head = {n for n, p in model.named_parameters() if any(n.split(".")[: len(h.split("."))] == h.split(".") for h in head)}
    blocks = []
    for n, _ in model.named_parameters():
        b, dot, _ = n.partition(".")
        if n not in in_head and dot and b not in blocks:
            blocks.append(b)
    depth = {b: len(blocks) - i - 1 for i, b in enumerate(blocks)}
    for n, p in filter(lambda t: t[1].requires_grad, model.named_parameters()):
        lr = head_lr if n in in_head else base_lr * pow(layer_decay, depth.get(n.partition(".")[0], 0) if "." in n else 0)
        table.setdefault((round(lr, 12), p.ndim > 1), []).append((n, p))
    return [dict(params=pairs, lr=lr, weight_decay=weight_decay if d else 0.0) for (lr, d), pairs in table.items()]


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    m = torch.nn.Linear(1, 1)
    step = int(step)
    if step < warmup:
        opt = torch.optim.SGD(m.parameters(), lr=1.0)
        return torch.optim.lr_scheduler.LambdaLR(opt, lambda s: base_lr * (step + 1) / warmup).get_last_lr()[0]
    if step >= total:
        return min_lr
    return min_lr + (base_lr - min_lr) / 2 + (base_lr - min_lr) / 2 * math.cos((step - warmup) * math.pi / (total - warmup))


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.counter, self.i = 0, 0
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.best, self.best_step = None, None

    def step(self, value):
        v = -value if self.mode == "max" else value
        b = None if self.best is None else (-self.best if self.mode == "max" else self.best)
        if v == v and (b is None or v + self.min_delta < b):
            self.best, self.best_step, self.counter = value, self.i, 0
        else:
            self.counter += 1
        self.i += 1
        if self.counter >= self.patience:
            return True
        return False


class EMA:
    def __init__(self, model, decay):
        self.model = model
        self.fn = get_ema_multi_avg_fn(decay)
        self.avg = [t.detach().clone() for t in model.state_dict().values()]

    def update(self):
        live = list(self.model.state_dict().values())
        f = [i for i, t in enumerate(live) if t.is_floating_point()]
        self.fn([self.avg[i] for i in f], [live[i] for i in f], None)
        for i, t in enumerate(live):
            if i not in f:
                self.avg[i] = t.clone()

    def store(self):
        self.back = [t.detach().clone() for t in self.model.state_dict().values()]

    def _write(self, src):
        with torch.no_grad():
            for t, s in zip(self.model.state_dict().values(), src):
                t.copy_(s)

    def copy_to(self):
        self._write(self.avg)

    def restore(self):
        self._write(self.back)


def unfreeze_for_epoch(stages, epoch):
    for i, stage in enumerate(stages):
        (stage.requires_grad_() if i <= epoch else stage.requires_grad_(False))
