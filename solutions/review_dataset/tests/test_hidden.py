"""Each bug by itself. Draws are free, so what is checked holds for every right way to draw."""

import pytest
import torch

from grader.testing import assert_equal, assert_shape, assert_that

G = torch.Generator().manual_seed(6)
GREY = torch.full((1, 1, 1, 2), 128, dtype=torch.uint8)
BRIGHT = torch.tensor([[[[250, 255]]]], dtype=torch.uint8)
DARK = torch.tensor([[[[0, 7]]]], dtype=torch.uint8)
TIMES = 200


def draws(student, image, seeds=(1,)):
    """Whole numbers (seeds, TIMES, 2): both values of a picture of two, as each worker draws them."""
    found = student.probe.draws(image, seeds, TIMES)
    assert_shape(found, (len(seeds), TIMES, 2))
    return (found.double() * 255).round().nan_to_num(-1).long()


@pytest.mark.task("Pictures")
def test_pictures_workers(student):
    """Two workers, and two epochs, draw apart"""
    found = draws(student, GREY, seeds=(1, 2))
    moved = len(set(found.flatten().tolist())) > 20
    assert_that(moved, "many different amounts of light", "few")
    assert_that(
        not torch.equal(found[0], found[1]), "other draws in another worker", "the same", help="what is copied?"
    )


@pytest.mark.task("Pictures")
@pytest.mark.parametrize("bright", [True, False], ids=["bright", "dark"])
def test_pictures_range(student, bright):
    """Light is added to bright and dark pictures without wrapping"""
    found = draws(student, BRIGHT if bright else DARK)
    low, high = (210, 255) if bright else (0, 47)
    within = bool((found >= low).all()) and bool((found <= high).all())
    assert_that(within, f"values from {low} to {high}", "others", help="in which type is the sum computed?")
    end = int(found.max()) == high if bright else int(found.min()) == low
    assert_that(end, f"{high if bright else low} where the light goes beyond it", "never quite")
    assert_that(len(set(found.flatten().tolist())) > 10, "many different amounts of light", "few")


@pytest.mark.task("Pictures")
@pytest.mark.depends("test_pictures_workers", "test_pictures_range")
def test_pictures_draws(student):
    """Half are mirrored, light spreads over its range, and the dataset stays as it is"""
    found = draws(student, torch.tensor([[[[100, 120]]]], dtype=torch.uint8))[0]
    difference = (found[:, 1] - found[:, 0]).tolist()
    assert_that(set(difference) == {20, -20}, "one amount for the whole picture", "several")
    assert_that(60 < difference.count(20) < 140, "about half mirrored", f"{difference.count(20)} of {TIMES}")
    light = found.min(1).values - 100
    assert_that(int(light.min()) < -30 and int(light.max()) > 30, "light from -40 to 40", "a smaller range")
    assert_that(int(light.abs().max()) <= 40, "light from -40 to 40", "a larger range")


@pytest.mark.task("make_sets")
@pytest.mark.depends("test_make_sets_validation")
def test_make_sets_split(student):
    """Sizes, labels, and a training set that augments"""
    images = torch.full((5, 1, 1, 2), 90, dtype=torch.uint8)
    assert_equal(student.probe.sets(images, [3, 1, 4, 1, 5], 2), ((3, 1, 4), (1, 5), True))
