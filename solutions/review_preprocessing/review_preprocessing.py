"""From decoded pictures to normalised tensors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

SMALLEST = 1e-6


def to_tensor(image: np.ndarray) -> Tensor:
    """One picture (H, W, 3), uint8, BGR, to float32 (3, H, W), RGB, from 0 to 1."""
    rgb = image[..., ::-1]
    # Negative strides: torch wants a copy.
    pixels = torch.from_numpy(np.ascontiguousarray(rgb))
    chw = pixels.permute(2, 0, 1)
    return chw.contiguous().float().div(255)


def channel_statistics(batch: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each channel, (1, 3, 1, 1), over pictures and pixels."""
    mean = batch.mean(dim=(0, 2, 3), keepdim=True)
    std = batch.std(dim=(0, 2, 3), keepdim=True, correction=0)
    # A channel without any variation stays finite.
    return mean, std.clamp(min=SMALLEST)


def normalise(batch: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Each channel less its mean, divided by its deviation; broadcast over the batch."""
    return batch.sub(mean).div(std)


def prepare(train: Sequence[np.ndarray], test: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Both sets as normalised tensors (N, 3, H, W)."""
    train_batch = torch.stack([to_tensor(image) for image in train])
    test_batch = torch.stack([to_tensor(image) for image in test])
    mean, std = channel_statistics(train_batch)
    return normalise(train_batch, mean, std), normalise(test_batch, mean, std)
