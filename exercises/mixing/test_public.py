"""The public checks of `mixing`: small numbers, and images whose mean shows what was mixed.

Image 0 is 0 everywhere and image 1 is 8: the mean of an output, over 8, is the share of image 1 in it.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal, assert_shape, assert_that

IMAGES = torch.stack([torch.zeros(1, 4, 6), torch.full((1, 4, 6), 8.0)])
LABELS = torch.tensor([0, 2])

# The docstring's box: sides of 25 and so halves of 12, around each centre of 32 rows or columns.
HALF_12 = [(max(centre - 12, 0), min(centre + 12, 32)) for centre in range(32)]


@pytest.mark.task("mixup")
@pytest.mark.weight(0.5)
def test_mixup_labels_follow_the_images(student):
    """The labels hold the shares that the images hold"""
    images, labels = results(student, "mixup", IMAGES, LABELS, 3, 1.0)
    assert_shares(images, labels)
    assert_that(bool((images[:, 0] - images[:, 0].mean((1, 2, 3), True)).abs().max() < 1e-4), "even images", "others")


@pytest.mark.task("mixup")
@pytest.mark.depends("test_mixup_labels_follow_the_images")
@pytest.mark.weight(0.5)
def test_mixup_alpha_zero(student):
    """With alpha = 0 nothing is mixed"""
    assert_nothing_mixed(student.mixup(IMAGES, LABELS, 3, 0.0, torch.Generator().manual_seed(1)))


@pytest.mark.task("mixup")
@pytest.mark.depends("test_mixup_labels_follow_the_images")
def test_mixup_seed_by_hand(student):
    """A seed gives the same mixture again; the next call on one generator gives another"""
    assert_seeded(student, "mixup")


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
        (32, 32, 0.36, HALF_12, HALF_12),
    ],
    ids=["wide", "tall", "docstring"],
)
def test_rand_box_by_hand(student, h, w, lam, rows, columns):
    """Every box belongs to a centre in the image"""
    boxes = known(student.probe.boxes(h, w, lam, 3, 40), 40)
    for box in boxes:
        assert_that(
            box[:2] in rows and box[2:] in columns,
            "(y1, y2, x1, x2) of a box in the image, rows before columns",
            f"{box!r}"[:60],
            help="half = floor(length * sqrt(1 - lam)) // 2; max(centre - half, 0), min(centre + half, length)",
        )
    assert_that(len(set(boxes)) > 3, "boxes in many places", "nearly always the same")


@pytest.mark.task("rand_box")
@pytest.mark.depends("test_rand_box_by_hand")
def test_rand_box_lam_one(student):
    """lam = 1 keeps the whole image: the box is empty"""
    for y1, y2, x1, x2 in known(student.probe.boxes(4, 6, 1.0, 3, 10), 10):
        assert_equal((y2 - y1, x2 - x1), (0, 0), help="the sides are length * sqrt(1 - lam)")


@pytest.mark.task("cutmix")
@pytest.mark.weight(0.5)
def test_cutmix_labels_follow_the_images(student):
    """The labels hold the shares that the images hold"""
    images, labels = results(student, "cutmix", IMAGES, LABELS, 3, 1.0)
    assert_shares(images, labels)
    assert_that(bool(((images == 0) | (images == 8)).all()), "pixels of one image or the other", "blended pixels")


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_labels_follow_the_images")
@pytest.mark.weight(0.5)
def test_cutmix_alpha_zero(student):
    """With alpha = 0 nothing is pasted"""
    assert_nothing_mixed(student.cutmix(IMAGES, LABELS, 3, 0.0, torch.Generator().manual_seed(1)))


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_labels_follow_the_images")
def test_cutmix_seed_by_hand(student):
    """A seed gives the same boxes again; the next call on one generator gives others"""
    assert_seeded(student, "cutmix")


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


@pytest.mark.task("soft_cross_entropy")
def test_soft_cross_entropy_gradient_by_hand(student):
    """For even scores the gradient is 1/2 minus the target, over the number of rows"""
    logits, targets = torch.tensor([[0.0, 0.0], [3.0, 3.0]]), torch.tensor([[0.25, 0.75], [1.0, 0.0]])
    found = student.probe.gradients("soft_cross_entropy", [logits], [targets])
    assert_allclose(found, [torch.tensor([[0.125, -0.125], [-0.25, 0.25]])], help="the loss stays part of the graph")


@pytest.mark.task("distillation_loss")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("temperature", "alpha", "expected"),
    [(2.0, 0.5, 0.608198), (2.0, 1.0, 0.523248), (2.0, 0.0, 0.693147)],
    ids=["both", "soft", "hard"],
)
def test_distillation_by_hand(student, temperature, alpha, expected):
    """The example of the docstring"""
    scores, teacher = torch.tensor([[0.0, 0.0]]), torch.tensor([[2.197225, 0.0]])
    loss = student.distillation_loss(scores, teacher, torch.tensor([0]), temperature, alpha)
    assert_allclose(loss, torch.tensor(expected), help="alpha * T**2 * KL + (1 - alpha) * CE")


@pytest.mark.task("distillation_loss")
def test_distillation_gradient_by_hand(student):
    """The soft term's gradient is T * (q - p) for the student, nothing for the teacher"""
    scores, teacher = torch.tensor([[0.0, 0.0]]), torch.tensor([[2.197225, 0.0]])
    found = student.probe.gradients("distillation_loss", [scores, teacher], [torch.tensor([0]), 2.0, 1.0])
    assert_allclose(found, [torch.tensor([[-0.5, 0.5]]), torch.zeros(1, 2)], help="the teacher is a constant")


def known(boxes, count):
    """The boxes, once they are known to be `count` tuples of four ints."""
    assert_that(type(boxes) is list and len(boxes) == count, f"{count} boxes", "something else")
    for box in boxes:
        assert_equal(type(box), tuple, help="a tuple (y1, y2, x1, x2)")
        ints = len(box) == 4 and all(type(end) is int for end in box)
        assert_that(ints, "four ints", f"{box!r}"[:60], help="int(...) of a tensor of one element is one")
    return boxes


def results(student, name, x, y, classes, alpha):
    """Images and labels of 40 calls with one generator."""
    answer = student.probe.batches(name, x, y, classes, alpha, 5, 40)
    assert_that(
        type(answer) is tuple and len(answer) == 2, "(x_mixed, y_soft) of x's shape and (N, K)", "another answer"
    )
    images, labels = answer
    assert_shape(images, (40, *x.shape))
    assert_shape(labels, (40, len(y), classes))
    return images.double(), labels.double()


def assert_shares(images, labels):
    """Labels of classes 0 and 2 are the shares of images 0 and 1, and something was mixed."""
    share = images.mean((2, 3, 4)) / 8
    expected = torch.stack([1 - share, torch.zeros_like(share), share], dim=2)
    assert_allclose(labels, expected, help="labels are mixed as the images are")
    assert_that(bool(((share > 0.02) & (share < 0.98)).any()), "images that hold a part of both", "no mixture")


def assert_seeded(student, name):
    """Two generators of one seed give one result, whatever the global ones do; forty calls with one give several."""
    # Twelve seeds: a pair of images may now and then keep to itself, and then nothing shows.
    for seed in range(12):
        answer = student.probe.twice(name, [IMAGES, LABELS, 3, 1.0], seed)
        assert_that(type(answer) is tuple and len(answer) == 2, "two results", "something else")
        assert_equal(answer[1], answer[0], help="every draw takes generator=g, or a generator seeded by a draw from g")
    images, _ = results(student, name, IMAGES, LABELS, 3, 1.0)
    share = images.mean((2, 3, 4)) / 8
    # Which image it is that keeps to itself is the pairing's chance: lam shows in the smaller of both shares.
    mixed = {round(float(part), 4) for part in torch.minimum(share, 1 - share).flatten()} - {0.0}
    assert_that(len(mixed) > 1, "another mixture in some call", "always the same")


def assert_nothing_mixed(answer):
    """The images as they were, and one-hot labels."""
    assert_that(type(answer) is tuple and len(answer) == 2, "a tuple (x_mixed, y_soft)", "something else")
    assert_allclose(answer[0], IMAGES)
    assert_allclose(answer[1], torch.tensor([[1.0, 0, 0], [0, 0, 1]]), check_dtype=False)
