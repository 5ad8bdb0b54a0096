"""What is done to images: augmentation, mixing, and asking a network where it looked. All pixels are computed."""

from __future__ import annotations

import math

import numpy as np

from course.figures.reference import reference
from course.figures.scenes import boat, house
from course.figures.svg import (
    BLUE,
    BLUE_TINT,
    INK,
    LINE,
    MUTED,
    RED,
    RED_TINT,
    Sheet,
    number,
)

SIZE = 32

# Dark to light in steps that also differ in brightness, after viridis.
HEAT = np.array([[0.27, 0.0, 0.33], [0.23, 0.32, 0.55], [0.13, 0.57, 0.55], [0.37, 0.79, 0.38], [0.99, 0.91, 0.14]])
LEVELS = 16


def augmentation() -> Sheet:
    """One image and seven that a training step might see instead."""
    image, pad = house(SIZE), 4
    sheet = Sheet(
        720,
        396,
        "One image, seven variants with the same label",
        "A small painted picture of a house: as it is, mirrored, cropped at two places after padding, brighter, with "
        "more contrast, with a square cut out, and with several of these at once. It stays a house.",
    )
    padded = np.pad(image, ((0, 0), (pad, pad), (pad, pad)))
    room = 2 * pad
    bright, contrast, hole, top, left = 1.35, 1.6, 11, 17, 3

    def crop(of: np.ndarray, row: int, column: int) -> np.ndarray:
        return of[:, row : row + SIZE, column : column + SIZE]

    def stretch(of: np.ndarray, factor: float) -> np.ndarray:
        spread: np.ndarray = (of - of.mean()) * factor + of.mean()
        return spread.clip(0, 1)

    def cut(of: np.ndarray) -> np.ndarray:
        out = of.copy()
        out[:, top : top + hole, left : left + hole] = 0
        return out

    all_of_them = cut(stretch(crop(padded, 6, 1)[:, :, ::-1] * 0.8, contrast))
    panels = (
        ("the image", f"{SIZE}×{SIZE}", image),
        ("flip", "left and right", image[:, :, ::-1]),
        (f"pad {pad}, crop", f"at (0, {room}) of 0 … {room}", crop(padded, 0, room)),
        (f"pad {pad}, crop", f"at ({room - 1}, 2)", crop(padded, room - 1, 2)),
        ("brightness", f"× {number(bright)}, clamped", np.clip(image * bright, 0, 1)),
        ("contrast", f"× {number(contrast)} about {number(float(image.mean()))}", stretch(image, contrast)),
        ("cutout", f"{hole}×{hole} of zeros", cut(image)),
        ("several", "a new draw each time", all_of_them),
    )
    for place, (name, detail, pixels) in enumerate(panels):
        x, y = 38 + place % 4 * 172, 22 + place // 4 * 190
        sheet.picture(x, y, pixels, 4)
        sheet.text(x + 64, y + 143, name, 14, bold=True)
        sheet.text(x + 64, y + 161, detail, 12, MUTED)
    return sheet


def mixing() -> Sheet:
    """Mix-up and two boxes of CutMix, each with the label that its pixels justify."""
    first, second = house(SIZE), boat(SIZE)
    lam, drawn = 0.7, 0.36
    sheet = Sheet(
        720,
        306,
        "Mix-up and CutMix, with their labels",
        "A house and a boat; mix-up, which blends them pixel by pixel; and CutMix with the same λ at two places. A box "
        "that is cut off at the border replaces less, so the label follows the area that is really replaced.",
    )
    panels = [("house", ("one label", ""), first, 1.0), ("boat", ("one label", ""), second, 0.0)]
    panels.append(("mix-up", (f"λ = {number(lam)}", ""), lam * first + (1 - lam) * second, lam))
    for centre in ((SIZE // 2, SIZE // 2), (0, 0)):
        rows, columns = (box_ends(middle, drawn) for middle in centre)
        mixed = first.copy()
        mixed[:, slice(*rows), slice(*columns)] = second[:, slice(*rows), slice(*columns)]
        share = 1 - (rows[1] - rows[0]) * (columns[1] - columns[0]) / SIZE**2
        panels.append(("CutMix", (f"λ = {number(drawn)}", f"centre {centre}"), mixed, share))
    for place, (name, details, pixels, share) in enumerate(panels):
        x = 20 + place * 140
        sheet.text(x + 60, 20, name, 14, bold=True)
        for line, detail in enumerate(details):
            sheet.text(x + 60, 40 + line * 17, detail, 12, MUTED)
        sheet.picture(x, 72, pixels, 3.75)
        for start, part, tint, dark in ((0.0, share, RED_TINT, RED), (share, 1 - share, BLUE_TINT, BLUE)):
            if part:
                sheet.box(x + 120 * start, 208, 120 * part, 20, tint, dark, 1.2)
        sheet.text(x + 60, 246, f"house {number(share, 4)}", 13, RED)
        sheet.text(x + 60, 265, f"boat {number(1 - share, 4)}", 13, BLUE)
    sheet.text(360, 289, "the label of each, as shares", 12, MUTED)
    return sheet


def box_ends(centre: int, lam: float) -> tuple[int, int]:
    """CutMix's box along one axis, as ``rand_box`` clips it: its first line and the one after its last."""
    half = int(SIZE * math.sqrt(1 - lam)) // 2
    return max(centre - half, 0), min(centre + half, SIZE)


def grad_cam() -> Sheet:
    """Four feature maps of a small network with filters set by hand, and the Grad-CAM of its class house."""
    image = house(SIZE)
    maps = _maps(image)
    # The logit is a weighted sum of the maps' means, so its gradient by every cell of map c is weight[c] / cells.
    weights = np.array([0.1, 0.1, 1.0, -0.7])
    cells = maps[0].size
    gradients = np.broadcast_to((weights / cells)[:, None, None], maps.shape)
    speaks = gradients.mean(axis=(1, 2))
    cam = np.maximum(np.tensordot(speaks, maps, 1), 0)
    large = _enlarge(cam)
    stretched = (large - large.min()) / (large.max() - large.min())
    sheet = Sheet(
        720,
        420,
        "From feature maps to Grad-CAM",
        "A picture of a house, four feature maps of a small convolution layer with the weight that the class's "
        "gradient gives each, their weighted sum after a ReLU, and that sum enlarged and laid over the picture: the "
        "house lights up, the sun does not.",
    )
    sheet.text(94, 20, "image", 14, bold=True)
    sheet.picture(30, 38, image, 4)
    sheet.line([(164, 102), (196, 102)], MUTED, 2, arrow=True)
    sheet.text(456, 20, f"feature maps: 3×3 filters, stride 2, ReLU → {maps.shape[1]}×{maps.shape[2]}", 14, bold=True)
    for place, (name, values) in enumerate(
        zip(("left edge", "upper edge", "red, not blue", "yellow"), maps, strict=True)
    ):
        x = 210 + place * 126
        sheet.picture(x, 40, _heat(values / maps.max()), 7)
        sheet.text(x + 56, 166, name, 13, MUTED)
        sheet.text(
            x + 56, 186, f"w = {number(float(speaks[place] * cells))} / {cells}", 13, BLUE if speaks[place] > 0 else RED
        )
        sheet.line([(x + 56, 200), (x + 56, 218)], LINE, 1.5)
    sheet.line([(266, 218), (644, 218)], LINE, 1.5)
    sheet.line([(266, 218), (96, 218), (96, 244)], LINE, 1.5, arrow=True)
    sheet.picture(40, 250, _heat(cam / cam.max()), 7)
    sheet.text(96, 380, "ReLU(Σ w · A)", 14, INK)
    sheet.line([(168, 306), (206, 306)], MUTED, 2, arrow=True)
    sheet.picture(222, 242, _heat(stretched), 4)
    sheet.text(286, 388, "enlarged, stretched", 14)
    sheet.line([(364, 306), (402, 306)], MUTED, 2, arrow=True)
    grey = np.broadcast_to(image.mean(axis=0), image.shape)
    sheet.picture(416, 242, np.rint((0.45 * grey + 0.55 * _heat(stretched)) * 32) / 32, 4)
    sheet.text(480, 388, "over the image", 14)
    sheet.picture(600, 257, _heat(np.linspace(1, 0, LEVELS)[:, None]), 7)
    sheet.text(616, 262, "1: evidence", 12, MUTED, "start")
    sheet.text(616, 364, "0: none", 12, MUTED, "start")
    return sheet


def _maps(image: np.ndarray) -> np.ndarray:
    """Four maps of half the side, after a ReLU."""
    edge = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8
    blur = np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    mixes = [(edge, (-1, -1, -1)), (edge.T, (-1, -1, -1)), (blur, (1, -0.2, -0.9)), (blur, (1, 1, -1.6))]
    filters = np.stack([np.stack([share * kernel for share in shares]) for kernel, shares in mixes])
    bias = np.array([0, 0, -0.1, -0.6])
    framed = np.pad(image, ((0, 0), (1, 1), (1, 1)), mode="edge")
    maps: np.ndarray = reference("convolution").conv2d(framed[None], filters, bias, 2)[0]
    return maps.clip(0)


def _enlarge(cam: np.ndarray) -> np.ndarray:
    """To SIZE×SIZE, bilinear, with pixels' centres where align_corners=False puts them."""
    places = (np.arange(SIZE) + 0.5) * len(cam) / SIZE - 0.5
    wide = np.stack([np.interp(places, np.arange(cam.shape[1]), row) for row in cam])
    return np.stack([np.interp(places, np.arange(len(cam)), column) for column in wide.T]).T


def _heat(values: np.ndarray) -> np.ndarray:
    """(H, W) in [0, 1] to colours (3, H, W), in few levels so that the file stays small."""
    level = np.rint(np.clip(values, 0, 1) * (LEVELS - 1)) / (LEVELS - 1) * (len(HEAT) - 1)
    return np.stack([np.interp(level, np.arange(len(HEAT)), HEAT[:, channel]) for channel in range(3)])
