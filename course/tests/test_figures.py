"""The lessons' figures: current, small, safe to embed, and shown where a student reads."""

from __future__ import annotations

import functools
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from course.figures import __main__ as command
from course.figures import images, networks
from course.figures.catalogue import FIGURES, Figure
from course.figures.reference import SOLUTIONS
from course.figures.svg import Sheet, number

SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 60_000
each = pytest.mark.parametrize("figure", FIGURES, ids=[f"{figure.slug}-{figure.name}" for figure in FIGURES])


@each
def test_the_checked_in_file_is_what_the_code_draws(figure: Figure) -> None:
    """Coordinates are rounded, so no platform draws otherwise; `python -m course.figures` mends it."""
    assert figure.draw().render() == figure.file.read_text(encoding="utf-8")


@each
def test_a_figure_is_small_and_can_be_embedded(figure: Figure) -> None:
    """Well-formed, below 60 kB, with names for who can't see it; nothing runs, nothing is loaded from elsewhere."""
    raw = figure.file.read_bytes()
    assert len(raw) < LARGEST
    root = ET.fromstring(raw)
    assert f"{SVG}svg" == root.tag
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert len(title.text or "") >= 20
    assert len(description.text or "") >= 80
    plain = {"svg", "title", "desc", "g", "rect", "circle", "polyline", "polygon", "path", "text"}
    assert plain >= {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not [name for element in root.iter() for name in element.attrib if "href" in name or name.startswith("on")]


@each
def test_nothing_is_drawn_beyond_the_edge(figure: Figure) -> None:
    """Boxes and texts lie on the sheet, and no text is too small to read; text widths are guessed."""
    root = ET.fromstring(figure.file.read_bytes())
    width, height = (float(value) for value in root.attrib["viewBox"].split()[2:])
    for text in root.iter(f"{SVG}text"):
        size = float(text.attrib["font-size"])
        long = 0.6 * size * len(text.text or "")
        x = float(text.attrib["x"]) - {"start": 0, "middle": 0.5, "end": 1}[text.attrib["text-anchor"]] * long
        assert x >= 0, text.text
        assert x + long <= width, text.text
        assert size <= float(text.attrib["y"]) <= height - 4, text.text
        assert size >= 11, text.text
    for box in root.iter(f"{SVG}rect"):
        x, y, wide, high = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert wide > 0
        assert high > 0
        assert x + wide <= width
        assert y + high <= height


@each
def test_each_lesson_shows_its_figures(figure: Figure) -> None:
    """With words for who can't see them."""
    lesson = (SOLUTIONS / figure.slug / "README.md").read_text(encoding="utf-8")
    shown = re.findall(rf"^!\[([^\]]+)\]\(figures/{figure.name}\.svg\)$", lesson, flags=re.MULTILINE)
    assert 1 == len(shown)
    assert len(shown[0]) >= 30


def test_no_lesson_shows_what_is_not_there() -> None:
    """The pictures that lessons link to are the files in their figures/, no more and no less."""
    shown = {
        lesson.parent / target
        for lesson in SOLUTIONS.glob("*/README.md")
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", lesson.read_text(encoding="utf-8"))
    }
    assert shown == set(SOLUTIONS.glob("*/figures/*"))
    assert len({figure.file for figure in FIGURES}) == len(FIGURES)


def test_the_command_mends_what_its_check_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing and changed files are named and drawn anew; then all is current."""
    (tmp_path / "toy").mkdir()
    monkeypatch.setattr("course.figures.catalogue.SOLUTIONS", tmp_path)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    sheets = {name: Sheet(40, 20, name, f"the figure {name}") for name in ("one", "two")}
    figures = tuple(Figure("toy", name, functools.partial(sheets.__getitem__, name)) for name in sheets)
    monkeypatch.setattr(command, "FIGURES", figures)
    run = CliRunner().invoke
    assert 0 == run(command.main).exit_code
    figures[1].file.write_text("<svg/>", encoding="utf-8")
    found = run(command.main, ["--check"])
    assert (1, "toy/figures/two.svg is stale\nrun `python -m course.figures` to mend it\n") == (
        found.exit_code,
        found.output,
    )
    assert "<svg/>" == figures[1].file.read_text(encoding="utf-8")
    assert "toy/figures/two.svg written\ncurrent: 2 figures\n" == run(command.main).output
    assert (0, "current: 2 figures\n") == (run(command.main, ["--check"]).exit_code, run(command.main).output)
    assert sheets["two"].render() == figures[1].file.read_text(encoding="utf-8")


def test_words_are_escaped() -> None:
    """What is drawn is text, never markup."""
    sheet = Sheet(80, 40, "a < b & c", "<script/>")
    sheet.text(40, 20, "<b>1 & 2</b>")
    root = ET.fromstring(sheet.render())
    assert ["a < b & c", "<script/>", "<b>1 & 2</b>"] == [text for text in root.itertext() if text.strip()]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (-0.001, "0"),
        (3, "3"),
        (-2.5, "\N{MINUS SIGN}2.5"),
        (0.125, "0.12"),
        (14714688, "14,714,688"),
    ],
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    """No trailing zeros, no minus zero, and a true minus sign."""
    assert text == number(value)


def test_a_picture_keeps_its_pixels() -> None:
    """The paths, run by run, are the image."""
    pixels = np.random.default_rng(0).integers(0, 2, (3, 5, 7)).astype(float)
    sheet = Sheet(80, 60, "noise", "random pixels")
    sheet.picture(0, 0, pixels, 2)
    seen = np.full((3, 5, 7), -1.0)
    for path in ET.fromstring(sheet.render()).iter(f"{SVG}path"):
        colour = [int(path.attrib["fill"][place : place + 2], 16) / 255 for place in (1, 3, 5)]
        for start, row, length, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", path.attrib["d"]):
            assert start == back
            seen[:, int(row), int(start) : int(start) + int(length)] = np.array(colour)[:, None]
    assert np.array_equal(pixels, seen)


def test_figures_agree_with_their_lessons() -> None:
    """Numbers that lesson and figure both show: CutMix's shares, VGG-16's parameters, a bottleneck's weights."""
    assert [(4, 28), (0, 12)] == [images.box_ends(centre, 0.36) for centre in (16, 0)]
    for slug, sheet, numbers in (
        ("mixing", images.mixing(), ("0.4375", "0.8594")),
        ("vgg", networks.vgg(), ("138,357,544", "14,714,688", "25,088")),
        ("residual_block", networks.blocks(), ("69,632",)),
    ):
        lesson = (SOLUTIONS / slug / "README.md").read_text(encoding="utf-8")
        for shown in numbers:
            assert shown in sheet.render()
            assert shown in lesson
