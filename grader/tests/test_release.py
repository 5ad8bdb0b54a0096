"""What is derived from a topic: stub, notebook, twin, bundle, and the skeleton of a new one."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import nbformat
import pytest

from grader.audit.audit import audit_topic
from grader.autograde.notebook import read_cells
from grader.core.digest import suite_digest
from grader.core.errors import CourseError
from grader.core.topic import Topic, find_topics, read_topic
from grader.release.bundle import write_bundle
from grader.release.notebook import make_notebook, split_stub
from grader.release.skeleton import new_topic
from grader.release.stub import find_regions, make_stub
from grader.release.twin import derive, stale, write_twin
from grader.tests.classroom import ROOT
from grader.worker.notebook import transform_cell

REFERENCE = '''\
"""A toy: counting and adding."""

from __future__ import annotations

import math

### BEGIN SOLUTION
import itertools


def _secret_helper(numbers: list[int]) -> int:
    return sum(itertools.chain(numbers))
### END SOLUTION

LIMIT = 3


def total(numbers: list[int]) -> int:
    """Add up."""
    ### BEGIN SOLUTION
    if not numbers:
        return 0
    return _secret_helper([number for number in numbers if number is not None])
    ### END SOLUTION


# The class comes last.
@staticmethod
class Counter:
    """Counts."""

    start = 0

    def __init__(self, start: int) -> None:
        self.start = start
        ### BEGIN SOLUTION
        self.count = start
        ### END SOLUTION

    def add(self, step: int) -> int:
        """Count on."""
        if step > LIMIT:
            ### BEGIN SOLUTION
            step = LIMIT
            ### END SOLUTION
        return math.floor(step)


def shown() -> int:
    return 1
'''

STUB = '''\
"""A toy: counting and adding."""

from __future__ import annotations

import math

LIMIT = 3


def total(numbers: list[int]) -> int:
    """Add up."""
    raise NotImplementedError("toy: total")


# The class comes last.
@staticmethod
class Counter:
    """Counts."""

    start = 0

    def __init__(self, start: int) -> None:
        self.start = start
        raise NotImplementedError("toy: Counter")

    def add(self, step: int) -> int:
        """Count on."""
        if step > LIMIT:
            raise NotImplementedError("toy: Counter.add")
        return math.floor(step)


def shown() -> int:
    return 1
'''

HIDDEN = '''\
import pytest


@pytest.mark.task("total")
def test_total_of_many(student):
    """Many numbers."""
    assert student.total([1, 2, 3, 4, 5, 6, 7]) == 28
'''


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course with one topic, as small as can be, and an engine to go with it."""
    files: dict[str, str | bytes] = {
        "LICENSE": "Free.",
        "README.md": "A toy course.",
        "pyproject.toml": "[project]",
        "tox.ini": "[tox]",
        "course/cli.py": "print('course')",
        "course/data/numbers.bin": b"\x00\xff\xfe",
        "course/figures/sum.py": "print('draws')",
        "course/course.toml": "drop_lowest = 1",
        "course/__pycache__/cli.pyc": "bytes",
        "grader/engine.py": "print('engine')",
        "grader/tests/test_engine.py": "print('tests')",
        "grader/benchmarks/speed.py": "print('speed')",
        "grader/.cache/x": "x",
        "solutions/toy/topic.toml": (
            'title = "Toy"\norder = 1\nruntime = "numpy"\n'
            '[[tasks]]\nname = "total"\npoints = 5\n[[tasks]]\nname = "Counter"\npoints = 5\n'
        ),
        "solutions/toy/README.md": "# Toy\n\nAdd *all*.\n",
        "solutions/toy/toy.py": REFERENCE,
        "solutions/toy/support.py": "HELP = 1\n",
        "solutions/toy/tests/test_public.py": "def test_total_of_two(student): ...\n",
        "solutions/toy/tests/test_hidden.py": HIDDEN,
        "solutions/toy/submissions/right.py": (
            "def total(numbers):\n    return sum(int(n) for n in numbers if n is not None)\n"
        ),
    }
    for name, content in files.items():
        file = tmp_path / "root" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path / "root"


@pytest.fixture
def toy(root: Path) -> Topic:
    """The one topic of the course."""
    return read_topic(root / "solutions" / "toy")


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


def test_the_notebook_is_the_stub(toy: Topic) -> None:
    """Valid nbformat 4.5, written as nbformat writes it; its code cells are the stub, and a check after each task."""
    raw = derive(toy)["toy.ipynb"]
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


def test_the_notebook_is_read_back_as_the_stub(toy: Topic) -> None:
    """Its way through the engine ends in the same syntax tree, the cells that check in nothing."""
    cells, notes = read_cells(derive(toy)["toy.ipynb"], "toy.ipynb")
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


# ------------------------------------------------------------------------------------------------ twin


def test_the_twin_is_what_a_student_may_see(toy: Topic) -> None:
    """Always the same bytes, none of them with a solution or a hidden test."""
    files = derive(toy)
    assert {".stub", "README.md", "support.py", "test_public.py", "topic.toml", "toy.ipynb", "toy.py"} == files.keys()
    assert STUB.encode() == files["toy.py"] == files[".stub"]
    assert files == derive(toy)
    for content in files.values():
        assert b"_secret_helper" not in content
        assert b"test_total_of_many" not in content


def test_a_twin_just_written_is_current(toy: Topic, root: Path) -> None:
    """What tools leave in the folder does not count."""
    write_twin(toy, root / "exercises")
    (root / "exercises" / "toy" / "__pycache__").mkdir()
    assert [] == stale(toy, root / "exercises")


def test_a_stale_twin_names_its_files(toy: Topic, root: Path) -> None:
    """Missing, different and stray files; writing again mends all but the stray one, which is not ours to remove."""
    exercises = root / "exercises"
    assert len(derive(toy)) == len(stale(toy, exercises))
    write_twin(toy, exercises)
    (exercises / "toy" / "README.md").unlink()
    (exercises / "toy" / "toy.py").write_text("x = 1")
    (exercises / "toy" / "old.py").write_text("x = 1")
    expected = [
        "toy/README.md is missing",
        "toy/old.py is stray: nothing in solutions/toy makes it",
        "toy/toy.py is not what solutions/toy makes now",
    ]
    assert expected == stale(toy, exercises)
    write_twin(toy, exercises)
    assert expected[1:2] == stale(toy, exercises)


@pytest.mark.parametrize("name", ["README.md", "toy.py", "tests/test_public.py"])
def test_a_topic_without_its_parts_makes_no_twin(toy: Topic, name: str) -> None:
    """The sentence names the missing file."""
    (toy.path / name).unlink()
    with pytest.raises(CourseError, match=f"{Path(name).name} is missing"):
        derive(toy)


PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"><title>1 + 2</title></svg>\r\n'


def _add_figure(topic: Topic, name: str = "sum.svg") -> Path:
    file = topic.path / "figures" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(PICTURE)
    return file


def test_the_lessons_figures_go_along(toy: Topic, root: Path, tmp_path: Path) -> None:
    """Byte for byte, beside lesson and notebook, where a relative link finds them; in the bundle, too."""
    _add_figure(toy)
    (toy.path / "README.md").write_text("# Toy\n\n![1 + 2 = 3](figures/sum.svg)\n")
    write_twin(toy, root / "exercises")
    write_bundle(root, tmp_path / "bundle", [toy])
    for exercises in (root / "exercises", tmp_path / "bundle" / "exercises"):
        twin = exercises / "toy"
        lesson = json.loads((twin / "toy.ipynb").read_text())["cells"][0]["source"]
        assert "![1 + 2 = 3](figures/sum.svg)" == lesson[-1]
        assert PICTURE == (twin / "figures" / "sum.svg").read_bytes()
        assert [] == stale(toy, exercises)


def test_figures_regrade_nobody(toy: Topic) -> None:
    """A grade does not depend on a picture."""
    before = suite_digest(toy)
    _add_figure(toy)
    assert before == suite_digest(toy)


def test_a_stale_figure_is_named(toy: Topic, root: Path) -> None:
    """Missing, different and stray pictures, as any other file of the twin."""
    exercises = root / "exercises"
    for name in ("gone.svg", "other.svg", "sum.svg"):
        _add_figure(toy, name)
    write_twin(toy, exercises)
    _add_figure(toy, "new.svg")
    (toy.path / "figures" / "gone.svg").unlink()
    (exercises / "toy" / "figures" / "other.svg").write_text("<svg/>")
    (exercises / "toy" / "figures" / ".ipynb_checkpoints").mkdir()
    assert [
        "toy/figures/gone.svg is stray: nothing in solutions/toy makes it",
        "toy/figures/new.svg is missing",
        "toy/figures/other.svg is not what solutions/toy makes now",
    ] == stale(toy, exercises)


@pytest.mark.parametrize("name", ["oracle.py", "sum.png", "sum.SVG", ".svg", "folder.svg", "link.svg"])
def test_only_pictures_are_released_from_figures(toy: Topic, root: Path, name: str) -> None:
    """Nothing else, no folder and no link may travel unread to students."""
    file = _add_figure(toy).with_name(name)
    if name == "link.svg":
        file.symlink_to(toy.reference)
    elif name == "folder.svg":
        file.mkdir()
    else:
        file.write_text("x = 1\n")
    with pytest.raises(CourseError, match=rf"{file.name} is no .svg file: only pictures are released from figures/"):
        write_twin(toy, root / "exercises")
    assert not (root / "exercises" / "toy").exists()


@pytest.mark.parametrize("kind", ["file", "link"])
def test_figures_has_to_be_a_folder(toy: Topic, kind: str) -> None:
    """A file of that name, or a link to a folder elsewhere, is refused."""
    if kind == "file":
        (toy.path / "figures").write_text("")
    else:
        (toy.path / "figures").symlink_to(toy.tests, target_is_directory=True)
    with pytest.raises(CourseError, match="figures has to be a folder of .svg files"):
        derive(toy)


def test_a_file_in_the_way_of_a_folder_is_named(toy: Topic, root: Path) -> None:
    """It is not ours to remove."""
    _add_figure(toy)
    (root / "exercises" / "toy").mkdir(parents=True)
    (root / "exercises" / "toy" / "figures").write_text("mine")
    assert "toy/figures is stray: nothing in solutions/toy makes it" in stale(toy, root / "exercises")
    with pytest.raises(CourseError, match="figures has to be a folder: move what stands there"):
        write_twin(toy, root / "exercises")


# ------------------------------------------------------------------------------------------------ bundle


def test_the_bundle_holds_what_a_student_needs(toy: Topic, root: Path, tmp_path: Path) -> None:
    """Exercises, course and engine; no tests of the engine, no solutions, nothing that tools left."""
    (root / "course" / "link").symlink_to(root / "solutions")
    written = write_bundle(root, tmp_path / "new" / "bundle", [toy])
    expected = {
        "LICENSE",
        "README.md",
        "pyproject.toml",
        "tox.ini",
        "course/cli.py",
        "course/data/numbers.bin",
        "grader/engine.py",
        "exercises/toy/.stub",
        "exercises/toy/README.md",
        "exercises/toy/support.py",
        "exercises/toy/test_public.py",
        "exercises/toy/topic.toml",
        "exercises/toy/toy.ipynb",
        "exercises/toy/toy.py",
        ".github/workflows/check.yml",
    }
    bundle = tmp_path / "new" / "bundle"
    found = {str(file.relative_to(bundle)) for file in bundle.rglob("*.*") if file.is_file()}
    assert expected == set(written)
    assert expected == found | {"LICENSE"}


@pytest.mark.parametrize("kind", ["full", "file"])
def test_a_bundle_never_overwrites(toy: Topic, root: Path, tmp_path: Path, kind: str) -> None:
    """A folder with anything in it, or a file, is refused in one sentence."""
    to = tmp_path / "bundle"
    if kind == "full":
        to.mkdir()
        (to / "mine.txt").write_text("")
    else:
        to.write_text("")
    with pytest.raises(CourseError, match="is not an empty folder: give a new one for the bundle"):
        write_bundle(root, to, [toy])


@pytest.mark.parametrize(
    ("name", "text", "origin"),
    [
        (
            "solutions/toy/README.md",
            "    " + REFERENCE.split("### BEGIN SOLUTION")[2].split("###")[0],
            "toy.py, line 20",
        ),
        (
            "course/notes.md",
            REFERENCE.split("### BEGIN SOLUTION")[2].replace("\n", "\n  > ").replace(">", ""),
            "toy.py",
        ),
        ("grader/engine.py", HIDDEN, "tests/test_hidden.py"),
        ("course/cli.py", "def total(numbers):\n  return sum(int(n) for n in numbers if n is not None)", "right.py"),
    ],
)
def test_a_leak_is_found_before_anything_is_written(
    toy: Topic, root: Path, tmp_path: Path, name: str, text: str, origin: str
) -> None:
    """A solution in a lesson, hidden tests in the engine, a known answer in the course: whatever its indentation."""
    (root / name).write_text(text)
    with pytest.raises(CourseError, match=f"would give away solutions/toy: .*{origin}"):
        write_bundle(root, tmp_path / "bundle", [toy])
    assert not (tmp_path / "bundle").exists()


def test_what_support_gives_away_is_given_on_purpose(toy: Topic, root: Path, tmp_path: Path) -> None:
    """A later topic may hand out the solution of an earlier one."""
    (toy.path / "support.py").write_text("def f(numbers):\n" + find_regions(REFERENCE, "toy")[1].text)
    assert "exercises/toy/support.py" in write_bundle(root, tmp_path / "bundle", [toy])


def test_the_shipped_course_makes_a_bundle(tmp_path: Path) -> None:
    """Nothing in it gives a solution away, and every figure is there."""
    topics = find_topics(ROOT / "solutions")
    written = write_bundle(ROOT, tmp_path / "bundle", topics)
    figures = {f"exercises/{file.relative_to(ROOT / 'solutions')}" for file in ROOT.glob("solutions/*/figures/*.svg")}
    assert figures == {name for name in written if "/figures/" in name}
    assert {f"exercises/{topic.slug}/{topic.slug}.ipynb" for topic in topics} <= set(written)


HELPER = "def assert_pair(answer):\n    assert isinstance(answer, tuple) and len(answer) == 2, 'a pair of numbers'\n"


def test_a_helper_of_both_suites_is_no_secret(toy: Topic, root: Path, tmp_path: Path) -> None:
    """The author released it with the public suite."""
    for name in ("test_public.py", "test_hidden.py"):
        with (toy.tests / name).open("a", encoding="utf-8") as file:
            file.write("\n\n" + HELPER)
    assert "exercises/toy/test_public.py" in write_bundle(root, tmp_path / "bundle", [toy])


@pytest.mark.parametrize("text", [HIDDEN, HELPER], ids=["test", "helper"])
def test_what_the_hidden_suite_has_alone_is_a_secret(toy: Topic, root: Path, tmp_path: Path, text: str) -> None:
    """A test, even in the public suite, where it would be by mistake; a helper anywhere else."""
    (toy.tests / "test_hidden.py").write_text(text, encoding="utf-8")
    leak = toy.tests / "test_public.py" if text == HIDDEN else root / "course" / "notes.md"
    leak.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"would give away solutions/toy: tests/test_hidden.py"):
        write_bundle(root, tmp_path / "bundle", [toy])


def test_a_part_that_is_missing_is_named(toy: Topic, root: Path, tmp_path: Path) -> None:
    """No half bundle."""
    (root / "LICENSE").unlink()
    with pytest.raises(CourseError, match="LICENSE is missing: a bundle needs it"):
        write_bundle(root, tmp_path / "bundle", [toy])


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
