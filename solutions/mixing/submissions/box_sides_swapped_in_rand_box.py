# /// answer
# mistake = "box-axes-swapped"
# title = "the box's height and width change places"
# hint = "In (N, C, H, W) rows come first: rand_box(H, W, ...) gives (y1, y2, x1, x2), and y counts rows: [:, :, y1:y2, x1:x2]."
# points = {mixup = 15, rand_box = 3.461538, cutmix = 15, soft_cross_entropy = 8, distillation_loss = 12}
# ///
import numpy as np
import torch
import torch.nn.functional as F


def beta(alpha, g):
    rng = np.random.RandomState(torch.randint(2**31 - 1, (1,), generator=g).item())
    return rng.beta(alpha, alpha)


def mixup(x, y, num_classes, alpha, g):
    y1 = F.one_hot(y, num_classes).float()
    if alpha <= 0:
        return x.clone(), y1
    lam = beta(alpha, g)
    idx = torch.randperm(x.size(0), generator=g)
    mixed = x * lam + x[idx] * (1 - lam)
    soft = y1 * lam + y1[idx] * (1 - lam)
    return mixed, soft


def rand_box(h, w, lam, g):
    cut = np.sqrt(1.0 - lam)
    bw, bh = int(h * cut), int(w * cut)
    cy = torch.randint(h, (1,), generator=g).item()
    cx = torch.randint(w, (1,), generator=g).item()
    y1 = int(np.clip(cy - bh // 2, 0, h))
    y2 = int(np.clip(cy + bh // 2, 0, h))
    x1 = int(np.clip(cx - bw // 2, 0, w))
    x2 = int(np.clip(cx + bw // 2, 0, w))
    return y1, y2, x1, x2


def cutmix(x, y, num_classes, alpha, g):
    y1h = F.one_hot(y, num_classes).float()
    if alpha <= 0:
        return x.clone(), y1h
    lam = beta(alpha, g)
    idx = torch.randperm(x.size(0), generator=g)
    H, W = x.shape[-2:]
    y1, y2, x1, x2 = rand_box(H, W, lam, g)
    out = x.clone()
    out[:, :, y1:y2, x1:x2] = x[idx][:, :, y1:y2, x1:x2]
    lam = 1 - (y2 - y1) * (x2 - x1) / (H * W)
    return out, y1h * lam + y1h[idx] * (1 - lam)


def soft_cross_entropy(logits, targets):
    logp = logits.log_softmax(1)
    return -(logp * targets).sum() / logits.shape[0]


def distillation_loss(student, teacher, y, T, alpha):
    with torch.no_grad():
        p = (teacher / T).softmax(1)
    logq = F.log_softmax(student / T, 1)
    kd = F.kl_div(logq, p, reduction="batchmean")
    ce = F.cross_entropy(student, y)
    return alpha * T * T * kd + (1 - alpha) * ce
