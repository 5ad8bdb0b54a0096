"""What a student gets: everything needed, nothing that gives away a solution."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.core.topic import Topic, find_topics
from grader.release.bundle import write_bundle
from grader.release.stub import find_regions
from grader.tests.classroom import ROOT
from grader.tests.small_course import HIDDEN, REFERENCE

# ------------------------------------------------------------------------------------------------ bundle


def test_the_bundle_holds_what_a_student_needs(small_topic: Topic, small_course: Path, tmp_path: Path) -> None:
    """Exercises, course and engine; no tests of the engine, no solutions, nothing that tools left."""
    (small_course / "course" / "link").symlink_to(small_course / "solutions")
    written = write_bundle(small_course, tmp_path / "new" / "bundle", [small_topic])
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


def test_the_bundle_speaks_to_students(small_topic: Topic, small_course: Path, tmp_path: Path) -> None:
    """Its README is theirs, and `tox` by itself checks their exercises: nothing is left that only authors can run."""
    (small_course / "tox.ini").write_bytes((ROOT / "tox.ini").read_bytes())
    write_bundle(small_course, tmp_path / "bundle", [small_topic])
    assert (tmp_path / "bundle" / "README.md").read_text(encoding="utf-8") == "For students."
    whole, theirs = (configparser.ConfigParser(interpolation=None) for _ in range(2))
    whole.read(ROOT / "tox.ini", encoding="utf-8")
    theirs.read(tmp_path / "bundle" / "tox.ini", encoding="utf-8")
    authors = {f"testenv:{name}" for name in ("lint", "types", "layers", "tests", "audit", "demo")}
    assert set(theirs.sections()) == set(whole.sections()) - authors
    assert theirs["tox"]["env_list"] == "course"
    assert all(theirs[name] == whole[name] for name in theirs.sections() if name != "tox")


@pytest.mark.parametrize("kind", ["full", "file"])
def test_a_bundle_never_overwrites(small_topic: Topic, small_course: Path, tmp_path: Path, kind: str) -> None:
    """A folder with anything in it, or a file, is refused in one sentence."""
    to = tmp_path / "bundle"
    if kind == "full":
        to.mkdir()
        (to / "mine.txt").write_text("")
    else:
        to.write_text("")
    with pytest.raises(CourseError, match="is not an empty folder: give a new one for the bundle"):
        write_bundle(small_course, to, [small_topic])


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
    small_topic: Topic, small_course: Path, tmp_path: Path, name: str, text: str, origin: str
) -> None:
    """A solution in a lesson, hidden tests in the engine, a known answer in the course: whatever its indentation."""
    (small_course / name).write_text(text)
    with pytest.raises(CourseError, match=f"would give away solutions/toy: .*{origin}"):
        write_bundle(small_course, tmp_path / "bundle", [small_topic])
    assert not (tmp_path / "bundle").exists()


def test_what_support_gives_away_is_given_on_purpose(small_topic: Topic, small_course: Path, tmp_path: Path) -> None:
    """A later topic may hand out the solution of an earlier one."""
    (small_topic.path / "support.py").write_text("def f(numbers):\n" + find_regions(REFERENCE, "toy")[1].text)
    assert "exercises/toy/support.py" in write_bundle(small_course, tmp_path / "bundle", [small_topic])


def test_the_shipped_course_makes_a_bundle(tmp_path: Path) -> None:
    """Nothing in it gives a solution away, and every figure is there."""
    topics = find_topics(ROOT / "solutions")
    written = write_bundle(ROOT, tmp_path / "bundle", topics)
    figures = {f"exercises/{file.relative_to(ROOT / 'solutions')}" for file in ROOT.glob("solutions/*/figures/*.svg")}
    assert figures == {name for name in written if "/figures/" in name}
    assert {f"exercises/{topic.slug}/{topic.slug}.ipynb" for topic in topics} <= set(written)


HELPER = "def assert_pair(answer):\n    assert isinstance(answer, tuple) and len(answer) == 2, 'a pair of numbers'\n"


def test_a_helper_of_both_suites_is_no_secret(small_topic: Topic, small_course: Path, tmp_path: Path) -> None:
    """The author released it with the public suite."""
    for name in ("test_public.py", "test_hidden.py"):
        with (small_topic.tests / name).open("a", encoding="utf-8") as file:
            file.write("\n\n" + HELPER)
    assert "exercises/toy/test_public.py" in write_bundle(small_course, tmp_path / "bundle", [small_topic])


@pytest.mark.parametrize("text", [HIDDEN, HELPER], ids=["test", "helper"])
def test_what_the_hidden_suite_has_alone_is_a_secret(
    small_topic: Topic, small_course: Path, tmp_path: Path, text: str
) -> None:
    """A test, even in the public suite, where it would be by mistake; a helper anywhere else."""
    (small_topic.tests / "test_hidden.py").write_text(text, encoding="utf-8")
    leak = small_topic.tests / "test_public.py" if text == HIDDEN else small_course / "course" / "notes.md"
    leak.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"would give away solutions/toy: tests/test_hidden.py"):
        write_bundle(small_course, tmp_path / "bundle", [small_topic])


def test_a_part_that_is_missing_is_named(small_topic: Topic, small_course: Path, tmp_path: Path) -> None:
    """No half bundle."""
    (small_course / "LICENSE").unlink()
    with pytest.raises(CourseError, match="LICENSE is missing: a bundle needs it"):
        write_bundle(small_course, tmp_path / "bundle", [small_topic])
