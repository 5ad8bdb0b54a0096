# /// answer
# mistake = "scheduler-per-epoch"
# title = "the scheduler moves once an epoch"
# hint = "scheduler.step() follows each optimiser step."
# points = {train_one_epoch = 21.103, evaluate = 30, fit = 16.666667}
# ///
import copy

import torch
import torch.nn.functional as F
from torch import nn


class History:
    def __init__(self):
        self.train_loss = []
        self.val_loss = []
        self.best_epoch = -1


def train_one_epoch(model, loader, opt, loss_fn, *, scheduler=None, max_norm=None, accum_steps=1, ema=None):
    model.train()
    opt.zero_grad()
    total, n, pending = 0.0, 0, 0

    def update():
        if max_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        opt.step()
        if ema is not None:
            ema.update()
        opt.zero_grad()

    for x, y in loader:
        loss = loss_fn(model(x), y)
        (loss / accum_steps).backward()
        total += loss.item() * x.size(0)
        n += x.size(0)
        pending += 1
        if pending == accum_steps:
            update()
            pending = 0
    if pending > 0:
        update()
    return {"loss": total / n}


def evaluate(model, loader, num_classes, topk=(1,)):
    topk = list(topk)
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    scores, labels = [], []
    with torch.no_grad():
        for x, y in loader:
            scores.append(model(x))
            labels.append(y)
    logits, y = torch.cat(scores), torch.cat(labels)
    for m, mode in modes:
        m.training = mode
    out = {"loss": F.cross_entropy(logits, y).item()}
    order = logits.argsort(dim=1, descending=True)
    for k in topk:
        k_max = min(k, logits.shape[1])
        out[f"top{k}"] = (order[:, :k_max] == y[:, None]).any(dim=1).float().mean().item()
    confusion = torch.zeros(num_classes, num_classes, dtype=torch.long)
    for t, p in zip(y.tolist(), order[:, 0].tolist()):
        confusion[t, p] += 1
    out["confusion"] = confusion
    out["recall"] = confusion.diag().float() / confusion.sum(dim=1).float()
    return out


def fit(model, train, val, epochs, opt, *, patience, **kw):
    loss_fn = kw.pop("loss_fn", nn.CrossEntropyLoss())
    num_classes = kw.pop("num_classes", None)
    if num_classes is None:
        model.eval()
        with torch.no_grad():
            for x, _ in val:
                num_classes = model(x).shape[1]
                break
    history = History()
    best_loss, best_state, bad = float("inf"), None, 0
    for epoch in range(epochs):
        train_loss = train_one_epoch(model, train, opt, loss_fn, **kw)["loss"]
        val_loss = evaluate(model, val, num_classes)["loss"]
        if kw.get("scheduler") is not None:
            kw["scheduler"].step()
        history.train_loss.append(train_loss)
        history.val_loss.append(val_loss)
        if val_loss < best_loss:
            best_loss, history.best_epoch, bad = val_loss, epoch, 0
            best_state = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    if best_state is not None:
        model.load_state_dict(best_state)
    return history
