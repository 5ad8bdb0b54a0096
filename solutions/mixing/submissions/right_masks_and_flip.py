# /// answer
# right = true
# title = "Masks, λ as a tensor of gamma draws, partners by flip"
# ///
import math

import torch
import torch.nn.functional as F


def _beta(alpha, n, g):
    a = torch._standard_gamma(torch.full((n, 2), float(alpha), dtype=torch.float64), generator=g)
    return a[:, 0] / a.sum(1)


def _targets(y, num_classes, lam):
    own = torch.zeros(len(y), num_classes).scatter_(1, y[:, None], 1.0)
    lam = lam.to(own)[:, None]
    return torch.lerp(own.flip(0), own, lam)


def mixup(x, y, num_classes, alpha, g):
    n = len(x)
    lam = _beta(alpha, n, g) if alpha > 0 else torch.ones(n)
    # a pair shares nothing but the images: each output has its own lam
    weight = lam.to(x.dtype).reshape(n, 1, 1, 1)
    return weight * x + (1 - weight) * x.flip(0), _targets(y, num_classes, lam)


def _ends(length, lam, g):
    half = math.floor(length * math.sqrt(1.0 - lam)) // 2
    at = torch.randperm(length, generator=g)[0].item()
    return sorted((max(0, at - half), min(length, at + half)))


def rand_box(h, w, lam, g):
    return (*_ends(h, lam, g), *_ends(w, lam, g))


def cutmix(x, y, num_classes, alpha, g):
    keep = torch.ones(len(x), 1, *x.shape[2:], dtype=torch.bool)
    if alpha > 0:
        y1, y2, x1, x2 = rand_box(*x.shape[2:], _beta(alpha, 1, g).item(), g)
        keep[..., y1:y2, x1:x2] = False
    share = keep.float().mean(dim=(1, 2, 3))
    return torch.where(keep, x, x.flip(0)), _targets(y, num_classes, share)


def soft_cross_entropy(logits, targets):
    log_z = torch.logsumexp(logits, dim=1)
    return (targets.sum(1) * log_z - (targets * logits).sum(1)).sum() / logits.shape[0]


def distillation_loss(student, teacher, y, T, alpha):
    teacher = teacher.detach()
    log_p, log_q = (F.log_softmax(z / T, 1) for z in (teacher, student))
    soft = F.kl_div(log_q, log_p, reduction="sum", log_target=True) / len(y)
    hard = F.nll_loss(F.log_softmax(student, 1), y)
    return torch.as_tensor(alpha * T * T) * soft + (1.0 - alpha) * hard
