# /// answer
# mistake = "kl-arguments-swapped"
# title = "the divergence runs from student to teacher"
# hint = "F.kl_div(log q of the student, p of the teacher)."
# points = {mixup = 15, rand_box = 10, cutmix = 15, soft_cross_entropy = 8, distillation_loss = 0.923077}
# ///
import math
import torch
from torch.nn import functional as F


def sample_lam(alpha, n, g):
    # two gammas by Marsaglia are overkill: seed a fork of the global generator
    seed = int(torch.randint(0, 2**40, (1,), generator=g))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return torch.distributions.Beta(alpha, alpha).sample((n,)).double()


def mixup(x, y, num_classes, alpha, g):
    eye = torch.eye(num_classes)
    if not alpha > 0:
        return x, eye[y]
    n = len(x)
    lam = sample_lam(alpha, n, g)
    shift = int(torch.randint(0, n, (1,), generator=g))
    other = torch.roll(x, shift, 0)
    l4 = lam.view(n, 1, 1, 1).to(x.dtype)
    l2 = lam.view(n, 1).float()
    images = torch.lerp(other, x, l4.expand_as(x))
    labels = l2 * eye[y] + (1 - l2) * eye[torch.roll(y, shift, 0)]
    return images, labels


def side(n, lam, g):
    half = math.floor(n * (1 - lam) ** 0.5) // 2
    c = int(torch.randint(n, (1,), generator=g))
    return max(0, c - half), min(n, c + half)


def rand_box(h, w, lam, g):
    return side(h, lam, g) + side(w, lam, g)


def cutmix(x, y, num_classes, alpha, g):
    eye = torch.eye(num_classes)
    if not alpha > 0:
        return x, eye[y]
    n, _, h, w = x.shape
    lams = sample_lam(alpha, n, g).tolist()
    order = torch.flip(torch.arange(n), [0])
    images = x.clone()
    labels = torch.zeros(n, num_classes)
    for i in range(n):
        y1, y2, x1, x2 = rand_box(h, w, lams[i], g)
        j = int(order[i])
        images[i, :, y1:y2, x1:x2] = x[j, :, y1:y2, x1:x2]
        share = 1 - (y2 - y1) * (x2 - x1) / (h * w)
        labels[i, y[i]] += share
        labels[i, y[j]] += 1 - share
    return images, labels


def soft_cross_entropy(logits, targets):
    logp = logits - logits.logsumexp(dim=1, keepdim=True)
    return -torch.einsum("nk,nk->n", targets, logp).mean()


def distillation_loss(student, teacher, y, T, alpha):
    teacher = teacher.detach()
    log_p = F.log_softmax(teacher / T, dim=-1)
    log_q = F.log_softmax(student / T, dim=-1)
    kl = F.kl_div(log_p.exp(), log_q, reduction="batchmean")
    hard = F.cross_entropy(student, y)
    return alpha * T**2 * kl + (1 - alpha) * hard
