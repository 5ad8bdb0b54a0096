# /// answer
# right = true
# title = "Metrics in NumPy, the history as arrays"
# ///
import copy
import numpy as np
import torch
import torch.nn.functional as F


class History:
    pass


def train_one_epoch(model, loader, opt, loss_fn, *, scheduler=None, max_norm=None, accum_steps=1, ema=None):
    model.train(True)
    opt.zero_grad()
    L, N = [], []
    i = -1
    def go():
        if max_norm is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        opt.step(); opt.zero_grad()
        scheduler and scheduler.step()
        ema and ema.update()
    for i, (x, y) in enumerate(loader):
        out = model(x)
        loss = loss_fn(out, y)
        L.append(loss.detach().numpy()); N.append(len(y))
        (loss * (1.0 / accum_steps)).backward()
        if (i + 1) % accum_steps == 0:
            go()
    if (i + 1) % accum_steps != 0:
        go()
    return {"loss": float(np.average(L, weights=N))}


def evaluate(model, loader, num_classes, topk=(1,)):
    was = [(m, m.training) for m in model.modules()]
    model.eval()
    Z, Y = [], []
    prev = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    for x, y in loader:
        Z.append(model(x).numpy()); Y.append(y.numpy())
    torch.set_grad_enabled(prev)
    for m, t in was:
        m.training = t
    Z, Y = np.concatenate(Z).astype(np.float64), np.concatenate(Y)
    m = Z.max(1, keepdims=True)
    logp = Z - m - np.log(np.exp(Z - m).sum(1, keepdims=True))
    order = np.argsort(-Z, axis=1)
    C = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(C, (Y, order[:, 0]), 1)
    with np.errstate(invalid="ignore"):
        recall = np.diag(C) / C.sum(1)
    res = {"loss": -logp[np.arange(len(Y)), Y].mean(), "confusion": torch.from_numpy(C), "recall": torch.from_numpy(recall)}
    for k in topk:
        res[f"top{k}"] = np.mean([y in o[:k] for y, o in zip(Y, order)])
    return res


def fit(model, train, val, epochs, opt, *, patience, **kw):
    kw = dict(kw)
    fn = kw.pop("loss_fn", F.cross_entropy)
    k = kw.pop("num_classes", None) or list(model.parameters())[-1].shape[0]
    h = History()
    h.train_loss, h.val_loss = np.zeros(0), np.zeros(0)
    state = None
    for e in range(epochs):
        h.train_loss = np.append(h.train_loss, train_one_epoch(model, train, opt, fn, **kw)["loss"])
        h.val_loss = np.append(h.val_loss, evaluate(model, val, k)["loss"])
        h.best_epoch = np.argmin(h.val_loss)
        if h.best_epoch == e:
            state = copy.deepcopy(model.state_dict())
        if e - h.best_epoch == patience:
            break
    model.load_state_dict(state)
    return h
