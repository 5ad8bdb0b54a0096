"""Each bug by itself, then whole sets."""

import numpy as np
import pytest
import torch

from grader.testing import assert_allclose

RNG = np.random.default_rng(10)


def pictures(n, h, w, low=0, high=256):
    """Random pictures."""
    return [RNG.integers(low, high, (h, w, 3), dtype=np.uint8) for _ in range(n)]


def tensors(images):
    """The definition, number by number."""
    return torch.stack([torch.tensor(np.array([image[:, :, c] / 255 for c in (2, 1, 0)])).float() for image in images])


def normalised(train, test):
    """Both sets on the training set's scale."""
    a, b = tensors(train).double(), tensors(test).double()
    mean = a.mean((0, 2, 3), keepdim=True)
    std = ((a - mean) ** 2).mean((0, 2, 3), keepdim=True) ** 0.5
    return ((a - mean) / std).float(), ((b - mean) / std).float()


GREY = np.repeat(RNG.integers(0, 256, (4, 5, 1), dtype=np.uint8), 3, axis=2)
PIXELS = [np.full((1, 1, 3), v, dtype=np.uint8) for v in (10, 60, 200)]
OTHERS = [np.full((1, 1, 3), v, dtype=np.uint8) for v in (240, 250)]
SETS = {"wide": (pictures(4, 3, 6), pictures(2, 3, 6, 150)), "one": (pictures(1, 5, 4), pictures(3, 5, 4))}


@pytest.mark.task("to_tensor")
def test_to_tensor_grey(student):
    """A grey picture is the same in every channel"""
    assert_allclose(student.to_tensor(GREY), tensors([GREY])[0], help="where does each pixel go?")


@pytest.mark.task("to_tensor")
@pytest.mark.depends("test_to_tensor_colour", "test_to_tensor_grey")
def test_to_tensor_values(student):
    """Colour pictures of several shapes"""
    for image in pictures(1, 4, 7) + pictures(1, 6, 2):
        assert_allclose(student.to_tensor(image), tensors([image])[0])


@pytest.mark.task("prepare")
def test_prepare_scale(student):
    """Both sets are on the training set's scale"""
    assert_allclose(student.prepare(PIXELS, OTHERS), normalised(PIXELS, OTHERS), help="grey pictures of one pixel")


@pytest.mark.task("prepare")
@pytest.mark.depends("test_prepare_scale", "test_to_tensor_colour", "test_to_tensor_grey")
@pytest.mark.parametrize("case", list(SETS.values()), ids=list(SETS))
def test_prepare_values(student, case):
    """Whole sets in colour"""
    assert_allclose(student.prepare(*case), normalised(*case))
