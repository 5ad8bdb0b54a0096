"""Reading notebooks that students handed in: cells, or one sentence about what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.autograde import notebook
from grader.autograde.files import NotGradableError
from grader.autograde.notebook import read_cells
from grader.autograde.submissions import Cell
from grader.tests.handed_in import as_notebook, cell, make, only

# ------------------------------------------------------------------------------------------------ notebooks


def test_code_cells_in_order(tmp_path: Path) -> None:
    """Raw text with IPython's syntax, labelled by number; text and blank cells are passed over."""
    cells = [cell("# Title", "markdown"), cell(["%%time\n", "x = 1"]), cell("  \n"), cell("raw", "raw"), cell("!ls")]
    make(tmp_path, ann_ipynb=as_notebook(cells=cells))
    expected = (Cell("%%time\nx = 1", "toy.ipynb, cell 1"), Cell("!ls", "toy.ipynb, cell 3"))
    assert expected == only(tmp_path).cells


def test_nbformat_3(tmp_path: Path) -> None:
    """Worksheets, ``input`` for ``source``, a language for each cell."""
    old = {"cell_type": "code", "language": "python", "input": ["x = 1\n", "y"]}
    sheets = [{"cells": [old, old | {"language": "ruby"}]}, "damaged", {"cells": 3}, {"cells": [old | {"input": "z"}]}]
    make(tmp_path, ann_ipynb=json.dumps({"nbformat": 3, "metadata": {"name": "x"}, "worksheets": sheets}))
    assert ["x = 1\ny", "z"] == [found.text for found in only(tmp_path).cells]


def test_damaged_cells_are_left_out_with_a_note(tmp_path: Path) -> None:
    """Sources of any type but text, and cells that are none, don't cost the rest."""
    damaged = [cell(3), cell(None), cell(["x", 1]), cell({"a": 1}), {"cell_type": "code"}]
    make(tmp_path, ann_ipynb=as_notebook(cells=[*damaged, 7, None, [], {}, {"cell_type": 1}, cell("x = 1")]))
    assert (Cell("x = 1", "toy.ipynb, cell 6"),) == only(tmp_path).cells
    assert ("5 code cell(s) without a readable source were left out",) == only(tmp_path).notes


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        "python",
        {},
        {"kernelspec": 1, "language_info": []},
        {"kernelspec": {"language": ["R"]}},
        {"kernelspec": {"name": "conda-env-x"}, "language_info": {"name": "python"}},
        {"kernelspec": {"language": "python3"}},
        {"language_info": {"name": "IPython"}},
        {"kernelspec": {"language": "R"}, "language_info": {"name": "python"}},
    ],
)
def test_odd_metadata_does_no_harm(metadata: Any) -> None:
    """Only a named other language is a problem."""
    assert 1 == len(read_cells(as_notebook("x", metadata=metadata).encode(), "toy.ipynb")[0])


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"language": "R"}}, "R"),
        ({"language_info": {"name": "\u202e" * 99}}, "\\u202e" * 6 + "\\u20"),
    ],
)
def test_a_kernel_chosen_by_mistake_is_a_note(metadata: Any, language: str) -> None:
    """The text decides whether it is Python, not what the notebook says of itself."""
    cells, notes = read_cells(as_notebook("x", metadata=metadata).encode(), "toy.ipynb")
    assert 1 == len(cells)
    assert (f"it says that it is written for {language}, and was graded as Python",) == notes


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("{", "breaks off or is damaged on line 1"),
        (as_notebook("x")[:-9], "breaks off"),
        ("x = 1", "breaks off or is damaged"),
        ("[]", "its JSON is no object"),
        ("3", "its JSON is no object"),
        ("{}", "no list of cells"),
        ('{"cells": {}}', "no list of cells"),
        ('{"cells": null, "worksheets": 1}', "no list of cells"),
        (as_notebook(), "holds no code"),
        (as_notebook("", " "), "holds no code"),
        (as_notebook(3), "holds no code cell that can be read"),
        ("[" * 1_000_000, "nested too deeply"),
        ('{"cells":' * 100_000, "nested too deeply"),
        ('{"a":' + "[" * 900 + "1" * 9000, "breaks off|nested too deeply"),
        (as_notebook("x" * (1 << 20), "y"), "holds more than 1 MiB of code"),
        (as_notebook(*["é" * 600_000]), "holds more than 1 MiB of code"),
        (as_notebook(*[""] * 10_001), "holds more than 10000 code cells"),
    ],
)
def test_what_is_no_notebook_is_a_problem(data: str, problem: str) -> None:
    """One sentence, whatever is wrong."""
    with pytest.raises(NotGradableError, match=problem):
        read_cells(data.encode(), "toy.ipynb")


def test_a_notebook_that_is_not_utf_8_is_a_problem() -> None:
    """Nor is UTF-16 read: the guard against too many values counts bytes."""
    for data in (b"\xff{}", as_notebook("x").encode("utf-16")):
        with pytest.raises(NotGradableError, match="not valid UTF-8"):
            read_cells(data, "toy.ipynb")


def test_too_many_values_are_refused_before_they_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are counted outside strings only, so that long outputs are fine and no quoting hides a bomb."""
    monkeypatch.setattr(notebook, "MAX_VALUES", 1_000)
    text = '[{,"\\' * 5_000
    assert 1 == len(read_cells(as_notebook("x", metadata={"long": text}).encode(), "toy.ipynb")[0])
    for bomb in ("[" + "[]," * 2_000, '{"a": "\\\\", "b": [' + "[]," * 2_000, '["' + '","' * 3_000):
        with pytest.raises(NotGradableError, match="too many values"):
            read_cells(bomb.encode(), "toy.ipynb")


def test_huge_numbers_and_odd_constants_are_no_problem() -> None:
    """An execution count of a million digits, NaN and Infinity are never computed."""
    data = as_notebook("x").replace('"execution_count": null', '"execution_count": ' + "9" * 1_000_000)
    data = data.replace('"nbformat": 4', '"nbformat": NaN, "a": -Infinity, "b": 1e999999999')
    assert (Cell("x", "toy.ipynb, cell 1"),) == read_cells(data.encode(), "toy.ipynb")[0]


def test_half_a_surrogate_pair_is_replaced() -> None:
    """It could not be sent to a worker; a whole pair is one character."""
    cells, notes = read_cells(as_notebook("x = '\ud800\U0001f600'").encode(), "toy.ipynb")
    assert "x = '\ufffd\U0001f600'" == cells[0].text
    assert ("1 code cell(s) hold half a surrogate pair, replaced by U+FFFD",) == notes


def test_nul_bytes_reach_the_worker() -> None:
    """Only the cell that holds one is lost, and not here."""
    assert "x\0" == read_cells(as_notebook("x\0", "y").encode(), "toy.ipynb")[0][0].text


def test_a_byte_order_mark_and_control_characters_are_accepted() -> None:
    """What some editors leave in a file is no reason to refuse it."""
    data = b"\xef\xbb\xbf" + as_notebook("x\ty").replace("\\t", "\t").encode()
    assert "x\ty" == read_cells(data, "toy.ipynb")[0][0].text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["code", "python"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "metadata", "worksheets", "input", "language"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300)
@given(st.fixed_dictionaries({"cells": ANYTHING}) | st.fixed_dictionaries({"worksheets": ANYTHING}) | ANYTHING)
def test_any_json_is_cells_or_a_problem(value: Any) -> None:
    """Wrong types at any level raise nothing but NotGradableError, and all text can be sent on."""
    try:
        cells, notes = read_cells(json.dumps(value).encode(), "toy.ipynb")
    except NotGradableError as problem:
        str(problem).encode()
    else:
        assert cells
        "".join(found.text for found in cells).encode()
        assert all(isinstance(note, str) for note in notes)


@given(st.data())
def test_a_damaged_notebook_is_cells_or_a_problem(data: st.DataObject) -> None:
    """Bytes replaced anywhere in a valid notebook."""
    raw = bytearray(as_notebook("x = 1", "y = '\u00e9'").encode())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_cells(bytes(raw), "toy.ipynb")
    except NotGradableError as problem:
        str(problem).encode()
