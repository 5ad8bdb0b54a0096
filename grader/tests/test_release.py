"""What is derived from a reference: the stub and its notebook; and the skeleton of a new topic."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import nbformat
import pytest

from grader.audit.audit import audit_topic
from grader.autograde.notebook import read_cells
from grader.core.errors import CourseError
from grader.core.topic import Topic, find_topics, read_topic
from grader.release.notebook import make_notebook, split_stub
from grader.release.skeleton import new_topic
from grader.release.stub import find_regions, make_stub
from grader.release.twin import derive, write_twin
from grader.tests.small_course import REFERENCE, STUB
from grader.worker.notebook import transform_cell

# ------------------------------------------------------------------------------------------------ stub


def test_each_region_becomes_one_raise() -> None:
    """In functions, methods and branches; module-level regions go with the blank lines below them."""
    assert STUB == make_stub(REFERENCE, "toy")


def test_a_stub_without_regions_is_the_reference() -> None:
    """Nothing else is touched, not even form feeds or odd spacing."""
    source = "x  =  1 # 'é'\n\x0c\ndef f():\n\treturn '''\u2028'''\n"
    assert source == make_stub(source, "toy")


@pytest.mark.parametrize(
    ("source", "stub"),
    [
        (
            "class A:\n    x = 1\n    ### BEGIN SOLUTION\n    def f(self): pass\n    ### END SOLUTION\n",
            "class A:\n    x = 1\n    def __init__(self, *args: object, **kwargs: object) -> None:\n"
            '        raise NotImplementedError("toy: A")\n',
        ),
        (
            "class A:\n    ### BEGIN SOLUTION\n    def __init__(self): pass\n    ### END SOLUTION\n",
            "class A:\n    def __init__(self, *args: object, **kwargs: object) -> None:\n"
            '        raise NotImplementedError("toy: A")\n',
        ),
        (
            "class A:\n  def __init__(self): pass\n  ### BEGIN SOLUTION\n  def f(self): pass\n  ### END SOLUTION\n",
            "class A:\n  def __init__(self): pass\n",
        ),
        (
            "def f():\n  def g():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n  return g\n",
            'def f():\n  def g():\n    raise NotImplementedError("toy: f.g")\n  return g\n',
        ),
        (
            "async def f():\n  ### BEGIN SOLUTION\n  @a\n  def g(): pass\n  ### END SOLUTION",
            'async def f():\n  raise NotImplementedError("toy: f")\n',
        ),
        (
            "def f():\n\t### BEGIN SOLUTION  \r\n\tx = '''\r\n### text\r\n'''\r\n\t### END SOLUTION\r\n\treturn 1\r\n",
            'def f():\n\traise NotImplementedError("toy: f")\n\treturn 1\r\n',
        ),
    ],
)
def test_unusual_regions(source: str, stub: str) -> None:
    """At class level (the stub must import), in nested functions, with tabs and with Windows line ends."""
    assert stub == make_stub(source, "toy")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def f():\n    ### BEGIN SOLUTION\n    pass\n", "line 2: a solution region begins and never ends"),
        ("def f():\n    pass\n    ### END SOLUTION\n", "line 3: a solution region ends, but none began"),
        (
            "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n",
            "inside another",
        ),
        ("def f():\n    ### BEGIN SOLUTION\n    # nothing\n    ### END SOLUTION\n    pass\n", "holds no statement"),
        ("x = [\n    ### BEGIN SOLUTION\n    1\n    ### END SOLUTION\n]\n", "holds no statement"),
        ("def f():\n    ## BEGIN SOLUTION\n    pass\n", "line 2: write ### BEGIN SOLUTION"),
        ("def f():\n    pass  ### BEGIN SOLUTION\n", "line 2: write ### BEGIN SOLUTION"),
        ("def f():\n    '''\n    ### BEGIN SOLUTION\n    '''\n", "line 3: write ### BEGIN SOLUTION"),
        ("def f():\n    ### begin solution\n    pass\n", "line 2: write ### BEGIN SOLUTION"),
        ("def f():\n    ### BEGIN SOLUTION: easy\n    pass\n", "line 2: write ### BEGIN SOLUTION"),
        (
            "def f():\n  a = 1\n  ### BEGIN SOLUTION\n  b = 1\ndef g():\n  c = 1\n  ### END SOLUTION\n  d = 1\n",
            "begin and end in one block|ends inside a statement",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    if a:\n        b = 1\n        ### END SOLUTION\n        c = 1\n",
            "ends inside a statement",
        ),
        ("if a:\n    ### BEGIN SOLUTION\n    b = 1\n    ### END SOLUTION\n", "the stub of toy.py.*does not compile"),
        ("def f(:\n", "toy.py, line 1: it does not compile"),
        ("x = 1\0", "toy.py.*does not compile"),
        ("return 1\n", "toy.py, line 1: it does not compile"),
    ],
)
def test_faulty_regions_are_the_authors_to_mend(source: str, fault: str) -> None:
    """The sentence names the line."""
    with pytest.raises(CourseError, match=fault):
        make_stub(source, "toy")


def test_regions_know_their_text() -> None:
    """What lies between the markers, for whoever must keep it secret."""
    assert [7, 20, 36, 43] == [region.begin for region in find_regions(REFERENCE, "toy")]
    assert "        self.count = start\n" == find_regions(REFERENCE, "toy")[2].text


# ------------------------------------------------------------------------------------------------ notebook


def test_the_notebook_is_the_stub(small_topic: Topic) -> None:
    """Valid nbformat 4.5, written as nbformat writes it; its code cells are the stub, and a check after each task."""
    raw = derive(small_topic)["toy.ipynb"]
    found = nbformat.reads(raw.decode(), as_version=nbformat.NO_CONVERT)
    nbformat.validate(found)
    assert (nbformat.writes(found) + "\n").encode() == raw
    sources = {cell["id"]: cell.source for cell in found.cells}
    assert ["lesson", "load", "preamble", "task-1", "check-1", "task-2", "check-2", "check"] == list(sources)
    assert "# Toy\n\nAdd *all*." == sources["lesson"]
    assert sources["task-1"].startswith("def total(")
    assert sources["task-2"].startswith("# The class comes last.\n@staticmethod\nclass Counter:")
    assert "%load_ext grader.notebooks" == sources["load"]
    assert ["%check toy total", "%check toy Counter", "%check toy"] == [
        sources[name] for name in ("check-1", "check-2", "check")
    ]
    stub = "\n".join(sources[name] for name in ("preamble", "task-1", "task-2"))
    assert ast.dump(ast.parse(STUB)) == ast.dump(ast.parse(stub))


def test_the_notebook_is_read_back_as_the_stub(small_topic: Topic) -> None:
    """Its way through the engine ends in the same syntax tree, the cells that check in nothing."""
    cells, notes = read_cells(derive(small_topic)["toy.ipynb"], "toy.ipynb")
    plain = "\n".join(transform_cell(cell.text)[0] for cell in cells)
    assert ast.dump(ast.parse(STUB)) == ast.dump(ast.parse(plain))
    assert () == notes
    assert [True, False, False] == ["import" in cell.text for cell in cells]


def test_splitting_loses_nothing() -> None:
    """The pieces are the stub, whatever the order of the tasks; with nothing before the first, there is no preamble."""
    assert STUB == "".join(split_stub(STUB, "toy", ["Counter", "total"]))
    assert STUB == "".join(split_stub(STUB, "toy", []))
    assert ["", "def f(): pass\n"] == split_stub("def f(): pass\n", "toy", ["f"])
    cells = json.loads(make_notebook("def f(): pass\n", "", "toy", ["f"]))["cells"]
    assert ["lesson", "load", "task-1", "check-1", "check"] == [cell["id"] for cell in cells]


def test_a_task_that_the_stub_lacks_is_refused() -> None:
    """A student could not know what to define."""
    with pytest.raises(CourseError, match="toy.py does not define g, h outside its solution regions"):
        split_stub("def f(): pass\n", "toy", ["f", "g", "h"])


# ------------------------------------------------------------------------------------------------ skeleton


def test_a_skeleton_passes_its_audit(tmp_path: Path) -> None:
    """As it is: reference and right answers earn everything, the stub nothing, wrong answers what they declare."""
    topic = read_topic(new_topic(tmp_path / "solutions", "fresh_topic"))
    write_twin(topic, tmp_path / "exercises")
    assert (1, "Fresh topic") == (topic.config.order, topic.config.title)
    findings = audit_topic(topic, tmp_path / "exercises", "none", jobs=1).findings
    assert [] == [finding for finding in findings if not finding.holds]
    assert len(findings) > 20


def test_new_topics_come_last(tmp_path: Path) -> None:
    """Each gets the next order number."""
    for slug in ("one", "two", "three"):
        new_topic(tmp_path, slug)
    assert ["one", "two", "three"] == [topic.slug for topic in find_topics(tmp_path)]


@pytest.mark.parametrize(
    "slug", ["", "Two", "2nd", "a-b", "a b", "../x", "a/b", "é", "class", "random", "numpy", "oracle"]
)
def test_a_bad_slug_is_refused(tmp_path: Path, slug: str) -> None:
    """A slug is a module's name that nothing else uses."""
    with pytest.raises(CourseError, match="is no slug|can't be a topic's slug"):
        new_topic(tmp_path, slug)
    assert [] == list(tmp_path.iterdir())


def test_an_existing_folder_is_never_written_to(tmp_path: Path) -> None:
    """Not even an empty one."""
    (tmp_path / "mine").mkdir()
    with pytest.raises(CourseError, match="exists already"):
        new_topic(tmp_path, "mine")
    assert [] == list((tmp_path / "mine").iterdir())
