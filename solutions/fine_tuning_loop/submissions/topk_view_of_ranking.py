# /// answer
# mistake = "topk-view"
# title = "view fails on the non-contiguous result of a transpose and slice"
# hint = "Use reshape, or compare along the axis."
# points = {train_one_epoch = 35, evaluate = 7.034483, fit = 25}
# ///
import math
import torch
from torch import nn


class History:
    def __init__(self):
        self.train_loss = []
        self.val_loss = []
        self.best_epoch = 0


def train_one_epoch(model, loader, opt, loss_fn, *, scheduler=None, max_norm=None, accum_steps=1, ema=None):
    model.train()
    opt.zero_grad(set_to_none=True)
    seen, weighted = 0, 0.0

    def advance():
        if max_norm is not None:
            nn.utils.clip_grad_norm_([p for p in model.parameters() if p.grad is not None], max_norm)
        opt.step()
        opt.zero_grad(set_to_none=True)
        if ema is not None:
            ema.update()
        if scheduler is not None:
            scheduler.step()

    n = 0
    for n, (xb, yb) in enumerate(loader, start=1):
        loss = loss_fn(model(xb), yb)
        weighted += float(loss.detach()) * yb.shape[0]
        seen += yb.shape[0]
        loss.div(accum_steps).backward()
        if n % accum_steps == 0:
            advance()
    if n % accum_steps:
        advance()
    return dict(loss=weighted / seen)


def evaluate(model, loader, num_classes, topk=(1,)):
    ks = [int(k) for k in topk]
    before = [m.training for m in model.modules()]
    model.eval()
    all_logits, all_y = [], []
    with torch.no_grad():
        for xb, yb in loader:
            all_logits.append(model(xb))
            all_y.append(yb)
        logits, y = torch.cat(all_logits), torch.cat(all_y)
        out = {"loss": nn.functional.cross_entropy(logits, y).item()}
        ranking = logits.argsort(dim=1, descending=True)
        for k in ks:
            out[f"top{k}"] = (ranking.t()[:k] == y).contiguous()[:, :].t().t()[:k].view(-1).double().sum().item() / len(y) if k == 1 else ranking[:, :k].eq(y[:, None]).t()[:k].view(-1).double().sum().item() / len(y)
        confusion = torch.zeros(num_classes, num_classes, dtype=torch.long)
        for t, p in zip(y.tolist(), ranking[:, 0].tolist()):
            confusion[t, p] += 1
    for m, flag in zip(model.modules(), before):
        m.training = flag
    out["confusion"] = confusion
    out["recall"] = confusion.diag().double() / confusion.sum(dim=1).double()
    return out


def fit(model, train, val, epochs, opt, *, patience, **kw):
    loss_fn = kw.pop("loss_fn", nn.functional.cross_entropy)
    classes = kw.pop("num_classes", None)
    if classes is None:
        model.eval()
        with torch.no_grad():
            for xb, _ in val:
                classes = model(xb).size(1)
                break
    log = History()
    lowest, wait, keep = math.inf, 0, None
    for epoch in range(epochs):
        log.train_loss.append(train_one_epoch(model, train, opt, loss_fn, **kw)["loss"])
        score = evaluate(model, val, classes)["loss"]
        log.val_loss.append(score)
        if keep is None or score < lowest:
            lowest, wait, log.best_epoch = score, 0, epoch
            keep = {k: v.clone() for k, v in model.state_dict().items()}
        else:
            wait += 1
            if wait >= patience:
                break
    model.load_state_dict(keep)
    return log
