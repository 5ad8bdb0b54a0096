"""The course's pictures: what the loader promises, and what the choice of pictures promises."""

from __future__ import annotations

import csv
import fnmatch
import hashlib
import tomllib
from pathlib import Path

import numpy as np
import pytest

from course.data import build, clipart
from grader.core.course import open_topic
from grader.release.bundle import write_bundle

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "course" / "data"


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table in course/data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_shapes_and_types_are_as_documented() -> None:
    """Eight classes, each on both sides of the split."""
    data = clipart()
    assert data.classes == ("animals", "buildings", "food", "music", "people", "plants", "tools", "vehicles")
    for x, y, n in ((data.train_x, data.train_y, 467), (data.test_x, data.test_y, 234)):
        assert x.shape == (n, 3, 64, 64)
        assert x.dtype == np.uint8
        assert y.shape == (n,)
        assert y.dtype == np.int64
        assert np.bincount(y, minlength=8).min() >= 10
        assert y.max() == 7


def test_each_call_gives_arrays_of_its_own() -> None:
    """Changing one in place changes no other reader's."""
    data = clipart()
    data.train_x[:] = 0
    assert clipart().train_x.any()


def test_the_files_are_those_that_were_built() -> None:
    """At most 4 MB, and every byte as in SHA256SUMS."""
    assert (DATA / "clipart.npz").stat().st_size <= 4_000_000
    for line in (DATA / "SHA256SUMS").read_text(encoding="ascii").splitlines():
        digest, name = line.split("  ")
        assert digest == hashlib.sha256((DATA / name).read_bytes()).hexdigest(), name


def test_no_near_twin_is_left_and_no_likeness_crosses_the_split() -> None:
    """Computed again from the pixels, mirror images included; across classes only near twins count."""
    data = clipart()
    y = np.concatenate([data.train_y, data.test_y])
    test = np.arange(len(y)) >= len(data.train_y)
    pixels = np.concatenate([data.train_x, data.test_x]).transpose(0, 2, 3, 1)
    alike = build.likeness(pixels) - 2 * np.eye(len(y), dtype=np.float32)
    assert alike.max() <= build.TWIN + 1e-5
    crossing = (test[:, None] != test[None]) & (y[:, None] == y[None])
    assert alike[crossing].max() <= build.ALIKE + 1e-5
    assert all(build.has_colour(picture) for picture in pixels)


def test_the_table_tells_the_fate_of_each_picture() -> None:
    """In the arrays' order; a picture that was excluded by hand is in neither part, and has its reason."""
    data = clipart()
    rows = table("clipart.tsv")
    for fate, labels in (("train", data.train_y), ("test", data.test_y)):
        assert [row["class"] for row in rows if row["fate"] == fate] == [data.classes[y] for y in labels]
    fates = {row["name"]: row["fate"] for row in rows}
    assert len(fates) == len(rows)
    for row in table("excluded.tsv"):
        assert row["reason"]
        assert row["reason"] == fates[row["name"]]


def test_a_mirror_image_is_a_near_twin() -> None:
    """And another picture is not."""
    picture = clipart().train_x[0].transpose(1, 2, 0)
    other = clipart().train_x[200].transpose(1, 2, 0)
    found = build.likeness(np.stack([picture, picture[:, ::-1], other]))
    assert found[0, 1] == pytest.approx(1, abs=1e-5)
    assert found[0, 2] < build.TWIN


def test_series_are_split_as_a_whole() -> None:
    """Numbered parts share a group, and a group lies on one side; a third of each class is for testing."""
    noise = np.random.default_rng(0).integers(0, 256, (30, 64, 64, 3), np.uint8)
    names = [f"people/anna_{k}.png" if k < 5 else f"people/{chr(97 + k)}_x.png" for k in range(30)]
    pictures = [build.Picture(name, 4, pixels) for name, pixels in zip(names, noise, strict=True)]
    group = build.groups(pictures, build.likeness(noise))
    held = build.split(pictures, group)
    assert len(set(group[:5])) == 1
    assert len(set(group)) == 26
    assert len(set(held[:5])) == 1
    assert sum(held) == 10


def test_the_data_are_packaged_and_bundled(tmp_path: Path) -> None:
    """An installed course and a student's bundle have them."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["course.data"]
    files = {file.name for file in DATA.iterdir() if file.is_file() and file.suffix != ".py"}
    assert all(any(fnmatch.fnmatch(name, pattern) for pattern in patterns) for name in files)
    written = write_bundle(ROOT, tmp_path / "bundle", [open_topic("transfer_head", ROOT)])
    assert {f"course/data/{name}" for name in files} <= set(written)
    assert {"course/transfer.py", "course/pretrained.py", "course/data/__init__.py"} <= set(written)
