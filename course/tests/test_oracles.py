"""The slow, obvious code that computes expected values agrees with torch."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


def oracle(slug: str) -> ModuleType:
    """A topic's oracle, imported by path."""
    spec = importlib.util.spec_from_file_location(f"oracle_{slug}", SOLUTIONS / slug / "tests" / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONVOLUTION = oracle("convolution")
POOLING = oracle("pooling")

side = st.integers(1, 7)
pair = st.tuples(st.integers(1, 3), st.integers(1, 3))


def images(n: int, c: int, h: int, w: int, seed: int) -> np.ndarray:
    """A random batch (N, C, H, W) in float64."""
    return np.random.default_rng(seed).standard_normal((n, c, h, w))


def agree(actual: Any, expected: torch.Tensor) -> None:
    """Shape and values, to the last digits."""
    assert tuple(expected.shape) == actual.shape
    np.testing.assert_allclose(actual, expected.numpy(), rtol=1e-10, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(side, side, pair, pair, st.tuples(st.integers(0, 2), st.integers(0, 2)), pair, st.booleans(), st.integers(0, 99))
def test_convolution(
    h: int,
    w: int,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    with_bias: bool,
    seed: int,
) -> None:
    """Cross-correlation with any rectangular stride, padding and dilation."""
    assume(all(n + 2 * p > d * (k - 1) for n, k, p, d in zip((h, w), kernel, padding, dilation, strict=True)))
    x = images(2, 3, h, w, seed)
    weights = images(4, 3, *kernel, seed + 1)
    bias = np.arange(4.0) if with_bias else None
    expected = F.conv2d(
        torch.from_numpy(x),
        torch.from_numpy(weights),
        None if bias is None else torch.from_numpy(bias),
        stride,
        padding,
        dilation,
    )
    agree(CONVOLUTION.conv2d(x, weights, bias, stride, padding, dilation), expected)


@settings(max_examples=60, deadline=None)
@given(side, side, pair, pair, st.tuples(st.integers(0, 1), st.integers(0, 1)), st.booleans(), st.booleans(), side)
def test_pooling(
    h: int,
    w: int,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    ceil_mode: bool,
    count_include_pad: bool,
    seed: int,
) -> None:
    """Maximum and average with padding, ceil mode and both ways to count."""
    assume(all(2 * p <= k for p, k in zip(padding, kernel, strict=True)))
    assume(all(n + 2 * p >= k for n, p, k in zip((h, w), padding, kernel, strict=True)))
    x = images(2, 3, h, w, seed)
    tensor = torch.from_numpy(x)
    expected = F.max_pool2d(tensor, kernel, stride, padding, ceil_mode=ceil_mode)
    agree(POOLING.max_pool2d(x, kernel, stride, padding, ceil_mode), expected)
    expected = F.avg_pool2d(tensor, kernel, stride, padding, ceil_mode, count_include_pad)
    agree(POOLING.avg_pool2d(x, kernel, stride, padding, ceil_mode, count_include_pad), expected)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (5, 7), (9, 4)])
def test_adaptive_and_global_pooling(size: tuple[int, int]) -> None:
    """Windows that overlap, and more outputs than inputs."""
    x = images(2, 3, 5, 4, 1)
    agree(POOLING.adaptive_avg_pool2d(x, size), F.adaptive_avg_pool2d(torch.from_numpy(x), size))
    agree(POOLING.global_avg_pool2d(x), torch.from_numpy(x).mean((2, 3)))
