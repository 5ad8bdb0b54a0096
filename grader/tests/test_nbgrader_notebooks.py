"""Notebooks for nbgrader and back from it, without nbgrader."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.autograde.notebook import read_cells
from grader.core.topic import Topic, find_topics
from grader.lms.nbgrader.course import grade_id, solution_id, source_notebook, write_course
from grader.lms.nbgrader.repair import NOTES, Released, noted, repaired, shown, untouched
from grader.release.stub import BEGIN, find_regions, make_stub
from grader.report import plain
from grader.tests.classroom import Command, toy_course

ROOT = Path(__file__).resolve().parents[2]
TOPICS = find_topics(ROOT / "solutions")

RELEASED = [
    Released(name="load", kind="code", text="%load_ext x", locked=True, solution=False),
    Released(name="solution-a", kind="code", text="def a(): ...", locked=False, solution=True, checksum="c"),
    Released(name="points-a", kind="code", text="%points t a", locked=True, solution=False, points=3.0),
    Released(name="solution-b", kind="code", text="def b(): ...", locked=False, solution=True),
    Released(name="points-b", kind="code", text="%points t b", locked=True, solution=False, points=4.5),
]


def ids(notebook: dict[str, Any]) -> list[str]:
    """nbgrader's ids in order, "" for a cell without one."""
    return [cell["metadata"].get("nbgrader", {}).get("grade_id", "") for cell in notebook["cells"]]


def texts(notebook: dict[str, Any], kind: str = "code") -> list[str]:
    """The cells' texts."""
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("topic", TOPICS, ids=[topic.slug for topic in TOPICS])
def test_each_topic_makes_a_source_notebook(topic: Topic) -> None:
    """Valid; a solution and a grade cell a task; cleared it has no more code than the stub; nothing hidden is in it."""
    data = source_notebook(topic)
    assert data == source_notebook(topic)
    notebook = json.loads(data)
    nbformat.validate(nbformat.from_dict(notebook))
    marks = [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    assert {mark["grade_id"]: mark["points"] for mark in marks if mark["grade"]} == {
        grade_id(task.name): task.points for task in topic.config.tasks
    }
    assert {solution_id(task.name) for task in topic.config.tasks} <= {
        mark["grade_id"] for mark in marks if mark["solution"]
    }
    stub = "".join(make_stub(topic.reference.read_text("utf-8"), topic.slug).split())
    released = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader", {}).get("locked"):
            assert bool(find_regions(text, topic.slug)) == ("nbgrader" in cell["metadata"])
            released.append(make_stub(text, topic.slug))
        else:
            assert BEGIN not in text
    code = "".join("".join(released).split()).replace("#Yourownhelpers,ifyoulike.", "")
    assert code == stub
    hidden = (topic.tests / "test_hidden.py").read_text("utf-8")
    names = [line.partition("(")[0] + "(" for line in hidden.splitlines() if line.startswith("def test_")]
    assert [name for name in names if name in data.decode()] == []


def test_the_source_grades_as_the_reference(tmp_path: Path) -> None:
    """Its code cells, as grading reads them, are the reference and magics."""
    topic = toy_course(tmp_path)
    cells, notes = read_cells(source_notebook(topic), "toy.ipynb")
    assert notes == ()
    code = "".join("".join(cell.text for cell in cells if "%" not in cell.text).split())
    assert code == "".join(topic.reference.read_text("utf-8").split())


def test_a_course_is_written_again_without_losing_its_configuration(tmp_path: Path, grader: Command) -> None:
    """What the instructor changed in nbgrader_config.py stays; a file in the way is one sentence."""
    toy_course(tmp_path)
    assert grader(tmp_path, "export", "nbgrader", "--to", "cnn").code == 0
    beside = {path.name for path in (tmp_path / "cnn" / "source" / "toy").iterdir()}
    assert beside == {"toy.ipynb", "topic.toml", "test_public.py", "support.py", "probes.py"}
    configuration = tmp_path / "cnn" / "nbgrader_config.py"
    assert str(tmp_path) in configuration.read_text("utf-8")
    mine = f"# mine\n{configuration.read_text('utf-8')}c.Autograde.create_student = False\n"
    configuration.write_text(mine, encoding="utf-8")
    assert grader(tmp_path, "export", "nbgrader", "toy", "--to", "cnn").code == 0
    assert configuration.read_text("utf-8") == mine
    (tmp_path / "file").touch()
    ran = grader(tmp_path, "export", "nbgrader", "--to", "file")
    assert ran.code == 2
    assert "give another folder" in ran.err
    assert write_course([], tmp_path, tmp_path / "cnn") == []


def handed_in(*cells: dict[str, Any]) -> bytes:
    """A notebook of these cells."""
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


def code(text: str, name: Any = None) -> dict[str, Any]:
    """A code cell, marked if ``name`` is given."""
    return {"cell_type": "code", "source": text, "metadata": {"nbgrader": {"grade_id": name}} if name else {}}


def test_a_notebook_as_it_was_released_has_no_notes() -> None:
    """And comes back with the same cells, marked as nbgrader keeps them."""
    notebook, notes = repaired(handed_in(*(code(cell.text, cell.name) for cell in RELEASED)), RELEASED)
    assert notes == ()
    assert ids(notebook) == [cell.name for cell in RELEASED]
    assert [cell["metadata"]["nbgrader"] for cell in notebook["cells"]] == [cell.mark() for cell in RELEASED]


def test_what_is_missing_doubled_or_changed_is_mended_and_told() -> None:
    """Grade cells come back below their task, a second claim loses its mark, no word of the student's is lost."""
    notebook, notes = repaired(
        handed_in(
            code("mine = 1"),
            code("def a(): return 1", "solution-a"),
            code("def a(): return 2", "solution-a"),
            code("return_everything = True", "points-b"),
            code("x", "unknown"),
        ),
        RELEASED,
    )
    assert ids(notebook) == ["", "solution-a", "points-a", "", "points-b", "", ""]
    assert texts(notebook) == [
        "mine = 1",
        "def a(): return 1",
        "%points t a",
        "def a(): return 2",
        "%points t b",
        "return_everything = True",
        "x",
    ]
    assert [note.split(" ")[:4] for note in notes] == [
        ["there", "is", "a", "second"],
        ["cell", "points-b", "is", "locked"],
        ["cell", "points-a", "was", "missing"],
    ]


def test_what_is_no_notebook_still_has_every_grade_cell() -> None:
    """And says why it is none; outputs and notes find their places."""
    notebook, notes = repaired(b"{", RELEASED)
    assert [name for name in ids(notebook) if name] == ["points-a", "points-b"]
    shown(notebook, {"points-a": [{"output_type": "stream", "name": "stdout", "text": "3"}]}, notes)
    nbformat.validate(nbformat.from_dict(notebook))
    assert "breaks off" in texts(notebook, "markdown")[0]
    assert [len(cell["outputs"]) for cell in notebook["cells"] if "outputs" in cell] == [1, 0]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([each.name for each in RELEASED]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "input", "outputs", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | VALUES,
        "source": st.text(max_size=30) | st.lists(st.text(max_size=9), max_size=3) | VALUES,
        "metadata": st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": VALUES})}) | VALUES,
    },
)


@given(st.text("ab1_*[]<>&#+-!~.() |:=/^\"'$", max_size=12))
def test_a_comment_is_shown_as_it_was_written(text: str) -> None:
    """Whatever in it would be markup: nbgrader renders comments and notes as Markdown."""
    filters = pytest.importorskip("nbconvert.filters", reason="nbconvert is not installed: it comes with nbgrader")
    rendered = filters.markdown2html(plain.markdown(text))
    assert html.unescape(re.sub(r"<[^>]+>", "", rendered)).strip() == plain.line(text)


def test_code_in_a_comment_stays_code() -> None:
    """And a word with underscores needs no escapes."""
    assert plain.markdown("`a*b*` is kH*kW, as in max_pool2d or __init__") == (
        "`a*b*` is kH\\*kW, as in max_pool2d or \\_\\_init\\_\\_"
    )


def test_notes_are_text_and_each_stands_once() -> None:
    """A name that a student chose is no markup; what was said is not said again."""
    evil = "<img src=x>.ipynb was taken for toy"
    first = noted("", [evil, "two"])
    assert first == f"{NOTES}\n\n- \\{evil}\n- two"
    assert noted(first, ["three", evil]) == f"{NOTES}\n\n- three\n- \\{evil}\n- two"


def test_what_can_not_be_read_has_the_grade_cells_and_no_word_of_its_own() -> None:
    """The grade's own notes say why."""
    notebook, notes = repaired(None, RELEASED)
    assert ids(notebook) == ["points-a", "points-b"]
    assert [note for note in notes if "added back" not in note] == []
    notebook, _ = repaired(
        json.dumps({"cells": [cell_as_released("solution-a"), cell_as_released("solution-b", "x")]}).encode(), RELEASED
    )
    assert untouched(notebook, RELEASED) == {"solution-a"}


def cell_as_released(name: str, text: str = "") -> dict[str, Any]:
    """A released cell, or one with another text."""
    (model,) = (cell for cell in RELEASED if cell.name == name)
    return {"cell_type": model.kind, "source": text or model.text, "metadata": {"nbgrader": model.mark()}}


@given(st.one_of(VALUES, st.fixed_dictionaries({"cells": st.lists(CELLS | VALUES, max_size=8)})))
def test_anything_at_all_becomes_a_notebook_that_nbgrader_can_hold(value: Any) -> None:
    """Valid, each released grade cell once, no id twice."""
    notebook, _ = repaired(json.dumps(value).encode(), RELEASED)
    nbformat.validate(nbformat.from_dict(notebook))
    found = [name for name in ids(notebook) if name]
    assert len(found) == len(set(found))
    assert {"points-a", "points-b"} <= set(found)
    marks = [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if cell["metadata"]]
    by_name = {cell.name: cell for cell in RELEASED}
    assert [mark for mark in marks if mark != by_name[mark["grade_id"]].mark()] == []


@given(st.binary(max_size=200))
def test_any_bytes_at_all_become_one_too(data: bytes) -> None:
    """Whatever the file holds."""
    notebook, _ = repaired(data, RELEASED)
    nbformat.validate(nbformat.from_dict(notebook))
