"""Boxes: as rand_box gives them, and as they show in the images of CutMix."""

from __future__ import annotations

import numpy as np
import oracle
import torch
from mixtures import coded, run

from grader.testing import assert_allclose, assert_that

# 2000 values of lam as it should be, for each alpha.
LAMS = {alpha: np.random.default_rng(53).beta(alpha, alpha, 2000).tolist() for alpha in (0.15, 1000.0)}


def drawn(student, h, w, lam, seed, count):
    """`count` boxes, once they are known to be tuples of four ints."""
    return known(student.probe.boxes(h, w, lam, seed, count), count)


def known(boxes, count):
    """The boxes, once they are known to be `count` tuples of four ints."""
    assert_that(type(boxes) is list and len(boxes) == count, f"{count} boxes", "something else")
    for box in boxes:
        ints = type(box) is tuple and len(box) == 4 and all(type(end) is int for end in box)
        assert_that(ints, "a tuple (y1, y2, x1, x2) of ints", "something else")
    return boxes


def sources(images, x):
    """The image that each pixel came from, (count, N, H, W), once each is known to be a whole pixel of an image."""
    n = len(x)
    marks = images[:, :, :n]
    whole = bool(((marks == 0) | (marks == 1)).all() and (marks.sum(2) == 1).all())
    assert_that(whole, "pixels of one image or the other", "blended pixels", help="CutMix pastes, it does not blend")
    source = marks.argmax(2)
    rows = torch.arange(x.shape[2])[:, None]
    columns = torch.arange(x.shape[3])
    assert_allclose(images, x.double()[source, :, rows, columns].movedim(-1, 2), help="the same box of the partner")
    return source


def box_of(mask):
    """The rows and columns (y1, y2, x1, x2) that hold a mask (H, W), None if it is empty."""
    rows, columns = mask.any(1).nonzero(), mask.any(0).nonzero()
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def fit(boxes, shares, h, w):
    """Whether each box may be what rand_box gives for 1 - lam = share; one that isn't seen says nothing."""
    for box, share in zip(boxes, shares, strict=True):
        if box is None or not 1e-6 < share <= 1:
            continue
        # float32 forgets digits that decide between two sizes.
        ends = {
            (oracle.interval(h, 1 - s, r), oracle.interval(w, 1 - s, c))
            for s in (share - 1e-6, share + 1e-6)
            if s <= 1
            for r in range(h)
            for c in range(w)
        }
        if (box[:2], box[2:]) not in ends:
            return False
    return True


def pasted(source):
    """The boxes of all outputs that hold a piece of another image, one for each call that has such an output."""
    n = source.shape[1]
    masks = source != torch.arange(n)[:, None, None]
    found = [[box for box in map(box_of, call) if box] for call in masks]
    return [call[0] for call in found if call]


def sides(found, h, w):
    """The larger of a box's two sides, relative to the image: the one that the border has cut less."""
    return np.array([max((y2 - y1) / h, (x2 - x1) / w) for y1, y2, x1, x2 in found])


def assert_follow_lam(boxes, lams):
    """The boxes are larger or smaller as lam is: made-up ones, all alike, would suit a cutmix that draws no lam."""
    areas = np.array([float(max(y2 - y1, 0) * max(x2 - x1, 0)) for y1, y2, x1, x2 in boxes])
    follow = areas.std() > 0 and abs(float(np.corrcoef(areas, lams)[0, 1])) > 0.5
    assert_that(bool(follow), "boxes of rand_box whose area goes with lam", "boxes that do not depend on lam")


def assert_sizes(student, alpha):
    """Boxes of 400 calls are as large as the submission's rand_box makes them for lam from Beta(alpha, alpha)."""
    h, w = 13, 9
    x = coded(4, h, w, noise=0)
    images, _ = run(student, "cutmix", x, [0, 1, 2, 3], 4, alpha, seed=52, count=400)
    found = sides(pasted(sources(images, x)), h, w)
    # The submission's own rand_box is asked: its mistakes are none of cutmix's. A box without pixels shows nowhere.
    boxes = known(student.probe.boxes_of(h, w, LAMS[alpha], 54), 2000)
    assert_follow_lam(known(student.probe.boxes_of(h, w, LAMS[0.15], 54), 2000), LAMS[0.15])
    expected = sides([box for box in boxes if box[1] > box[0] and box[3] > box[2]], h, w)
    enough = len(found) >= 150 and len(expected) >= 1000
    assert_that(enough, "boxes in most batches", f"in {len(found)} of 400, {len(expected)} of 2000")
    # Kolmogorov and Smirnov: 2.75 is exceeded with a probability of 2 exp(-2 * 2.75**2) = 5e-7.
    limit = 2.75 * (1 / len(found) + 1 / len(expected)) ** 0.5
    gap = max(abs(float((found <= side).mean() - (expected <= side).mean())) for side in {*found, *expected})
    assert_that(gap <= limit, "small and large boxes as often as alpha says", "others", help="lam ~ Beta(alpha, alpha)")


def four(answer):
    """A probe's answer of four parts."""
    assert_that(type(answer) is tuple and len(answer) == 4, "an answer of four parts", "something else")
    return answer
