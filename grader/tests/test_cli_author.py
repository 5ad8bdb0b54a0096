"""An author's day from end to end: new, release, audit and doctor."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.autograde.public import make_current
from grader.core.topic import read_topic
from grader.release.skeleton import new_topic
from grader.release.twin import write_twin
from grader.sandbox.levels import PROMISES
from grader.tests.classroom import ROOT, Command, program, toy_course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one topic, ``scaling``, which is fit to release."""
    new_topic(tmp_path / "solutions", "scaling")
    release(tmp_path)
    return tmp_path


def release(course: Path) -> None:
    """Make the topic's twin current."""
    topic = read_topic(course / "solutions" / "scaling")
    make_current(topic)
    write_twin(topic, course / "exercises")


def replace(file: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_topic_is_green(tmp_path: Path) -> None:
    """`new`, `release` and `audit`, each as a program: the skeleton is fit to release as it is."""
    (tmp_path / "solutions").mkdir()
    made = program("grader", tmp_path, "new", "scaling")
    assert (made.code, made.err) == (0, "")
    assert "grader audit scaling" in made.out
    released = program("grader", tmp_path, "release")
    assert (released.code, released.out, released.err) == (0, "current: scaling\n", "")
    audited = program("grader", tmp_path, "audit", "--verbose", "--sandbox", "none")
    assert (audited.code, audited.err) == (0, "")
    assert audited.out.startswith("scaling: fit to release (")
    claims = [line for line in audited.out.splitlines() if line.startswith(("  ✓ ", "  ✗ "))]
    assert len(claims) > 20
    assert [claim for claim in claims if not claim.startswith("  ✓ ")] == []
    assert "  checks: " in audited.out
    assert "  tolerance: right answers use none of it\n" in audited.out


@pytest.mark.parametrize(
    ("slug", "says"), [("scaling", "exists already"), ("Not-A-Slug", "no slug"), ("numpy", "already uses that name")]
)
def test_a_slug_that_cannot_be(course: Path, grader: Command, slug: str, says: str) -> None:
    """A taken, impossible or confusing slug is refused in one sentence, and nothing is written."""
    before = sorted(course.rglob("*"))
    ran = grader(course, "new", slug)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert sorted(course.rglob("*")) == before


def test_audit_names_every_fault(course: Path, grader: Command) -> None:
    """A wrong declared point, a stale twin, a stray file, a missing hint and an empty lesson, all in one run."""
    topic = course / "solutions" / "scaling"
    replace(topic / "submissions" / "changed_in_place.py", "scale = 7.5", "scale = 5")
    replace(topic / "topic.toml", '  "Convert x with np.asarray before you multiply: it may hold integers.",\n', "")
    (topic / "README.md").write_text("\n", encoding="utf-8")
    (topic / "notes.txt").write_text("later", encoding="utf-8")
    ran = grader(course, "audit", "--sandbox", "none")
    assert ran.code == 1
    assert "scaling: NOT fit: 5 of" in ran.out
    for fault in (
        "submissions/changed_in_place.py earns 5 of 10",
        "it earns scale 7.5 instead of 5",
        "exercises/scaling is current",
        "scaling/README.md is not what solutions/scaling makes now",
        "nothing is stray",
        "notes.txt",
        "scale has 3 hints",
        "write README.md",
    ):
        assert fault in ran.out
    assert "the stub earns" not in ran.out


def test_audit_compares_the_lesson_with_its_figures(course: Path, grader: Command) -> None:
    """A picture that is shown but missing, and one that no lesson shows; a picture that is both is fine."""
    topic = course / "solutions" / "scaling"
    (topic / "figures").mkdir()
    for name in ("shown", "forgotten"):
        (topic / "figures" / f"{name}.svg").write_text("<svg/>", encoding="utf-8")
    with (topic / "README.md").open("a", encoding="utf-8") as file:
        file.write("\n![One](figures/shown.svg) and ![Two](figures/missing.svg)\n")
    release(course)
    ran = grader(course, "audit", "--sandbox", "none")
    assert ran.code == 1
    assert "scaling: NOT fit: 1 of" in ran.out
    assert "README.md and figures/ disagree about figures/forgotten.svg, figures/missing.svg" in ran.out


def test_audit_finds_a_suite_that_knows_nothing(course: Path, grader: Command) -> None:
    """A check that a stub, or a constant, passes: the audit names the answer that earns what it should not."""
    hidden = course / "solutions" / "scaling" / "tests" / "test_hidden.py"
    with hidden.open("a", encoding="utf-8") as file:
        file.write('\n\n@pytest.mark.task("scale")\ndef test_nothing(student):\n    """Checks nothing."""\n')
    release(course)
    ran = grader(course, "audit", "--sandbox", "none")
    assert ran.code == 1
    assert "✗ the stub earns 0 of 10" in ran.out
    assert "✗ an answer that returns none earns 0 of 10" in ran.out


def test_audit_finds_a_suite_that_breaks(course: Path, grader: Command) -> None:
    """A check that looks into a value before comparing it: the audit names the check, the answer and the exception."""
    hidden = course / "solutions" / "scaling" / "tests" / "test_hidden.py"
    replace(
        hidden,
        "    assert_allclose(student.scale(x, factor), oracle",
        "    actual = student.scale(x, factor)\n    assert actual.shape == x.shape\n    assert_allclose(actual, oracle",
    )
    ran = grader(course, "audit", "--sandbox", "none")
    assert ran.code == 1
    assert "✗ no answer, however odd, breaks a check" in ran.out
    assert "test_scale_values on returns_none: AttributeError: 'NoneType' object has no attribute 'shape'" in ran.out


def test_audit_of_a_topic_that_cannot_be_tried(course: Path, grader: Command) -> None:
    """A suite that can't be collected, or an unknown topic, is exit code 2 and one sentence."""
    replace(course / "solutions" / "scaling" / "tests" / "test_hidden.py", "import oracle", "import orakel")
    ran = grader(course, "audit", "--sandbox", "none")
    assert ran.code == 2
    assert "the suite of scaling can't be collected" in ran.err
    assert "orakel" in ran.err
    assert "Traceback" not in ran.err
    assert grader(course, "audit", "nothing").code == 2


def test_release_check_tells_what_is_stale(course: Path, grader: Command) -> None:
    """Exit code 0 where all is current; else 1, each fault named: what differs, is missing, or should not be there."""
    assert grader(course, "release", "--check") == (0, "current: 1 topics\n", "")
    twin = course / "exercises" / "scaling"
    (twin / "scaling.py").write_text("mine\n", encoding="utf-8")
    (twin / "README.md").unlink()
    (twin / "oracle.py").write_text("stray\n", encoding="utf-8")
    shutil.copytree(twin, course / "exercises" / "gone")
    ran = grader(course, "release", "--check")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "exercises/scaling/README.md is missing",
        "exercises/scaling/oracle.py is stray: nothing in solutions/scaling makes it",
        "exercises/scaling/scaling.py is not what solutions/scaling makes now",
        "exercises/gone has no topic in solutions/",
        "run `grader release` to mend it",
    ]
    assert (twin / "scaling.py").read_text(encoding="utf-8") == "mine\n"


def test_release_derives_what_a_student_may_see(course: Path, grader: Command) -> None:
    """The twin has the stub, the lesson, the public tests and the notebook, and nothing hidden."""
    shutil.rmtree(course / "exercises")
    assert grader(course, "release", "scaling").code == 0
    twin = course / "exercises" / "scaling"
    assert sorted(path.name for path in twin.iterdir()) == [
        *(".stub", "README.md", "mistakes.json", "scaling.ipynb", "scaling.py", "test_public.py", "topic.toml")
    ]
    assert 'raise NotImplementedError("scaling: scale")' in (twin / "scaling.py").read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" not in "".join(path.read_text(encoding="utf-8") for path in twin.iterdir())


def test_the_bundle_has_nothing_of_the_solutions(tmp_path: Path, grader: Command) -> None:
    """`release --to` writes a folder to hand out; a folder with something in it is refused."""
    course = tmp_path / "course"
    toy_course(course)
    for name in ("course", "grader", "LICENSE", "README.md", "pyproject.toml", "tox.ini"):
        (course / name).symlink_to(ROOT / name)
    hidden = "oracle", "hidden", "submissions"
    bundle = tmp_path / "bundle"
    ran = grader(course, "release", "--to", bundle)
    assert ran.code == 0, ran.err
    assert f"files in {bundle}" in ran.out
    names = {str(path.relative_to(bundle)) for path in bundle.rglob("*") if path.is_file()}
    assert {"exercises/toy/toy.py", "tox.ini", "course/cli/check.py", "grader/core/topic.py"} <= names
    assert [name for name in names if any(word in name for word in hidden) and not name.startswith("grader/")] == []
    assert [name for name in names if name.startswith(("solutions", "grader/tests"))] == []
    again = grader(course, "release", "--to", bundle)
    assert (again.code, again.out) == (2, "")
    assert "is not an empty folder" in again.err


def test_release_to_and_check_exclude_each_other(course: Path, grader: Command) -> None:
    """One writes, the other must not."""
    assert grader(course, "release", "--to", "x", "--check").code == 2
    assert not (course / "x").exists()


def test_doctor_tells_what_this_host_enforces(tmp_path: Path) -> None:
    """Each level with each promise, and which one `grade` will use; exit code 2 where there is none."""
    ran = program("grader", tmp_path, "doctor")
    assert ran.err == ""
    lines = ran.out.splitlines()
    for level in ("full", "landlock"):
        assert [line for line in lines if line.startswith(f"{level}: ")] != []
    if ran.code == 0:
        used = lines[-1].removeprefix("`grader grade` will use: ")
        assert f"{used}: enforced" in lines
        for promise in PROMISES.values():
            assert [line for line in lines if line.startswith(f"  ✓ {promise}  (")] != []
    else:
        assert ran.code == 2
        assert "--sandbox none" in lines[-1]
