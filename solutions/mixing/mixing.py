"""Mix-up, CutMix and the losses for labels that are no longer one class.

Letters: N images of C channels, H rows and W columns; K classes.

What holds for all:
    - Arguments are not modified. A result that equals an argument may be that argument itself.
    - All randomness comes from g: the same seed gives the same result, whatever the global generators of torch, NumPy
      and Python have done before. g is drawn from, never reseeded, so the next call with the same g draws anew.
    - lam is drawn from Beta(alpha, alpha) as it is (not max(lam, 1 - lam)); how, in what order, and whether once for
      the batch or once an image, is up to you. torch.distributions.Beta takes no generator: an integer drawn from g,
      from a large range, can seed one that knows Beta.
    - Output i holds image i and a partner, another image of the batch. How partners are paired (permutation, roll,
      flip, ...) is up to you; an image may now and then be its own partner. A batch of 1 is legal: the image is its
      own partner and nothing changes.
    - y_soft is of a floating-point dtype, whichever; its rows sum to 1.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def mixup(x: Tensor, y: Tensor, num_classes: int, alpha: float, g: torch.Generator) -> tuple[Tensor, Tensor]:
    """Blend each image, and its label, with a partner.

    x: (N, C, H, W) floating point; y: (N,) int64 classes; num_classes is K; lam ~ Beta(alpha, alpha).
    Returns the tuple (x_mixed: (N, C, H, W) of x's dtype, y_soft: (N, K)), where

        x_mixed[i] = lam * x[i]          + (1 - lam) * x[partner of i]
        y_soft[i]  = lam * one_hot(y[i]) + (1 - lam) * one_hot(y[partner of i])      same lam, same partner

    alpha <= 0 mixes nothing: x as it is, and one-hot labels.

    Example: images that are 0 and 8 everywhere, y = [0, 1], K = 2, lam = 0.75 and partners swapped:
    x_mixed is 2 and 6 everywhere, y_soft is [[0.75, 0.25], [0.25, 0.75]].
    """
    ### BEGIN SOLUTION
    labels = F.one_hot(y, num_classes).to(x.dtype)
    if alpha <= 0:
        return x, labels
    lam = _draw_lam(alpha, g)
    partner = torch.randperm(len(x), generator=g)
    return lam * x + (1 - lam) * x[partner], lam * labels + (1 - lam) * labels[partner]
    ### END SOLUTION


def rand_box(h: int, w: int, lam: float, g: torch.Generator) -> tuple[int, int, int, int]:
    """A random box for CutMix, in an image of h rows and w columns, that keeps a share of about lam of it.

    lam is in [0, 1]. Returns the tuple (y1, y2, x1, x2) of ints: rows y1 to y2 - 1, columns x1 to x2 - 1.

    The sides before clipping, rounded down:   floor(h * sqrt(1 - lam)), floor(w * sqrt(1 - lam))
    The centre is a pixel, all equally likely: row cy in 0..h-1, column cx in 0..w-1, drawn separately from g.
    The box reaches half = side // 2 either way and is clipped at the border:

        y1 = max(cy - half, 0)      y2 = min(cy + half, h)      and the same for columns, with w

    Example: h = w = 32, lam = 0.36: sides floor(32 * 0.8) = 25, halves 12. Centre (0, 0) gives (0, 12, 0, 12),
    centre (16, 30) gives (4, 28, 18, 32).
    """
    ### BEGIN SOLUTION
    scale = math.sqrt(1 - lam)
    ends: list[int] = []
    for length in (h, w):
        half = int(length * scale) // 2
        centre = int(torch.randint(length, (1,), generator=g))
        ends += [max(centre - half, 0), min(centre + half, length)]
    y1, y2, x1, x2 = ends
    return y1, y2, x1, x2
    ### END SOLUTION


def cutmix(x: Tensor, y: Tensor, num_classes: int, alpha: float, g: torch.Generator) -> tuple[Tensor, Tensor]:
    """Replace a box of each image by the same box of its partner, and share the label out by area.

    x: (N, C, H, W) floating point; y: (N,) int64 classes; num_classes is K. lam ~ Beta(alpha, alpha) goes to
    rand_box(H, W, lam, g); one box for the batch or one for each image.
    Returns the tuple (x_mixed: (N, C, H, W) of x's dtype, y_soft: (N, K)), where

        x_mixed[i] = x[partner of i] inside the box, x[i] outside it
        y_soft[i]  = share * one_hot(y[i]) + (1 - share) * one_hot(y[partner of i])
        share      = 1 - box area / (H * W)            of the box as it is, rounded and clipped: not the lam drawn

    alpha <= 0 mixes nothing: x as it is, and one-hot labels.

    Example: H = W = 32, lam = 0.36, box (0, 12, 0, 12): share = 1 - 144 / 1024 = 0.859.
    """
    ### BEGIN SOLUTION
    labels = F.one_hot(y, num_classes).to(x.dtype)
    if alpha <= 0:
        return x, labels
    h, w = x.shape[2:]
    y1, y2, x1, x2 = rand_box(h, w, _draw_lam(alpha, g), g)
    partner = torch.randperm(len(x), generator=g)
    mixed = x.clone()
    mixed[:, :, y1:y2, x1:x2] = x[partner, :, y1:y2, x1:x2]
    share = 1 - (y2 - y1) * (x2 - x1) / (h * w)
    return mixed, share * labels + (1 - share) * labels[partner]
    ### END SOLUTION


def soft_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The cross-entropy against whole distributions, averaged over the batch.

    logits: (N, K), raw scores of any size; targets: (N, K), rows that sum to 1.
    Returns a 0-d tensor, 1/N * sum over rows of -sum_k targets[k] * log_softmax(logits)[k], through which gradients
    flow to logits. It stays finite for scores like 1e4.

    Example: logits [[0, 0]] give ln 2 = 0.693 for every target.
    """
    ### BEGIN SOLUTION
    return -(targets * F.log_softmax(logits, dim=1)).sum(dim=1).mean()
    ### END SOLUTION


def distillation_loss(student: Tensor, teacher: Tensor, y: Tensor, T: float, alpha: float) -> Tensor:  # noqa: N803
    """What a student network is trained with when a teacher helps.

    student, teacher: (N, K) raw scores (logits) of the two; y: (N,) int64 classes; T > 0 is the temperature;
    alpha, from 0 to 1, weights the soft term. Returns a 0-d tensor,

        alpha * T**2 * KL  +  (1 - alpha) * CE
        KL = 1/N * sum over rows and classes of p * (log p - log q),  p = softmax(teacher / T), q = softmax(student / T)
        CE = the cross-entropy of student (not divided by T) and y, averaged over the batch

    Gradients flow to student. None flows to teacher, also when it asks for one.

    Example: student [[0, 0]], teacher [[2 ln 3, 0]], T = 2: p = (3/4, 1/4), q = (1/2, 1/2), KL = 0.1308; with y = [0]
    and alpha = 0.5 the loss is 0.5 * 4 * 0.1308 + 0.5 * 0.6931 = 0.6082.
    """
    ### BEGIN SOLUTION
    log_q = F.log_softmax(student / T, dim=1)
    p = F.softmax(teacher.detach() / T, dim=1)
    soft = F.kl_div(log_q, p, reduction="batchmean") * T**2
    return alpha * soft + (1 - alpha) * F.cross_entropy(student, y)
    ### END SOLUTION


### BEGIN SOLUTION
def _draw_lam(alpha: float, g: torch.Generator) -> float:
    """One number from Beta(alpha, alpha) that depends on g alone."""
    seed = int(torch.randint(2**31, (1,), generator=g))
    return float(np.random.default_rng(seed).beta(alpha, alpha))


### END SOLUTION
