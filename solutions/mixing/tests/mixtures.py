"""Batches whose mixtures can be read, and what the checks of `mixing` conclude from images and labels.

Image i is 1 in channel i and 0 in the other first N channels: the means of these channels are the weights with which
the images were mixed, whatever the pairing. The channels behind hold noise, so that a pixel's place shows as well.
"""

from __future__ import annotations

import numpy as np
import oracle
import torch

from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_shape, assert_that, assert_unchanged

LABEL_HELP = "weights of the labels = weights with which the images were really mixed, with the same partners"
UNCHANGED_HELP = "work on a copy: the caller still needs the batch"
SEED_HELP = "every draw takes generator=g, or a generator seeded with a number drawn from g"


def coded(n, height, width, noise=2, dtype=torch.float32, seed=0):
    """N images: channel i marks image i, `noise` more channels hold random numbers."""
    g = torch.Generator().manual_seed(seed)
    marks = torch.eye(n)[:, :, None, None].expand(n, n, height, width)
    return torch.cat([marks, torch.randn(n, noise, height, width, generator=g)], dim=1).to(dtype)


BATCHES = {
    "four": (coded(4, 5, 7), [2, 0, 6, 5], 9, 1.0),
    "five": (coded(5, 6, 3), [3, 0, 1, 5, 2], 6, 0.5),
    "same_class": (coded(6, 4, 9), [1, 1, 0, 2, 2, 0], 3, 2.0),
    "two_doubles": (coded(2, 9, 4, dtype=torch.float64), [1, 3], 5, 1.0),
}


def seeded(seed):
    """A fresh generator."""
    return torch.Generator().manual_seed(seed)


def run(student, name, x, y, classes, alpha, seed=11, count=40):
    """Images (count, N, C, H, W) and labels (count, N, K) of `count` calls with one generator."""
    answer = student.probe.batches(name, x, torch.tensor(y), classes, alpha, seed, count)
    assert_that(
        type(answer) is tuple and len(answer) == 2, "(x_mixed, y_soft) of x's shape and (N, K)", "another answer"
    )
    images, labels = answer
    assert_shape(images, (count, *x.shape))
    assert_shape(labels, (count, len(y), classes))
    assert_dtype(images, str(x.dtype).removeprefix("torch."), help="x_mixed has the dtype of x")
    assert_that(labels.dtype.is_floating_point, "floating-point labels", "another dtype")
    assert_that(bool(images.isfinite().all() and labels.isfinite().all()), "finite numbers", "NaN or infinity")
    return images.double(), labels.double()


def drawn_lams(student, alpha, count):
    """The lam of each of `count` calls of mixup in which something was mixed."""
    images, _ = run(student, "mixup", coded(4, 1, 2, noise=0), [0, 1, 2, 3], 4, alpha, seed=31, count=count)
    lams = []
    for weights in images.mean((3, 4)):
        own = [float(weights[i, i]) for i in range(4) if weights[i, i] < 1 - 1e-6]
        lams += own[:1]
    return lams


def assert_lams(student, alpha):
    """The lams of 500 calls of mixup are as Beta(alpha, alpha) has them: their mean and variance, and few alike."""
    lams = drawn_lams(student, alpha, 500)
    assert_that(len(lams) >= 200, "mixtures in most batches", f"{len(lams)} of 500")
    help = "lam is drawn from a continuous distribution: an integer that seeds it comes from a large range"
    if len(set(lams)) == 1:
        others = drawn_lams(student, 2 * alpha, 20)
        fixed = max(lams + others) - min(lams + others) < 1e-4
        assert_that(
            False, "another lam in each call", "the same for any alpha" if fixed else "always the same", help=help
        )
    assert_that(len(set(lams)) > len(lams) / 4, "another lam nearly each time", f"{len(set(lams))} values", help=help)
    assert_that(min(lams) < 0.5 < max(lams), "lams on both sides of one half", "on one side only", help=help)
    variance, fourth = oracle.beta_moments(alpha)
    mean = float(np.mean(lams))
    assert_that(abs(mean - 0.5) < 6 * (variance / len(lams)) ** 0.5, "a mean of 0.5 for lam", f"{mean:.3f}")
    found = float(np.mean((np.array(lams) - 0.5) ** 2))
    limit = 6 * ((fourth - variance**2) / len(lams)) ** 0.5
    assert_that(abs(found - variance) < limit, f"a variance of {variance:.3f} for lam", f"{found:.3f}")


def assert_partners(weights):
    """Row i of each (N, N) matrix holds image i and at most one other, and sums to 1."""
    n = weights.shape[-1]
    others = weights * (1 - torch.eye(n, dtype=torch.float64))
    right = bool(
        (weights > -1e-5).all() and ((weights.sum(-1) - 1).abs() < 1e-4).all() and ((others > 1e-5).sum(-1) <= 1).all()
    )
    assert_that(right, "image i and one partner in output i", "another mixture", help="weights lam and 1 - lam")
    assert_that(bool((others > 1e-3).any()), "images that are mixed", "every image alone")


def assert_labels(labels, weights, y, classes, drawn=None):
    """The labels are the weighted one-hot labels; `drawn(shares)` tells whether these can be 1 - lam as drawn."""
    own = torch.tensor(oracle.one_hot(y, classes))
    assert_allclose(labels, weights @ own, help=f"{LABEL_HELP}{label_words(labels, weights, own, drawn)}")


def label_words(labels, weights, own, drawn):
    """What labels that are wrong are instead, if it can be told."""
    first_right = torch.allclose(labels[:, 0], weights[:, 0] @ own, atol=1e-5)
    shares = 1 - (labels * own).sum(-1)
    others = weights * (1 - torch.eye(weights.shape[-1], dtype=torch.float64))
    # Where an image shows nothing but itself or its partner, its labels can't be told from wrong ones.
    mixed = (others.sum(-1) > 1e-3) & (others.sum(-1) < 1 - 1e-3)
    weights, labels, own_labels = weights[mixed], labels[mixed], own.expand_as(labels)[mixed]
    share = others[mixed].sum(-1, keepdim=True)
    rest = labels - (1 - share) * own_labels
    if torch.allclose(labels, own_labels, atol=1e-5):
        return "; these are the labels of the images as they came in"
    if torch.allclose(labels, torch.where(weights > 1e-6, 1 - weights, weights) @ own, atol=1e-5):
        return "; lam and 1 - lam have changed places"
    if torch.allclose(rest.amax(-1, keepdim=True), share, atol=1e-5) and bool((rest > -1e-5).all()):
        return "; the share is right, the partner is not" + (", but of the first image it is" if first_right else "")
    if bool((labels[weights @ own < 1e-6].abs() < 1e-5).all()):
        as_drawn = ": it is the one that was drawn, before the box was rounded and cut off"
        return "; the partner is right, the share is not" + (as_drawn if drawn is not None and drawn(shares) else "")
    return ""


def assert_nothing_mixed(answer, x, y, classes):
    """The images as they are, one-hot labels."""
    assert_that(type(answer) is tuple and len(answer) == 2, "a tuple (x_mixed, y_soft)", "something else")
    assert_allclose(answer[0], x)
    assert_shape(answer[1], (len(y), classes))
    assert_that(answer[1].dtype.is_floating_point, "floating-point labels", "another dtype")
    assert_allclose(answer[1], torch.tensor(oracle.one_hot(y, classes)), check_dtype=False)


def assert_same_twice(student, name, arguments):
    """Two generators of one seed give one result."""
    answer = student.probe.twice(name, arguments, 23)
    assert_that(type(answer) is tuple and len(answer) == 2, "two answers", "something else")
    assert_that(type(answer[1]) is tuple, "a tuple", "something else")
    assert_equal(answer[0], answer[1], help=SEED_HELP)


def assert_kept(echo):
    """Images and labels are what was sent; the generator may have moved on."""
    kept = type(echo)(echo.value, echo.sent[:4], echo.after[:4])
    assert_unchanged(kept, help=UNCHANGED_HELP)
