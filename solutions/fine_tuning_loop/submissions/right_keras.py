# /// answer
# right = true
# title = "autograd.grad and a norm of its own, early stopping as a callback"
# ///
import torch
import torch.nn as nn
import torch.nn.functional as F


class EarlyStoppingCallback:
    """As Keras has it: wait counts epochs without improvement, best_weights are kept."""

    def __init__(self, patience):
        self.patience, self.wait, self.best, self.stopped, self.best_weights, self.best_epoch = patience, 0, None, False, None, 0

    def on_epoch_end(self, epoch, logs, model):
        current = logs["val_loss"]
        if self.best is None or torch.lt(torch.tensor(current, dtype=torch.float64), torch.tensor(self.best, dtype=torch.float64)):
            self.best, self.best_epoch, self.wait = current, epoch, 0
            self.best_weights = [t.detach().cpu().clone() for t in model.state_dict().values()]
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped = True

    def on_train_end(self, model):
        model.load_state_dict(dict(zip(model.state_dict().keys(), self.best_weights)))


class History:
    def __init__(self):
        self.history = {"train_loss": [], "val_loss": []}
        self.best_epoch = 0
    def __getattr__(self, name):
        return self.__dict__["history"][name]


def _total_norm(grads):
    return torch.linalg.vector_norm(torch.cat([g.reshape(-1) for g in grads]))


def train_step(model, group, opt, loss_fn, scale, max_norm):
    grads = [torch.zeros_like(p) for p in model.parameters()]
    losses = 0.0
    count = 0
    for x, y in group:
        loss = loss_fn(model(x), y)
        for a, g in zip(grads, torch.autograd.grad(loss, list(model.parameters()))):
            a += g
        losses += loss.item() * x.shape[0]
        count += x.shape[0]
    for p, g in zip(model.parameters(), grads):
        p.grad = g / scale
    if max_norm is not None:
        norm = _total_norm([p.grad for p in model.parameters()])
        if norm > max_norm:
            for p in model.parameters():
                p.grad *= max_norm / norm
    opt.step()
    return losses, count


def train_one_epoch(model, loader, opt, loss_fn, *, scheduler=None, max_norm=None, accum_steps=1, ema=None):
    model.train()
    total, seen, group = 0.0, 0, []
    def flush():
        nonlocal total, seen, group
        a, b = train_step(model, group, opt, loss_fn, accum_steps, max_norm)
        total, seen, group = total + a, seen + b, []
        if scheduler is not None:
            scheduler.step()
        if ema is not None:
            ema.update()
    for batch in loader:
        group.append(batch)
        if len(group) == accum_steps:
            flush()
    if group:
        flush()
    return {"loss": total / seen}


def evaluate(model, loader, num_classes, topk=(1,)):
    flags = list(map(lambda m: m.training, model.modules()))
    model.eval()
    stats = {"loss": 0.0, "n": 0}
    hit = {int(k): 0.0 for k in topk}
    conf = torch.zeros((num_classes, num_classes), dtype=torch.long)
    for x, y in loader:
        with torch.no_grad():
            z = model(x)
        stats["loss"] += float(F.nll_loss(F.log_softmax(z, dim=-1), y, reduction="sum"))
        stats["n"] += int(y.numel())
        rank = torch.argsort(torch.argsort(z, dim=1, descending=True), dim=1).gather(1, y.unsqueeze(1)).squeeze(1)
        for k in hit:
            hit[k] += (rank < k).sum().item()
        pred = z.max(dim=1).indices
        for t, p in zip(y, pred):
            conf[t.item(), p.item()] += 1
    for m, f in zip(model.modules(), flags):
        m.training = f
    return {"loss": stats["loss"] / stats["n"], **{f"top{k}": v / stats["n"] for k, v in hit.items()},
            "confusion": conf, "recall": conf.diagonal().double().div(conf.sum(dim=1).double())}


def fit(model, train, val, epochs, opt, *, patience, **kw):
    loss_fn = kw.pop("loss_fn", F.cross_entropy)
    classes = kw.pop("num_classes", None)
    stop, h = EarlyStoppingCallback(patience), History()
    for epoch in range(epochs):
        h.train_loss.append(train_one_epoch(model, train, opt, loss_fn, **kw)["loss"])
        if classes is None:
            flags = [m.training for m in model.modules()]
            model.eval()
            with torch.no_grad():
                classes = model(next(iter(val))[0]).size(1)
            for m, f in zip(model.modules(), flags):
                m.training = f
        logs = {"val_loss": evaluate(model, val, classes)["loss"]}
        h.val_loss.append(logs["val_loss"])
        stop.on_epoch_end(epoch, logs, model)
        if stop.stopped:
            break
    stop.on_train_end(model)
    h.best_epoch = stop.best_epoch
    return h
