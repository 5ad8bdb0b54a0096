"""What is derived from a topic: its twin, the figures of its lesson, and when both are stale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.core.digest import suite_digest
from grader.core.errors import CourseError
from grader.core.topic import Topic
from grader.release.bundle import write_bundle
from grader.release.twin import derive, stale, write_twin
from grader.tests.small_course import STUB

# ------------------------------------------------------------------------------------------------ twin


def test_the_twin_is_what_a_student_may_see(small_topic: Topic) -> None:
    """Always the same bytes, none of them with a solution or a hidden test."""
    files = derive(small_topic)
    assert {".stub", "README.md", "support.py", "test_public.py", "topic.toml", "toy.ipynb", "toy.py"} == files.keys()
    assert STUB.encode() == files["toy.py"] == files[".stub"]
    assert files == derive(small_topic)
    for content in files.values():
        assert b"_secret_helper" not in content
        assert b"test_total_of_many" not in content


def test_a_twin_just_written_is_current(small_topic: Topic, small_course: Path) -> None:
    """What tools leave in the folder does not count."""
    write_twin(small_topic, small_course / "exercises")
    (small_course / "exercises" / "toy" / "__pycache__").mkdir()
    assert [] == stale(small_topic, small_course / "exercises")


def test_a_stale_twin_names_its_files(small_topic: Topic, small_course: Path) -> None:
    """Missing, different and stray files; writing again mends all but the stray one, which is not ours to remove."""
    exercises = small_course / "exercises"
    assert len(derive(small_topic)) == len(stale(small_topic, exercises))
    write_twin(small_topic, exercises)
    (exercises / "toy" / "README.md").unlink()
    (exercises / "toy" / "toy.py").write_text("x = 1")
    (exercises / "toy" / "old.py").write_text("x = 1")
    expected = [
        "toy/README.md is missing",
        "toy/old.py is stray: nothing in solutions/toy makes it",
        "toy/toy.py is not what solutions/toy makes now",
    ]
    assert expected == stale(small_topic, exercises)
    write_twin(small_topic, exercises)
    assert expected[1:2] == stale(small_topic, exercises)


@pytest.mark.parametrize("name", ["README.md", "toy.py", "tests/test_public.py"])
def test_a_topic_without_its_parts_makes_no_twin(small_topic: Topic, name: str) -> None:
    """The sentence names the missing file."""
    (small_topic.path / name).unlink()
    with pytest.raises(CourseError, match=f"{Path(name).name} is missing"):
        derive(small_topic)


PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"><title>1 + 2</title></svg>\r\n'


def _add_figure(topic: Topic, name: str = "sum.svg") -> Path:
    file = topic.path / "figures" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(PICTURE)
    return file


def test_the_lessons_figures_go_along(small_topic: Topic, small_course: Path, tmp_path: Path) -> None:
    """Byte for byte, beside lesson and notebook, where a relative link finds them; in the bundle, too."""
    _add_figure(small_topic)
    (small_topic.path / "README.md").write_text("# Toy\n\n![1 + 2 = 3](figures/sum.svg)\n")
    write_twin(small_topic, small_course / "exercises")
    write_bundle(small_course, tmp_path / "bundle", [small_topic])
    for exercises in (small_course / "exercises", tmp_path / "bundle" / "exercises"):
        twin = exercises / "toy"
        lesson = json.loads((twin / "toy.ipynb").read_text())["cells"][0]["source"]
        assert "![1 + 2 = 3](figures/sum.svg)" == lesson[-1]
        assert PICTURE == (twin / "figures" / "sum.svg").read_bytes()
        assert [] == stale(small_topic, exercises)


def test_figures_regrade_nobody(small_topic: Topic) -> None:
    """A grade does not depend on a picture."""
    before = suite_digest(small_topic)
    _add_figure(small_topic)
    assert before == suite_digest(small_topic)


def test_a_stale_figure_is_named(small_topic: Topic, small_course: Path) -> None:
    """Missing, different and stray pictures, as any other file of the twin."""
    exercises = small_course / "exercises"
    for name in ("gone.svg", "other.svg", "sum.svg"):
        _add_figure(small_topic, name)
    write_twin(small_topic, exercises)
    _add_figure(small_topic, "new.svg")
    (small_topic.path / "figures" / "gone.svg").unlink()
    (exercises / "toy" / "figures" / "other.svg").write_text("<svg/>")
    (exercises / "toy" / "figures" / ".ipynb_checkpoints").mkdir()
    assert [
        "toy/figures/gone.svg is stray: nothing in solutions/toy makes it",
        "toy/figures/new.svg is missing",
        "toy/figures/other.svg is not what solutions/toy makes now",
    ] == stale(small_topic, exercises)


@pytest.mark.parametrize("name", ["oracle.py", "sum.png", "sum.SVG", ".svg", "folder.svg", "link.svg"])
def test_only_pictures_are_released_from_figures(small_topic: Topic, small_course: Path, name: str) -> None:
    """Nothing else, no folder and no link may travel unread to students."""
    file = _add_figure(small_topic).with_name(name)
    if name == "link.svg":
        file.symlink_to(small_topic.reference)
    elif name == "folder.svg":
        file.mkdir()
    else:
        file.write_text("x = 1\n")
    with pytest.raises(CourseError, match=rf"{file.name} is no .svg file: only pictures are released from figures/"):
        write_twin(small_topic, small_course / "exercises")
    assert not (small_course / "exercises" / "toy").exists()


@pytest.mark.parametrize("kind", ["file", "link"])
def test_figures_has_to_be_a_folder(small_topic: Topic, kind: str) -> None:
    """A file of that name, or a link to a folder elsewhere, is refused."""
    if kind == "file":
        (small_topic.path / "figures").write_text("")
    else:
        (small_topic.path / "figures").symlink_to(small_topic.tests, target_is_directory=True)
    with pytest.raises(CourseError, match="figures has to be a folder of .svg files"):
        derive(small_topic)


def test_a_file_in_the_way_of_a_folder_is_named(small_topic: Topic, small_course: Path) -> None:
    """It is not ours to remove."""
    _add_figure(small_topic)
    (small_course / "exercises" / "toy").mkdir(parents=True)
    (small_course / "exercises" / "toy" / "figures").write_text("mine")
    assert "toy/figures is stray: nothing in solutions/toy makes it" in stale(small_topic, small_course / "exercises")
    with pytest.raises(CourseError, match="figures has to be a folder: move what stands there"):
        write_twin(small_topic, small_course / "exercises")
