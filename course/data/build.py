"""Builds ``clipart.npz`` and ``clipart.tsv`` from Debian's package openclipart-png (needs Pillow; minutes).

::

    apt-get download openclipart-png && dpkg -x openclipart-png_*.deb unpacked
    python -m course.data.build unpacked/usr/share/openclipart/png

A picture is left out if it lies in a folder of :data:`SKIPPED`, if ``excluded.tsv`` names it (each was looked at), if
it has no colour, or if it is a near twin of one that is kept. Likenesses that remain are put on one side of the split.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).parent

CLASSES: Final = {
    "animals": "animals",
    "buildings": "buildings",
    "food": "food",
    "music": "recreation/music",
    "people": "people",
    "plants": "plants",
    "tools": "tools",
    "vehicles": "transportation",
}
"""Class, and the package's folder that holds it."""

SKIPPED: Final = {
    "animals/fantasy": "not a class of its own: creatures that don't exist",
    "buildings/furniture": "not a building",
    "food/beverages/alcohol": "unfit: alcohol",
    "people/bodypart": "not a person: part of a body",
    "people/clothing": "not a person: clothes",
    "people/smilies": "not a person: smilies",
    "people/stickmen": "not a person: pictograms",
    "tools/toys": "not a tool",
    "tools/weapons": "unfit: weapons",
    "transportation/aiga-symbols": "not a vehicle: signs",
    "transportation/roadsigns": "not a vehicle: signs",
}

SIDE, MARGIN = 64, 2
COLOURFUL, COLOURED_SHARE = 30, 0.02
"""A pixel has colour if its channels differ by more than the first, a picture if this share of its pixels has."""
TWIN, ALIKE = 0.965, 0.88
"""Correlations of 16×16 thumbnails from which two pictures are near twins, and must not be split."""
TEST_SHARE = 1 / 3
SEED = 16

Pixels = npt.NDArray[np.uint8]


class Picture(NamedTuple):
    """A picture of the package, square on white: ``pixels`` (64, 64, 3)."""

    name: str
    label: int
    pixels: Pixels


class Entry(NamedTuple):
    """What became of a picture: ``fate`` is ``train``, ``test`` or the reason why it was left out."""

    name: str
    label: str
    fate: str


def square(file: Path) -> Pixels:
    """The picture on white, without its empty border, scaled into 64×64 with a margin; all white if it is empty."""
    from PIL import Image  # nothing else here needs it

    image = Image.open(file).convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    white.alpha_composite(image)
    ink = np.asarray(white.convert("RGB")).min(2) < 245
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    if not len(rows):
        return np.full((SIDE, SIDE, 3), 255, np.uint8)
    cut = white.convert("RGB").crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
    side = max(cut.size)
    canvas = Image.new("RGB", (side, side), (255, 255, 255))
    canvas.paste(cut, ((side - cut.width) // 2, (side - cut.height) // 2))
    inner = SIDE - 2 * MARGIN
    how = Image.Resampling.LANCZOS if side > inner else Image.Resampling.BICUBIC
    small = np.asarray(canvas.resize((inner, inner), how), np.uint8)
    return np.pad(small, ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)), constant_values=255)


def likeness(pixels: Pixels) -> npt.NDArray[np.float32]:
    """How alike each two of the pictures (N, 64, 64, 3) are, mirrored or not: (N, N), from -1 to 1, colours aside."""
    thumbs = pixels.astype(np.float32).reshape(len(pixels), 16, 4, 16, 4, 3).mean((2, 4, 5))

    def unit(images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        flat = images.reshape(len(images), -1)
        flat = flat - flat.mean(1, keepdims=True)
        return np.asarray(flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9), np.float32)

    straight = unit(thumbs)
    return np.asarray(np.maximum(straight @ straight.T, straight @ unit(thumbs[:, :, ::-1]).T), np.float32)


def has_colour(pixels: Pixels) -> bool:
    """Whether enough of the picture (64, 64, 3) is neither black, grey nor white."""
    spread = pixels.max(2).astype(int) - pixels.min(2)
    return bool((spread > COLOURFUL).mean() >= COLOURED_SHARE)


def groups(pictures: Sequence[Picture], alike: npt.NDArray[np.float32]) -> list[int]:
    """The group of each picture: those of a class that look alike or are numbered parts of one series share one."""
    group = list(range(len(pictures)))
    series = [(p.label, re.sub(r"[_\d]*[a-c]?$", "", Path(p.name).stem)) for p in pictures]
    for i, p in enumerate(pictures):
        for j in range(i):
            if p.label == pictures[j].label and (alike[i, j] > ALIKE or series[i] == series[j]):
                old, new = group[i], group[j]
                group = [new if g == old else g for g in group]
    return group


def split(pictures: Sequence[Picture], group: Sequence[int]) -> list[bool]:
    """Whether each picture is for testing: whole groups, about a third of every class."""
    rng = np.random.default_rng(SEED)
    chosen: set[int] = set()
    for label in range(len(CLASSES)):
        members = [g for p, g in zip(pictures, group, strict=True) if p.label == label]
        wanted = round(TEST_SHARE * len(members))
        for g in rng.permutation(sorted(set(members))):
            if members.count(g) <= wanted:
                chosen.add(int(g))
                wanted -= members.count(g)
    return [g in chosen for g in group]


def collect(folder: Path) -> tuple[list[Picture], list[Entry]]:
    """The pictures to keep, and an entry for each that is left out."""
    with (HERE / "excluded.tsv").open(encoding="utf-8", newline="") as file:
        excluded = {row["name"]: row["reason"] for row in csv.DictReader(file, delimiter="\t")}
    kept: list[Picture] = []
    left_out: list[Entry] = []
    for label, (word, below) in enumerate(CLASSES.items()):
        for picture in sorted((folder / below).rglob("*.png")):
            name = picture.relative_to(folder).as_posix()
            if any(name.startswith(f"{skipped}/") for skipped in SKIPPED):
                continue
            if name in excluded:
                left_out.append(Entry(name, word, excluded[name]))
                continue
            pixels = square(picture)
            if has_colour(pixels):
                kept.append(Picture(name, label, pixels))
            else:
                left_out.append(Entry(name, word, "no colour"))
    return kept, left_out


def without_twins(pictures: Sequence[Picture]) -> tuple[list[Picture], list[Entry]]:
    """The first picture of each set of near twins, and an entry for each other."""
    alike = likeness(np.stack([p.pixels for p in pictures]))
    kept: list[int] = []
    left_out: list[Entry] = []
    for i, p in enumerate(pictures):
        twin = next((j for j in kept if alike[i, j] > TWIN), None)
        if twin is None:
            kept.append(i)
        else:
            left_out.append(Entry(p.name, list(CLASSES)[p.label], f"near twin of {pictures[twin].name}"))
    return [pictures[i] for i in kept], left_out


def build(folder: Path) -> None:
    """Write clipart.npz, clipart.tsv and SHA256SUMS beside this file."""
    found, left_out = collect(folder)
    pictures, twins = without_twins(found)
    pixels = np.stack([p.pixels for p in pictures]).transpose(0, 3, 1, 2)
    labels = np.array([p.label for p in pictures], np.uint8)
    test = np.array(split(pictures, groups(pictures, likeness(np.stack([p.pixels for p in pictures])))))
    np.savez_compressed(
        HERE / "clipart.npz",
        train_x=pixels[~test],
        train_y=labels[~test],
        test_x=pixels[test],
        test_y=labels[test],
        classes=np.array(list(CLASSES)),
    )
    entries = [
        Entry(p.name, list(CLASSES)[p.label], "test" if held else "train")
        for p, held in zip(pictures, test, strict=True)
    ]
    with (HERE / "clipart.tsv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(("name", "class", "fate"))
        # In the order of the arrays first: row k of train_x is the k-th line with "train".
        rows.writerows([*entries, *sorted([*left_out, *twins])])
    names = ("clipart.npz", "clipart.tsv", "excluded.tsv")
    sums = [f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (HERE / "SHA256SUMS").write_text("".join(sums), encoding="ascii")
    print(f"{(~test).sum()} pictures to train, {test.sum()} to test, {len(left_out) + len(twins)} left out")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
