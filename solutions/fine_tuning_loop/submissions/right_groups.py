# /// answer
# right = true
# title = "Groups of batches, ranks by comparison, a history that is a dict"
# ///
import torch
from torch import nn


class History(dict):
    __getattr__ = dict.__getitem__


def train_one_epoch(model, loader, opt, loss_fn, *, scheduler=None, max_norm=None, accum_steps=1, ema=None):
    model = model.train()
    seen = loss_sum = 0
    group = []

    def run(group):
        nonlocal seen, loss_sum
        model.zero_grad(set_to_none=True)
        for inputs, targets in group:
            loss = loss_fn(model(inputs), targets)
            (loss * (1 / accum_steps)).backward()
            loss_sum += float(loss.detach()) * targets.shape[0]
            seen += targets.shape[0]
        if max_norm:
            torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm, norm_type=2.0)
        opt.step()
        if ema:
            ema.update()
        if scheduler:
            scheduler.step()

    for batch in loader:
        group.append(batch)
        if len(group) == accum_steps:
            run(group)
            group = []
    if group:
        run(group)
    return {"loss": loss_sum / seen, "samples": seen}


@torch.inference_mode()
def evaluate(model, loader, num_classes, topk=(1,)):
    before = {name: m.training for name, m in model.named_modules()}
    model.eval()
    ks = tuple(topk)
    hits = {k: 0 for k in ks}
    criterion = nn.CrossEntropyLoss(reduction="sum")
    loss, n = 0.0, 0
    confusion = torch.zeros((num_classes, num_classes), dtype=torch.int64)
    for inputs, targets in loader:
        z = model(inputs)
        loss += criterion(z, targets).item()
        n += targets.numel()
        rank = (z > z.gather(1, targets[:, None])).sum(1)
        for k in ks:
            hits[k] += int((rank < k).sum())
        confusion.index_put_((targets, z.argmax(1)), torch.ones_like(targets), accumulate=True)
    for name, m in model.named_modules():
        m.training = before[name]
    support = confusion.sum(1)
    recall = torch.full((num_classes,), float("nan"), dtype=torch.float64)
    present = support > 0
    recall[present] = confusion.diagonal()[present].double() / support[present]
    result = dict(loss=loss / n, confusion=confusion.clone(), recall=recall, n=n)
    result.update({"top%d" % k: hits[k] / n for k in ks})
    return result


def fit(model, train, val, epochs, opt, *, patience, loss_fn=None, num_classes=None, **kw):
    loss_fn = loss_fn or nn.functional.cross_entropy
    h = History(train_loss=[], val_loss=[], best_epoch=None)
    best = None
    for epoch in range(epochs):
        h["train_loss"].append(train_one_epoch(model, train, opt, loss_fn, **kw)["loss"])
        if num_classes is None:
            model.eval()
            with torch.no_grad():
                num_classes = model(next(iter(val))[0]).size(-1)
        h["val_loss"].append(evaluate(model, val, num_classes=num_classes)["loss"])
        if best is None or h["val_loss"][-1] < min(h["val_loss"][:-1]):
            h["best_epoch"] = epoch
            best = {k: v.detach().clone() for k, v in model.state_dict().items()}
        elif epoch - h["best_epoch"] >= patience:
            break
    model.load_state_dict(best)
    model.eval()
    return h
