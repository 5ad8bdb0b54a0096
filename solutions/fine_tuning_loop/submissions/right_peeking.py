# /// answer
# right = true
# title = "One batch ahead, gradients scaled by hand, the state saved as bytes"
# ///
import io
from types import SimpleNamespace

import torch
import torch.nn.functional as F


def train_one_epoch(model, loader, opt, loss_fn, *, scheduler=None, max_norm=None, accum_steps=1, ema=None):
    model.train()
    for p in model.parameters():
        p.grad = None
    losses, sizes = [], []
    it = iter(loader)
    batch = next(it, None)
    i = 0
    while batch is not None:
        x, y = batch
        batch = next(it, None)
        i += 1
        loss = loss_fn(model(x), y)
        loss.backward()
        losses.append(loss.item())
        sizes.append(len(y))
        if i % accum_steps == 0 or batch is None:
            grads = [p.grad for p in model.parameters() if p.grad is not None]
            for g in grads:
                g.div_(accum_steps)
            if max_norm is not None:
                norm = torch.sqrt(sum((g * g).sum() for g in grads)).item()
                if norm > max_norm:
                    for g in grads:
                        g.mul_(max_norm / norm)
            opt.step()
            opt.zero_grad()
            if scheduler is not None:
                scheduler.step()
            if ema is not None:
                ema.update()
    return {"loss": sum(a * b for a, b in zip(losses, sizes)) / sum(sizes)}


def evaluate(model, loader, num_classes, topk=(1,)):
    on = [m for m in model.modules() if m.training]
    model.eval()
    topk = sorted(set(topk))
    widest = min(max(topk), num_classes)
    correct, n, loss = torch.zeros(widest), 0, 0.0
    confusion = torch.zeros(num_classes * num_classes)
    for x, y in loader:
        with torch.no_grad():
            out = model(x)
            loss += F.cross_entropy(out, y).item() * len(y)
            n += len(y)
            _, pred = out.topk(widest, 1, True, True)
            correct += pred.eq(y.view(-1, 1)).sum(0)
            confusion += torch.bincount(num_classes * y + pred[:, 0], minlength=num_classes**2)
    model.train(False)
    for m in on:
        m.training = True
    confusion = confusion.reshape(num_classes, num_classes).long()
    result = {"loss": loss / n, "confusion": confusion}
    for k in topk:
        result["top" + str(k)] = float(correct[: min(k, widest)].sum() / n)
    result["recall"] = confusion.diag() / confusion.sum(1)
    return result


def fit(model, train, val, epochs, opt, *, patience, **kw):
    options = dict(kw)
    loss_fn = options.pop("loss_fn", None) or F.cross_entropy
    k = options.pop("num_classes", None)
    if k is None:
        was = model.training
        model.eval()
        k = model(next(iter(val))[0]).shape[1]
        model.train(was)
    history = SimpleNamespace(train_loss=[], val_loss=[], best_epoch=0)
    wait, buffer = 0, io.BytesIO()
    while len(history.val_loss) < epochs and wait < patience:
        history.train_loss.append(train_one_epoch(model, train, opt, loss_fn, **options)["loss"])
        now = evaluate(model, val, k)["loss"]
        if not history.val_loss or now < history.val_loss[history.best_epoch]:
            history.best_epoch, wait = len(history.val_loss), 0
            buffer = io.BytesIO()
            torch.save(model.state_dict(), buffer)
        else:
            wait += 1
        history.val_loss.append(now)
    buffer.seek(0)
    model.load_state_dict(torch.load(buffer))
    return history
