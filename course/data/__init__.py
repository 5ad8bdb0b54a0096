"""The course's own data: 64×64 colour pictures of eight classes, in the public domain.

``README.md`` beside this file says where they come from; ``build.py`` makes them.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_FILE = Path(__file__).parent / "clipart.npz"


class ClipArt(NamedTuple):
    """Pictures and labels; no near twin of a training picture is a test picture.

    ``train_x`` and ``test_x`` are uint8 RGB (N, 3, 64, 64) on white, ``train_y`` and ``test_y`` int64 (N,), an index
    into ``classes``. Rows are sorted by class: shuffle before you cut batches.
    """

    train_x: npt.NDArray[np.uint8]
    train_y: npt.NDArray[np.int64]
    test_x: npt.NDArray[np.uint8]
    test_y: npt.NDArray[np.int64]
    classes: tuple[str, ...]


def clipart() -> ClipArt:
    """The clip art, freshly read: the arrays are yours to change."""
    with np.load(_FILE, allow_pickle=False) as arrays:
        return ClipArt(
            arrays["train_x"],
            arrays["train_y"].astype(np.int64),
            arrays["test_x"],
            arrays["test_y"].astype(np.int64),
            tuple(str(name) for name in arrays["classes"]),
        )
