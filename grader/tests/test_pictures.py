"""What a failure shows to look at: small arrays side by side, images as grey levels, and of hidden checks nothing."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.core.failure import Failure, Picture, Table
from grader.core.grade import CheckGrade, CheckSpec, Evidence, Grade, Outcome
from grader.core.verdict import Verdict
from grader.report.html import feedback_html
from grader.report.message import check_message
from grader.report.picture import picture_html, table_lines
from grader.testing import CheckFailure, assert_allclose
from grader.testing.pictures import LARGEST_PICTURE, beside_original, look


def failure(actual: Any, expected: Any) -> Failure:
    """How comparing the two fails."""
    with pytest.raises(CheckFailure) as caught:
        assert_allclose(actual, expected)
    return caught.value.failure


def test_small_arrays_stand_side_by_side() -> None:
    """Target and yours row by row, what differs in brackets, and of a larger array the slice that holds the first."""
    expected = np.arange(12.0).reshape(2, 1, 2, 3)
    actual = expected.copy()
    actual[1, 0, 0, 2] = 100
    table = failure(actual, expected).table
    assert table == Table(
        target=(("6", "7", "8"), ("9", "10", "11")),
        yours=(("6", "7", "100"), ("9", "10", "11")),
        wrong=((0, 2),),
        where="[1, 0]",
    )
    assert list(table_lines(table)) == [
        "  expected, at [1, 0]   yours",
        "   6    7     8          6    7  [100]",
        "   9   10    11          9   10    11 ",
    ]


def test_numbers_that_look_alike_are_written_out() -> None:
    """A difference in the seventh digit is to be seen."""
    table = failure(np.array([1.000001, 2.0]), np.array([1.0, 2.0])).table
    assert table is not None
    assert table.target == (("1.0", "2"),)
    assert table.yours == (("1.000001", "2"),)


def test_an_image_becomes_three_panels() -> None:
    """Grey levels of target, yours and difference, the largest difference white; a valid PNG each."""
    expected = np.zeros((1, 8, 10))
    actual = expected.copy()
    actual[0, 2, 3], actual[0, 4, 5] = 4.0, -2.0
    picture = failure(actual, expected).picture
    assert picture is not None
    assert (picture.height, picture.width, picture.largest, picture.where) == (8, 10, "4", "")
    heat = np.frombuffer(picture.difference, np.uint8).reshape(8, 10)
    assert (heat[2, 3], heat[4, 5], int((heat > 0).sum())) == (255, 128, 2)
    html = picture_html(picture)
    images = [base64.b64decode(found) for found in re.findall(r"base64,([A-Za-z0-9+/=]+)", html)]
    assert len(images) == 3
    for image in images:
        assert image.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", image[16:24]) == (10, 8)
    start = images[2].index(b"IDAT")
    (length,) = struct.unpack(">I", images[2][start - 4 : start])
    rows = zlib.decompress(images[2][start + 4 : start + 4 + length])
    assert rows == b"".join(b"\0" + heat[i].tobytes() for i in range(8))


def test_a_picture_whose_numbers_do_not_fit_is_none() -> None:
    """A damaged gradebook makes no broken page; texts in it are escaped."""
    assert "" == picture_html(Picture(height=2, width=2, target=b"", yours=b"", difference=b"", largest="1"))
    html = picture_html(Picture(height=1, width=1, target=b"0", yours=b"0", difference=b"0", largest='<b>"'))
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        (np.arange(2 * 9 * 12.0).reshape(2, 9, 12), (9, 12)),
        (np.zeros((2, 90, 7), np.uint8), (32, 7)),
        (np.zeros((1, 9, 12)), None),
        (np.zeros((9, 12)), None),
        (np.zeros((2, 9, 5)), None),
        (np.zeros((2, 9, 12), complex), None),
        ("an image", None),
    ],
)
def test_an_image_is_shown_beside_what_it_was_made_from(argument: Any, shown: tuple[int, int] | None) -> None:
    """The same slice of what the function was given, where there is one, on a scale of its own."""
    expected = np.zeros((2, 8, 10))
    actual = expected.copy()
    actual[1, 2, 3] = 1.0
    found = beside_original(failure(actual, expected), (argument, 3))
    picture = found.picture
    assert picture is not None
    html = picture_html(picture)
    if shown is None:
        assert picture.original is None
        assert html.count("<img") == 3
    else:
        assert picture.original is not None
        assert (picture.original.height, picture.original.width) == shown
        assert html.count("<img") == 4
        assert html.index('alt="given, at [1]"') < html.index('alt="expected, at [1]"')
    assert beside_original(failure(actual, expected), ()).picture == failure(actual, expected).picture


@given(
    st.data(),
    st.sampled_from(["float64", "float32", "int64", "uint8", "bool", "complex128"]),
    arrays.array_shapes(min_dims=0, max_dims=4, max_side=40),
)
def test_whatever_differs_can_be_looked_at(data: st.DataObject, dtype: str, shape: tuple[int, ...]) -> None:
    """NaN, infinities, every dtype and shape: never an exception, and never more than so many pixels and cells."""
    if np.prod(shape) > 5000:
        shape = shape[:1]
    kind = np.dtype(dtype)
    actual, expected = (data.draw(arrays.arrays(kind, shape)) for _ in range(2))
    found = look(actual, expected, np.asarray(actual != expected))
    table, picture = found.get("table"), found.get("picture")
    if table is not None:
        assert len(table.target) == len(table.yours) <= 8
        assert table.wrong
        assert list(table_lines(table))
    if picture is not None:
        assert picture.height <= LARGEST_PICTURE
        assert picture.width <= LARGEST_PICTURE
        assert len(picture.difference) == picture.height * picture.width
        assert max(picture.difference) == 255
        assert picture_html(picture)


@pytest.mark.parametrize("visibility", ["public", "hidden"])
def test_a_hidden_checks_numbers_are_not_shown(visibility: Any) -> None:
    """Neither its table nor its picture, in no rendering: they are made of hidden values."""
    expected = np.arange(64.0).reshape(8, 8)
    fails = failure(expected + 4711, expected)
    outcome = Outcome(check="test_f", verdict=Verdict.FAILED, failure=fails)
    spec = CheckSpec("test_f", "f", "It works", visibility)
    message = check_message(spec, [outcome], Verdict.FAILED, [], True)
    check = CheckGrade("test_f", "f", "It works", Verdict.FAILED, 0.0, 1.0, visibility, message)
    grade = Grade("ada", "f.py", "0", True, 0.0, 1.0, 0.1, checks=(check,))
    page = feedback_html(grade, "F", Evidence((outcome,)))
    assert (visibility == "public") == ("4711" in message) == ("data:image/png" in page) == ("4711" in page)
