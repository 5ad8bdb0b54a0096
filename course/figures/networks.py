"""Architectures: VGG's list, the two residual blocks, and the stages of a ResNet. Sizes and counts are computed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from course.figures.reference import reference
from course.figures.svg import (
    BLUE,
    BLUE_TINT,
    GREEN,
    GREEN_TINT,
    GREY,
    INK,
    LINE,
    MUTED,
    PURPLE,
    PURPLE_TINT,
    RED,
    RED_TINT,
    YELLOW_TINT,
    Sheet,
    number,
)

VGG16: tuple[int | str, ...] = (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")
HIDDEN, CLASSES, POOLED = 4096, 1000, 7


def vgg() -> Sheet:
    """VGG-16 block by block: sizes of the maps, and where the parameters are."""
    arithmetic = reference("conv_arithmetic")
    sheet = Sheet(
        720,
        400,
        "VGG-16: five blocks of 3×3 convolutions, each followed by a pooling that halves the map",
        "Each block with the side of its maps, its channels and its parameters. The maps shrink from 224 to 7 pixels "
        "while the channels grow from 3 to 512; nine in ten parameters are in the three dense layers.",
    )
    blocks = [list(group) for is_pool, group in groupby(VGG16, lambda entry: entry == "M") if not is_pool]
    side, channels, counts = 224, 3, []
    sheet.text(24, 26, "convolutions (each with a ReLU)", 13, MUTED, "start")
    base, scale = 226.0, 0.72
    for place, block in enumerate(blocks):
        x = 62 + place * 104
        counts.append(0)
        for layer, width in enumerate(block):
            counts[-1] += arithmetic.conv_params(channels, int(width), 3)
            channels = int(width)
            height = max(scale * side, 16)
            sheet.box(x + layer * 22, base - height, 18, height, BLUE_TINT, BLUE, 1.5, 2)
        sheet.box(
            x + len(block) * 22, base - max(scale * side / 2, 10), 8, max(scale * side / 2, 10), RED_TINT, RED, 1.5
        )
        middle = x + (len(block) * 22 + 6) / 2
        sheet.text(middle, base + 18, f"{len(block)} × {channels}", 14, bold=True)
        sheet.text(middle, base + 38, f"{side}×{side}", 13, MUTED)
        side = arithmetic.pool_out(side, 2)
    sheet.box(560, 20, 12, 12, RED_TINT, RED, 1.5)
    sheet.text(580, 26, "max-pool 2×2", 13, MUTED, "start")
    dense = [(channels * POOLED**2, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, CLASSES)]
    for place in range(len(dense)):
        sheet.box(600 + place * 30, base - 100, 18, 100, GREEN_TINT, GREEN, 1.5, 2)
    sheet.text(639, base + 18, "3 dense", 14, bold=True)
    sheet.text(639, base + 38, f"{dense[0][0]:,} in", 13, MUTED)
    counts.append(sum((c_in + 1) * c_out for c_in, c_out in dense))
    total = sum(counts)
    sheet.text(24, 296, f"{total:,} parameters:", 14, anchor="start", bold=True)
    left, whole = 24.0, 672.0
    convolutions = sum(counts[:-1])
    share = whole * convolutions / total
    sheet.box(left, 316, share, 30, BLUE_TINT, BLUE, 1.5)
    sheet.box(left + share, 316, whole - share, 30, GREEN_TINT, GREEN, 1.5)
    sheet.text(left + share + (whole - share) / 2, 331, f"dense layers: {counts[-1]:,} ({counts[-1] / total:.0%})", 14)
    sheet.text(
        left, 366, f"all {sum(len(block) for block in blocks)} convolutions: {convolutions:,}", 14, BLUE, "start"
    )
    return sheet


def blocks() -> Sheet:
    """The two residual blocks side by side, at widths where they cost about the same."""
    params = reference("conv_arithmetic").conv_params
    sheet = Sheet(
        720,
        470,
        "The basic block and the bottleneck",
        "Both add their input, on a shortcut that passes the layers by, to what the layers compute, and only then "
        "apply the last ReLU. The basic block has two 3×3 convolutions; the bottleneck squeezes the channels with a "
        "1×1, works on the narrow tensor with a 3×3, and widens them with another 1×1.",
    )
    basic = [(64, 64, 3), (64, 64, 3)]
    bottleneck = [(256, 64, 1), (64, 64, 3), (64, 256, 1)]
    for middle, name, convolutions in ((160, "BasicBlock(64, 64)", basic), (510, "Bottleneck(256, 64)", bottleneck)):
        weights = sum(params(c_in, c_out, k, bias=False) for c_in, c_out, k in convolutions)
        _block(sheet, middle, convolutions)
        sheet.text(middle, 26, name, 15, mono=True)
        sheet.text(middle, 446, f"{weights:,} weights", 14, bold=True)
    sheet.line([(356, 20), (356, 456)], GREY, 1.5)
    return sheet


def _block(sheet: Sheet, middle: float, convolutions: Sequence[tuple[int, int, int]]) -> None:
    top, bottom = 58.0, 350.0
    steps = len(convolutions)
    pitch = (bottom - top - 26) / steps
    sheet.text(middle, top - 4, f"x: {convolutions[0][0]} channels", 13, MUTED)
    side = middle + 118
    sheet.line([(middle, top + 8), (middle, bottom + 4)], INK, 1.5, arrow=True)
    sheet.line(
        [(middle, top + 16), (side, top + 16), (side, bottom + 18), (middle + 18, bottom + 18)], BLUE, 3, arrow=True
    )
    sheet.text(side + 10, (top + bottom) / 2 - 10, "x", 15, BLUE, "start", bold=True)
    sheet.text(side + 10, (top + bottom) / 2 + 10, "shortcut", 12, BLUE, "start")
    for place, (c_in, c_out, k) in enumerate(convolutions):
        y = top + 30 + place * pitch
        last = place == steps - 1
        height = 44 if steps == 3 else 50
        # As wide as its channels, but not to scale: the narrow end is the narrow tensor.
        above, below = (85 if channels == convolutions[0][0] else 59 for channels in (c_in, c_out))
        ends = [(middle - above, y), (middle + above, y), (middle + below, y + height), (middle - below, y + height)]
        sheet.area(ends, PURPLE_TINT if k == 1 else YELLOW_TINT)
        sheet.text(middle, y + height / 2 - 8, f"{k}×{k}, {c_in} → {c_out}", 14)
        sheet.text(middle, y + height / 2 + 10, "BatchNorm" if last else "BatchNorm, ReLU", 12, MUTED)
    sheet.dot(middle, bottom + 18, 14, "#ffffff", INK, 2)
    sheet.text(middle, bottom + 18, "+", 18, bold=True)
    sheet.line([(middle, bottom + 32), (middle, bottom + 50)], INK, 1.5)
    sheet.box(middle - 36, bottom + 44, 72, 26, GREEN_TINT, GREEN, 1.5, 4)
    sheet.text(middle, bottom + 57, "ReLU", 13)


def stages() -> Sheet:
    """The shapes that ResNet-18 and ResNet-50 pass through, with either stem."""
    sheet = Sheet(
        720,
        360,
        "The stages of a ResNet: half the side, twice the channels",
        "The shape of the tensor after the stem and after each of the four stages, for a photograph of 224 pixels with "
        "the large stem and for a picture of 32 pixels with the small one. Bottlenecks give four times the channels.",
    )
    names = ("image", "stem", "stage 0", "stage 1", "stage 2", "stage 3", "average")
    xs = [130 + place * 90 for place in range(len(names))]
    for x, name in zip(xs, names, strict=True):
        sheet.text(x, 26, name, 14, bold=True)
    for row, (stem, side) in enumerate((("imagenet", 224), ("cifar", 32))):
        top = 54 + row * 152
        sizes = _sides(side, stem)
        sheet.text(12, top + 34, stem, 13, MUTED, "start")
        for place, size in enumerate(sizes):
            edge = max(6.0, 66 * (size / side) ** 0.5)
            fill, dark = ((GREY, LINE), (YELLOW_TINT, RED))[min(place, 1)] if place < 2 else (BLUE_TINT, BLUE)
            sheet.box(xs[place] - edge / 2, top + 34 - edge / 2, edge, edge, fill, dark, 1.5)
            if place + 1 < len(names):
                following = max(6.0, 66 * ([*sizes, 1][place + 1] / side) ** 0.5)
                sheet.line(
                    [(xs[place] + edge / 2 + 3, top + 34), (xs[place + 1] - following / 2 - 3, top + 34)],
                    MUTED,
                    1.5,
                    arrow=True,
                )
            sheet.text(xs[place], top + 84, f"{size}×{size}", 13)
        sheet.box(xs[-1] - 5, top + 14, 10, 40, GREEN_TINT, GREEN, 1.5)
        sheet.text(xs[-1], top + 84, "1×1", 13)
        for line, (network, expansion, dark) in enumerate((("ResNet-18", 1, BLUE), ("ResNet-50", 4, PURPLE))):
            widths = [3, 64, *(64 * 2**stage * expansion for stage in range(4))]
            y = top + 106 + line * 20
            sheet.text(12, y, network, 12, dark, "start", bold=True)
            for x, width in zip(xs, [*widths, widths[-1]], strict=True):
                sheet.text(x, y, number(width), 13, dark)
    return sheet


def _sides(side: int, stem: str) -> list[int]:
    """The image's side, then the map's after the stem and after each of four stages."""
    arithmetic = reference("conv_arithmetic")
    sizes = [side]
    if stem == "imagenet":
        sizes.append(arithmetic.pool_out(arithmetic.conv_out(side, 7, 2, 3), 3, 2, 1))
    else:
        sizes.append(arithmetic.conv_out(side, 3, 1, 1))
    for stage in range(4):
        sizes.append(arithmetic.conv_out(sizes[-1], 3, 1 if stage == 0 else 2, 1))
    return sizes
