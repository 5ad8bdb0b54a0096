# /// answer
# right = true
# title = "A learner with callbacks, a context manager for the modes, best_epoch as a property"
# ///
from dataclasses import dataclass, field
from contextlib import contextmanager
import itertools
import torch, torch.nn as nn, torch.nn.functional as F


class Callback:
    def before_fit(self, learn): ...
    def after_step(self, learn): ...


class Sched(Callback):
    def __init__(self, s): self.s = s
    def after_step(self, learn): self.s.step()


class Average(Callback):
    def __init__(self, e): self.e = e
    def after_step(self, learn): self.e.update()


@dataclass
class History:
    train_loss: list = field(default_factory=list)
    val_loss: list = field(default_factory=list)
    metrics: list = field(default_factory=list)

    @property
    def best_epoch(self):
        return min(range(len(self.val_loss)), key=self.val_loss.__getitem__)


@contextmanager
def evaluating(model):
    state = [m.training for m in model.modules()]
    try:
        yield model.eval()
    finally:
        for m, t in zip(model.modules(), state):
            m.training = t


def chunks(it, n):
    it = iter(it)
    while group := list(itertools.islice(it, n)):
        yield group


class Learner:
    def __init__(self, model, opt, loss_fn, cbs=()):
        self.model, self.opt, self.loss_fn, self.cbs = model, opt, loss_fn, list(cbs)

    def one_group(self, group, n, max_norm):
        self.opt.zero_grad()
        stats = []
        for xb, yb in group:
            loss = self.loss_fn(self.model(xb), yb)
            loss.div(n).backward()
            stats.append((loss.item(), len(xb)))
        if max_norm is not None:
            nn.utils.clip_grad_norm_([p for g in self.opt.param_groups for p in g["params"]], max_norm)
        self.opt.step()
        for cb in self.cbs:
            cb.after_step(self)
        return stats

    def epoch(self, loader, n=1, max_norm=None):
        self.model.train()
        stats = [s for g in chunks(loader, n) for s in self.one_group(g, n, max_norm)]
        return sum(l * k for l, k in stats) / sum(k for _, k in stats)


def train_one_epoch(model, loader, opt, loss_fn, *, scheduler=None, max_norm=None, accum_steps=1, ema=None):
    cbs = []
    if scheduler is not None: cbs.append(Sched(scheduler))
    if ema is not None: cbs.append(Average(ema))
    for p in model.parameters():
        p.grad = None
    return {"loss": Learner(model, opt, loss_fn, cbs).epoch(loader, accum_steps, max_norm)}


@torch.no_grad()
def evaluate(model, loader, num_classes, topk=(1,)):
    with evaluating(model):
        pairs = [(model(x), y) for x, y in loader]
    out = {}
    n = sum(len(y) for _, y in pairs)
    out["loss"] = float(sum(F.cross_entropy(o.double(), y, reduction="sum") for o, y in pairs) / n)
    for k in topk:
        good = 0
        for o, y in pairs:
            kth = o.sort(dim=1, descending=True).values[:, min(k, o.shape[1]) - 1]
            good += (o.gather(1, y[:, None])[:, 0] >= kth).sum().item()
        out["top" + str(k)] = good / n
    out["confusion"] = torch.stack([torch.stack([sum(((y == i) & (o.max(1)[1] == j)).sum() for o, y in pairs) for j in range(num_classes)]) for i in range(num_classes)])
    out["recall"] = torch.tensor([float(r[i]) / float(r.sum()) if r.sum() > 0 else float("nan") for i, r in enumerate(out["confusion"])])
    return out


def fit(model, train, val, epochs, opt, *, patience, **kw):
    h = History()
    loss_fn = kw.pop("loss_fn", None) or nn.CrossEntropyLoss()
    K = kw.pop("num_classes", None)
    if K is None:
        with evaluating(model), torch.no_grad():
            K = model(next(iter(train))[0]).shape[-1]
    snaps = []
    for _ in range(epochs):
        h.train_loss.append(train_one_epoch(model, train, opt, loss_fn, **kw)["loss"])
        r = evaluate(model, val, K)
        h.val_loss.append(r["loss"]); h.metrics.append(r)
        snaps.append({k: v.clone() for k, v in model.state_dict().items()})
        if len(h.val_loss) - 1 - h.best_epoch >= patience:
            break
    model.load_state_dict(snaps[h.best_epoch])
    return h
