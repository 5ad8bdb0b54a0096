# /// answer
# right = true
# title = "Columns are drawn before rows, the partner before lam"
# ///
import math

import numpy as np
import torch
from torch.nn import functional as F


def partners(n, g):
    return torch.randperm(n, generator=g)


def beta(alpha, g):
    number = int(torch.randint(2**31 - 1, (1,), generator=g))
    return float(np.random.RandomState(number).beta(alpha, alpha))


def blend(labels, other, share):
    return labels * share + labels[other] * (1 - share)


def mixup(x, y, num_classes, alpha, g):
    labels = F.one_hot(y, num_classes).float()
    if not alpha > 0:
        return x, labels
    other = partners(len(x), g)
    lam = beta(alpha, g)
    return blend(x, other, lam), blend(labels, other, lam)


def interval(length, lam, g):
    half = int(length * math.sqrt(1 - lam)) // 2
    centre = int(torch.randint(length, (), generator=g))
    return max(0, centre - half), min(length, centre + half)


def rand_box(h, w, lam, g):
    columns = interval(w, lam, g)
    rows = interval(h, lam, g)
    return (*rows, *columns)


def cutmix(x, y, num_classes, alpha, g):
    labels = F.one_hot(y, num_classes).float()
    if not alpha > 0:
        return x, labels
    other = partners(len(x), g)
    h, w = x.shape[2:]
    top, bottom, left, right = rand_box(h, w, beta(alpha, g), g)
    out = x.clone()
    out[..., top:bottom, left:right] = x[other, :, top:bottom, left:right]
    pasted = (bottom - top) * (right - left)
    return out, blend(labels, other, 1 - pasted / (h * w))


def soft_cross_entropy(logits, targets):
    return torch.mean(torch.sum(-targets * torch.log_softmax(logits, 1), 1))


def distillation_loss(student, teacher, y, T, alpha):
    p = torch.softmax(teacher.detach() / T, 1)
    soft = F.kl_div(torch.log_softmax(student / T, 1), p, reduction="sum") / len(y)
    return alpha * T**2 * soft + (1 - alpha) * F.cross_entropy(student, y)
