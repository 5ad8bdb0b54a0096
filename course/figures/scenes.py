"""Two pictures to work on, painted by a few rectangles and triangles: a house under the sun, and a boat at sea."""

from __future__ import annotations

import numpy as np


def house(size: int) -> np.ndarray:
    """(3, size, size) in [0, 1]; the house stands on the right, so that a mirror image is another picture."""
    y, x = _places(size)
    image = _paint((0.56, 0.78, 0.95), size)
    image = _on(image, y > 0.78, (0.36, 0.62, 0.28))
    image = _on(image, (x - 0.2) ** 2 + (y - 0.2) ** 2 < 0.013, (0.98, 0.83, 0.2))
    image = _on(image, (x > 0.45) & (x < 0.87) & (y > 0.48) & (y < 0.88), (0.86, 0.5, 0.32))
    image = _on(image, (y < 0.48) & (np.abs(x - 0.66) < 0.9 * (y - 0.2)), (0.55, 0.17, 0.16))
    image = _on(image, (x > 0.72) & (x < 0.81) & (y > 0.64) & (y < 0.88), (0.3, 0.2, 0.15))
    return _on(image, (x > 0.51) & (x < 0.62) & (y > 0.56) & (y < 0.68), (0.93, 0.95, 0.98))


def boat(size: int) -> np.ndarray:
    """(3, size, size) in [0, 1]."""
    y, x = _places(size)
    image = _paint((0.98, 0.88, 0.72), size)
    image = _on(image, y > 0.62, (0.1, 0.33, 0.56))
    image = _on(image, (y > 0.58) & (y < 0.74) & (np.abs(x - 0.46) < 0.86 - 0.85 * y), (0.35, 0.2, 0.12))
    image = _on(image, (np.abs(x - 0.46) < 0.022) & (y > 0.14) & (y < 0.58), (0.2, 0.15, 0.12))
    return _on(image, (x > 0.5) & (y < 0.52) & (x - 0.5 < 0.85 * (y - 0.16)), (0.97, 0.97, 0.95))


def _places(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The pixels' centres from top to bottom and from left to right, in [0, 1]."""
    centres = (np.arange(size) + 0.5) / size
    return centres[:, None], centres[None, :]


def _paint(colour: tuple[float, float, float], size: int) -> np.ndarray:
    return np.broadcast_to(np.array(colour)[:, None, None], (3, size, size)).copy()


def _on(image: np.ndarray, where: np.ndarray, colour: tuple[float, float, float]) -> np.ndarray:
    return np.where(np.broadcast_to(where, image.shape[1:]), np.array(colour)[:, None, None], image)
