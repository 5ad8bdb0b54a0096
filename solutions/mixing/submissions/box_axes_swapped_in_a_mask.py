# /// answer
# mistake = "box-axes-swapped"
# title = "the box's height and width change places"
# hint = "In (N, C, H, W) rows come first: rand_box(H, W, ...) gives (y1, y2, x1, x2), and y counts rows: [:, :, y1:y2, x1:x2]."
# points = {mixup = 15, rand_box = 10, cutmix = 10.588235, soft_cross_entropy = 8, distillation_loss = 12}
# ///
import torch
import numpy as np
import torch.nn.functional as F


def beta(alpha, g):
    seed = torch.randint(0, 2 ** 48, (), generator=g).item()
    return float(np.random.RandomState(seed % 2 ** 32).beta(alpha, alpha))


def hot(y, k):
    return torch.eye(k)[y]


def mixup(x, y, num_classes, alpha, g):
    t = hot(y, num_classes)
    if alpha <= 0:
        return x, t
    lam = beta(alpha, g)
    order = torch.randperm(x.size(0), generator=g)
    return torch.lerp(x[order], x, lam), torch.lerp(t[order], t, lam)


def rand_box(h, w, lam, g):
    cut = (1.0 - lam) ** 0.5
    bh, bw = int(h * cut), int(w * cut)
    cy = torch.randint(0, h, (), generator=g).item()
    cx = torch.randint(0, w, (), generator=g).item()
    y1, y2 = np.clip([cy - bh // 2, cy + bh // 2], 0, h).tolist()
    x1, x2 = np.clip([cx - bw // 2, cx + bw // 2], 0, w).tolist()
    return y1, y2, x1, x2


def cutmix(x, y, num_classes, alpha, g):
    t = hot(y, num_classes)
    if alpha <= 0:
        return x, t
    lam = beta(alpha, g)
    order = torch.randperm(x.size(0), generator=g)
    H, W = x.size(2), x.size(3)
    y1, y2, x1, x2 = rand_box(H, W, lam, g)
    inside = torch.zeros(H, W, dtype=torch.bool)
    inside[x1:x2, y1:y2] = True
    out = torch.where(inside, x[order], x)
    lam = 1.0 - inside.float().mean().item()
    return out, t * lam + t[order] * (1 - lam)


def soft_cross_entropy(logits, targets):
    return F.cross_entropy(logits, targets.to(logits.dtype))


def distillation_loss(student, teacher, y, T, alpha):
    p = (teacher.detach() / T).log_softmax(1)
    q = (student / T).log_softmax(1)
    kl = (p.exp() * (p - q)).sum() / len(y)
    hard = F.nll_loss(student.log_softmax(1), y)
    return T * T * alpha * kl + hard * (1 - alpha)
