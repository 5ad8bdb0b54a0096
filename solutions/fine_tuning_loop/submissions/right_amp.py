# /// answer
# right = true
# title = "Mixed precision with a scaler of powers of 2, meters, a named tuple as history"
# ///
from collections import namedtuple
import copy
import torch
from torch import nn
import torch.nn.functional as F

History = namedtuple("History", "train_loss val_loss best_epoch epochs")


class AverageMeter:
    def __init__(self):
        self.reset()
    def reset(self):
        self.val = self.avg = self.sum = self.count = 0
    def update(self, val, n=1):
        self.val = val
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count


def accuracy(output, target, topk=(1,)):
    maxk = min(max(topk), output.size(1))
    _, pred = output.topk(maxk, 1, True, True)
    correct = pred.t().eq(target.reshape(1, -1).expand_as(pred.t()))
    return [correct[:min(k, maxk)].reshape(-1).float().sum().item() / target.size(0) for k in topk]


def train_one_epoch(model, loader, opt, loss_fn, *, scheduler=None, max_norm=None, accum_steps=1, ema=None, amp=False):
    scaler = torch.amp.GradScaler("cpu", enabled=True, init_scale=2.0**10)
    meter = AverageMeter()
    model.train()
    opt.zero_grad(set_to_none=True)
    batches = iter(loader)
    try:
        upcoming = next(batches)
    except StopIteration:
        return {"loss": float("nan")}
    step = 0
    while upcoming is not None:
        images, target = upcoming
        upcoming = next(batches, None)
        step += 1
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=amp):
            output = model(images)
            loss = loss_fn(output, target)
        meter.update(loss.detach().item(), images.size(0))
        scaler.scale(loss / accum_steps).backward()
        if step % accum_steps and upcoming is not None:
            continue
        if max_norm is not None:
            scaler.unscale_(opt)
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        scaler.step(opt)
        scaler.update()
        opt.zero_grad(set_to_none=True)
        if scheduler is not None:
            scheduler.step()
        if ema is not None:
            ema.update()
    return {"loss": meter.avg, "lr": opt.param_groups[0]["lr"]}


def evaluate(model, loader, num_classes, topk=(1,)):
    topk = tuple(topk)
    modes = {m: m.training for m in model.modules()}
    losses, meters = AverageMeter(), [AverageMeter() for _ in topk]
    cm = torch.zeros(num_classes, num_classes)
    model.eval()
    with torch.inference_mode():
        for images, target in loader:
            with torch.autocast("cpu", enabled=False):
                output = model(images)
            n = target.size(0)
            losses.update(F.cross_entropy(output, target).item(), n)
            for meter, acc in zip(meters, accuracy(output, target, topk)):
                meter.update(acc, n)
            t = F.one_hot(target, num_classes).float()
            p = F.one_hot(output.argmax(1), num_classes).float()
            cm += t.t() @ p
    for m, mode in modes.items():
        m.train(mode) if not list(m.children()) else setattr(m, "training", mode)
    cm = cm.clone().to(torch.int64)
    return {"loss": losses.avg, **{f"top{k}": m.avg for k, m in zip(topk, meters)}, "confusion": cm,
            "recall": cm.diag() / cm.sum(dim=1)}


def fit(model, train, val, epochs, opt, *, patience, loss_fn=F.cross_entropy, num_classes=None, **kw):
    if num_classes is None:
        num_classes = [m for m in model.modules() if isinstance(m, nn.Linear)][-1].out_features
    best_model, rows = None, []
    best = 0
    for epoch in range(epochs):
        rows.append((train_one_epoch(model, train, opt, loss_fn, **kw)["loss"], evaluate(model, val, num_classes)["loss"]))
        if best_model is None or rows[epoch][1] < rows[best][1]:
            best, best_model = epoch, copy.deepcopy(model)
        if epoch - best >= patience:
            break
    model.load_state_dict(best_model.state_dict())
    tl, vl = zip(*rows)
    return History(tl, vl, best, len(rows))
