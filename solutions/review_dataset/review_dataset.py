"""Pictures with augmentation, for training and validation."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

MOST_LIGHT = 40


def to_uint8(images: np.ndarray | Tensor) -> Tensor:
    """Images of any source as uint8; a copy, so that a read-only memory map serves."""
    return torch.tensor(np.array(images), dtype=torch.uint8)


class Pictures(Dataset[tuple[Tensor, int]]):
    """Pictures (N, C, H, W) in uint8 and their labels."""

    def __init__(self, images: np.ndarray | Tensor, labels: list[int], augment: bool) -> None:
        self.images = to_uint8(images)
        self.labels = labels
        self.augment = augment
        # Drawn once: a dataset is shuffled by its loader, not here.
        self.order = list(range(len(self.images)))

    def __len__(self) -> int:
        return len(self.order)

    def _draw(self) -> tuple[bool, int]:
        """Whether to mirror, and how much light to add."""
        mirror = bool(torch.rand(()) < 0.5)
        light = int(torch.randint(-MOST_LIGHT, MOST_LIGHT + 1, ()))
        return mirror, light

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """A picture in float32, from 0 to 1, and its label."""
        image = self.images[self.order[index]]
        if self.augment:
            mirror, light = self._draw()
            if mirror:
                image = image.flip(-1)
            image = (image.to(torch.int16) + light).clamp(0, 255).to(torch.uint8)
        return image.to(torch.float32) / 255, self.labels[index]


def make_sets(images: Tensor, labels: list[int], val: int) -> tuple[Pictures, Pictures]:
    """All but the last `val` pictures for training, those for validation."""
    cut = len(labels) - val
    train = Pictures(images[:cut], labels[:cut], augment=True)
    validation = Pictures(images[cut:], labels[cut:], augment=False)
    return train, validation
