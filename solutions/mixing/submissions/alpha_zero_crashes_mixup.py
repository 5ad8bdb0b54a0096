# /// answer
# mistake = "alpha-zero-crashes-mixup"
# title = "alpha = 0 reaches the Beta distribution, which refuses it"
# hint = "alpha <= 0 means no mixing: return before the draw."
# points = {mixup = 12.1875, rand_box = 10, cutmix = 15, soft_cross_entropy = 8, distillation_loss = 12}
# ///
import math

import numpy as np
import torch
import torch.nn.functional as F


def sample_lam(alpha, g):
    seed = torch.randint(0, 2**31, (1,), generator=g).item()
    return np.random.default_rng(seed).beta(alpha, alpha)


def mixup(x, y, num_classes, alpha, g):
    soft = F.one_hot(y, num_classes).float()
    lam = sample_lam(alpha, g)
    perm = torch.randperm(x.shape[0], generator=g)
    mixed = lam * x + (1 - lam) * x[perm]
    soft = lam * soft + (1 - lam) * soft[perm]
    return mixed, soft


def rand_box(h, w, lam, g):
    ratio = math.sqrt(1 - lam)
    half_h = int(h * ratio) // 2
    half_w = int(w * ratio) // 2
    cy = torch.randint(0, h, (1,), generator=g).item()
    cx = torch.randint(0, w, (1,), generator=g).item()
    return max(cy - half_h, 0), min(cy + half_h, h), max(cx - half_w, 0), min(cx + half_w, w)


def cutmix(x, y, num_classes, alpha, g):
    labels = F.one_hot(y, num_classes).float()
    if alpha <= 0:
        return x, labels
    height, width = x.shape[-2:]
    lam = sample_lam(alpha, g)
    y1, y2, x1, x2 = rand_box(height, width, lam, g)
    order = torch.randperm(x.shape[0], generator=g)
    out = x.clone()
    out[:, :, y1:y2, x1:x2] = x[order][:, :, y1:y2, x1:x2]
    lam = 1 - (y2 - y1) * (x2 - x1) / (height * width)
    return out, lam * labels + (1 - lam) * labels[order]


def soft_cross_entropy(logits, targets):
    logp = F.log_softmax(logits, dim=1)
    return -(targets * logp).sum(dim=1).mean()


def distillation_loss(student, teacher, y, T, alpha):
    logq = F.log_softmax(student / T, dim=1)
    p = F.softmax(teacher.detach() / T, dim=1)
    soft = F.kl_div(logq, p, reduction="batchmean") * T * T
    hard = F.cross_entropy(student, y)
    return alpha * soft + (1 - alpha) * hard
