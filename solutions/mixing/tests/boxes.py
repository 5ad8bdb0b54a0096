"""Boxes: as rand_box gives them, and as they show in the images of CutMix."""

from __future__ import annotations

import numpy as np
import oracle
import torch

from grader.testing import assert_allclose, assert_that


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


def four(answer):
    """A probe's answer of four parts."""
    assert_that(type(answer) is tuple and len(answer) == 4, "an answer of four parts", "something else")
    return answer
