"""The public checks of `mixing`: small numbers, and images whose mean shows what was mixed.

Image 0 is 0 everywhere and image 1 is 8: the mean of an output, over 8, is the share of image 1 in it.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal, assert_shape, assert_that

IMAGES = torch.stack([torch.zeros(1, 4, 6), torch.full((1, 4, 6), 8.0)])
LABELS = torch.tensor([0, 2])


@pytest.mark.task("mixup")
def test_mixup_labels_follow_the_images(student):
    """The labels hold the shares that the images hold"""
    images, labels = results(student, "mixup", IMAGES, LABELS, 3, 1.0)
    assert_shares(images, labels)
    assert_that(bool((images[:, 0] - images[:, 0].mean((1, 2, 3), True)).abs().max() < 1e-4), "even images", "others")


@pytest.mark.task("mixup")
@pytest.mark.depends("test_mixup_labels_follow_the_images")
def test_mixup_alpha_zero(student):
    """With alpha = 0 nothing is mixed"""
    assert_nothing_mixed(student.mixup(IMAGES, LABELS, 3, 0.0, torch.Generator().manual_seed(1)))


@pytest.mark.task("rand_box")
@pytest.mark.parametrize(
    ("h", "w", "lam", "rows", "columns"),
    [
        # Sides 2 and 3, halves 1: the centre's row decides where rows begin and end, its column the same for columns.
        (4, 6, 0.75, [(0, 1), (0, 2), (1, 3), (2, 4)], [(0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6)]),
        # Sides 4 and 2.
        (
            8,
            4,
            0.75,
            [(0, 2), (0, 3), (0, 4), (1, 5), (2, 6), (3, 7), (4, 8), (5, 8)],
            [(0, 1), (0, 2), (1, 3), (2, 4)],
        ),
    ],
    ids=["wide", "tall"],
)
def test_rand_box_by_hand(student, h, w, lam, rows, columns):
    """Every box belongs to a centre in the image"""
    boxes = student.probe.boxes(h, w, lam, 3, 40)
    assert_that(type(boxes) is list and len(boxes) == 40, "40 boxes", "something else")
    for box in boxes:
        assert_equal(type(box), tuple, help="a tuple (y1, y2, x1, x2)")
        assert_that(
            len(box) == 4 and all(type(end) is int for end in box) and box[:2] in rows and box[2:] in columns,
            "(y1, y2, x1, x2) of a box in the image, rows before columns",
            f"{box!r}"[:60],
            help="half = floor(length * sqrt(1 - lam)) // 2; max(centre - half, 0), min(centre + half, length)",
        )
    assert_that(len(set(boxes)) > 3, "boxes in many places", "nearly always the same")


@pytest.mark.task("cutmix")
def test_cutmix_labels_follow_the_images(student):
    """The labels hold the shares that the images hold"""
    images, labels = results(student, "cutmix", IMAGES, LABELS, 3, 1.0)
    assert_shares(images, labels)
    assert_that(bool(((images == 0) | (images == 8)).all()), "pixels of one image or the other", "blended pixels")


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_labels_follow_the_images")
def test_cutmix_alpha_zero(student):
    """With alpha = 0 nothing is pasted"""
    assert_nothing_mixed(student.cutmix(IMAGES, LABELS, 3, 0.0, torch.Generator().manual_seed(1)))


@pytest.mark.task("soft_cross_entropy")
@pytest.mark.parametrize(
    ("logits", "targets", "expected"),
    [
        ([[0.0, 0.0]], [[0.25, 0.75]], 0.693147),
        # softmax: (3/4, 1/4) and (1/2, 1/2).
        ([[1.098612, 0.0], [2.0, 2.0]], [[0.5, 0.5], [1.0, 0.0]], 0.765068),
    ],
    ids=["even", "two_rows"],
)
def test_soft_cross_entropy_by_hand(student, logits, targets, expected):
    """Scores whose probabilities are simple fractions"""
    loss = student.soft_cross_entropy(torch.tensor(logits), torch.tensor(targets))
    assert_allclose(loss, torch.tensor(expected), help="the mean over rows of -sum(targets * log_softmax)")


@pytest.mark.task("distillation_loss")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("temperature", "alpha", "expected"), [(2.0, 0.5, 0.608198), (2.0, 1.0, 0.523248)], ids=["both", "soft"]
)
def test_distillation_by_hand(student, temperature, alpha, expected):
    """The example of the docstring"""
    scores, teacher = torch.tensor([[0.0, 0.0]]), torch.tensor([[2.197225, 0.0]])
    loss = student.distillation_loss(scores, teacher, torch.tensor([0]), temperature, alpha)
    assert_allclose(loss, torch.tensor(expected), help="alpha * T**2 * KL + (1 - alpha) * CE")


def results(student, name, x, y, classes, alpha):
    """Images and labels of 30 calls with one generator."""
    answer = student.probe.batches(name, x, y, classes, alpha, 5, 30)
    assert_that(
        type(answer) is tuple and len(answer) == 2, "(x_mixed, y_soft) of x's shape and (N, K)", "another answer"
    )
    images, labels = answer
    assert_shape(images, (30, *x.shape))
    assert_shape(labels, (30, len(y), classes))
    return images.double(), labels.double()


def assert_shares(images, labels):
    """Labels of classes 0 and 2 are the shares of images 0 and 1, and something was mixed."""
    share = images.mean((2, 3, 4)) / 8
    expected = torch.stack([1 - share, torch.zeros_like(share), share], dim=2)
    assert_allclose(labels, expected, help="labels are mixed as the images are")
    assert_that(bool(((share > 0.02) & (share < 0.98)).any()), "images that hold a part of both", "no mixture")


def assert_nothing_mixed(answer):
    """The images as they were, and one-hot labels."""
    assert_that(type(answer) is tuple and len(answer) == 2, "a tuple (x_mixed, y_soft)", "something else")
    assert_allclose(answer[0], IMAGES)
    assert_allclose(answer[1], torch.tensor([[1.0, 0, 0], [0, 0, 1]]), check_dtype=False)
