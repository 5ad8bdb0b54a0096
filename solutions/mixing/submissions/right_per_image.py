# /// answer
# right = true
# title = "λ and a box for each image, loops, partners by roll"
# ///
import random

import torch
from torch import nn


def onehot(y, k):
    return torch.eye(k, dtype=torch.float64)[y]


def draw(alpha, g):
    rng = random.Random(int(torch.randint(10**9, (1,), generator=g)))
    return rng.betavariate(alpha, alpha)


def mixup(x, y, num_classes, alpha, g):
    labels = onehot(y, num_classes)
    n = x.shape[0]
    if alpha <= 0:
        return x.clone(), labels
    images, targets = [], []
    for i in range(n):
        lam = draw(alpha, g)
        j = (i + 1) % n
        images.append(x[i] * lam + x[j] * (1 - lam))
        targets.append(labels[i] * lam + labels[j] * (1 - lam))
    return torch.stack(images), torch.stack(targets)


def rand_box(h, w, lam, g):
    cx = int(torch.rand((), generator=g, dtype=torch.float64) * w)
    cy = int(torch.rand((), generator=g, dtype=torch.float64) * h)
    dh = int(h * (1 - lam) ** 0.5 / 2)
    dw = int(w * (1 - lam) ** 0.5 / 2)

    def clip(v, top):
        return min(max(v, 0), top)

    return clip(cy - dh, h), clip(cy + dh, h), clip(cx - dw, w), clip(cx + dw, w)


def cutmix(x, y, num_classes, alpha, g):
    labels = onehot(y, num_classes)
    if alpha <= 0:
        return x.clone(), labels
    n, _, h, w = x.shape
    images, targets = x.clone(), labels.clone()
    for i in range(n):
        j = i - 1
        y1, y2, x1, x2 = rand_box(h, w, draw(alpha, g), g)
        images[i, :, y1:y2, x1:x2] = x[j, :, y1:y2, x1:x2]
        area = (y2 - y1) * (x2 - x1) / (h * w)
        targets[i] = (1 - area) * labels[i] + area * labels[j]
    return images, targets


def soft_cross_entropy(logits, targets):
    return nn.CrossEntropyLoss()(logits, targets)


def distillation_loss(student, teacher, y, T, alpha):
    with torch.no_grad():
        p = torch.softmax(teacher / T, dim=1)
        log_p = torch.log_softmax(teacher / T, dim=1)
    log_q = torch.log_softmax(student / T, dim=1)
    kl = (p * (log_p - log_q)).sum(dim=1).mean()
    return alpha * T**2 * kl + (1 - alpha) * nn.functional.cross_entropy(student, y)
