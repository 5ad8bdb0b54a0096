"""What has to be made beside the submission: arrays that don't lie in memory row by row arrive so only from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    submission: Any = None  # the student's module; the engine sets it before this file runs


def grouped_on_views(x: np.ndarray, w: np.ndarray, **options: Any) -> Any:
    """conv2d_grouped of x and w with their last two axes exchanged, as views."""
    return submission.conv2d_grouped(x.transpose(0, 1, 3, 2), w.transpose(0, 1, 3, 2), **options)
