"""Every verb that reads or writes a gradebook, on SQLite and on PostgreSQL; and a run that is killed on either."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from pathlib import Path

from grader.gradebook import Gradebook
from grader.tests.classroom import CLASS, ROOT, Command, hand_in, program, start, toy_course, untimed
from grader.tests.postgres import NewUrl
from grader.tests.runs import eventually
from grader.tests.toy import RIGHT, right_but

GRADE = ("grade", "toy", "class", "--sandbox", "none", "--jobs", "1")

SLEEPY = right_but("import time\ndef total(numbers):\n    time.sleep(0.1)\n    return sum(numbers)\n")
SLEEPERS = 8

NOTHING_REFUSED = right_but("def total(numbers):\n    return sum(numbers)\n")
"""What the edit of the suite forgives."""

VERBS: tuple[tuple[str, ...], ...] = (
    ("adjust", "cyd", "toy", "double", "=7", "--why", "the idea"),
    ("adjust", "ada", "toy", "--comment", "well done"),
    ("adjust", "--revoke", "1", "--why", "a second look"),
    ("adjust", "--list"),
    ("publish",),
    ("publish", "--list"),
    (*GRADE, "--out", "KIND"),
    ("diff",),
    ("diff", "1", "2", "--format", "json"),
    ("grades",),
    ("grades", "--published", "--format", "json"),
    ("grades", "--format", "csv"),
    ("report", "--out", "KIND", "--format", "json"),
    ("export", "csv", "--to", "KIND/grades.csv"),
    ("export", "canvas", "--to", "KIND/canvas.csv"),
    ("export", "moodle", "toy", "--to", "KIND/moodle.csv"),
    ("export", "junit", "--to", "KIND/junit.xml"),
    ("export", "classroom50", "--classroom", "cnn", "--to", "KIND/classroom50"),
    ("export", "gradescope", "toy", "--to", "KIND/gradescope"),
    ("gradebook", "check"),
)


def test_every_verb_says_the_same_on_both(tmp_path: Path, postgres_url: NewUrl, grader: Command) -> None:
    """One course, moved from one to the other by a backup, then judged, edited, graded again and exported on both."""
    toy_course(tmp_path)
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    hand_in(tmp_path / "class", {name: CLASS[name] for name in ("ada.py", "cyd/toy.py", "dan.py", "gil.py")})
    hand_in(tmp_path / "class", {"kit.py": NOTHING_REFUSED})
    os.utime(tmp_path / "class" / "ada.py", (1e9, 1e9))
    assert grader(tmp_path, *GRADE, "--gradebook", "book.db").code == 0
    assert grader(tmp_path, "gradebook", "backup", "copy.db", "--gradebook", "book.db").code == 0
    places = {"sqlite": "restored.db", "postgresql": postgres_url()}
    hidden = tmp_path / "solutions" / "toy" / "tests" / "test_hidden.py"
    edited = hidden.read_text(encoding="utf-8").replace("assert_raises(ValueError, student.total, [])", "pass")
    hidden.write_text(edited, encoding="utf-8")
    said: dict[str, list[str]] = {}
    for kind, place in places.items():
        assert grader(tmp_path, "gradebook", "restore", "copy.db", "--gradebook", place).code == 0
        said[kind] = []
        for verb in VERBS:
            ran = grader(tmp_path, *(word.replace("KIND", kind) for word in verb), "--gradebook", place)
            assert ran.code == 0, (verb, ran.err)
            # When a person decided is the only thing that may differ.
            said[kind].append(re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN", ran.out.replace(kind, "KIND")))
    for verb, one, other in zip(VERBS, said["sqlite"], said["postgresql"], strict=True):
        assert one == other, verb
    assert "kit" in said["sqlite"][VERBS.index(("diff",))]
    for name in ("grades.csv", "canvas.csv", "moodle.csv", "junit.xml", "results.json"):
        contents = [(tmp_path / kind / name).read_text(encoding="utf-8") for kind in places]
        one, other = (re.sub(r'"seconds": [\d.]+|time(stamp)?="[^"]*"', "", text) for text in contents)
        assert one == other, name


def test_a_killed_run_goes_on_from_its_backup(new_gradebook_url: NewUrl, tmp_path: Path) -> None:
    """Restored elsewhere, the same command grades only who was not recorded; the results are an undisturbed run's."""
    toy_course(tmp_path)
    files = {f"s{number}.py": f"{SLEEPY}# {number}\n" for number in range(SLEEPERS)}
    hand_in(tmp_path / "class", {**files, "ada.py": RIGHT, "dan.py": "("})
    url, other = new_gradebook_url(), new_gradebook_url()
    process = start("grader", tmp_path, *GRADE, "--gradebook", url)
    try:
        assert eventually(lambda: process.poll() is not None or recorded(url) >= 2)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    kept = recorded(url)
    assert 2 <= kept < len(files) + 2
    shutil.rmtree(tmp_path / "out")
    backup = program("grader", tmp_path, "gradebook", "backup", "copy.db", "--gradebook", url, "--format", "json")
    assert backup.code == 0, backup.err
    back = program("grader", tmp_path, "gradebook", "restore", "copy.db", "--gradebook", other, "--format", "json")
    assert json.loads(back.out)["rows"] == json.loads(backup.out)["rows"]
    resumed = program("grader", tmp_path, *GRADE, "--gradebook", other)
    assert resumed.code == 0, resumed.err
    assert f"{len(files) + 2} submissions, {kept} of them graded before" in resumed.err
    assert program("grader", tmp_path, *GRADE, "--out", "undisturbed").code == 0
    assert untimed(tmp_path / "undisturbed" / "results.json") == untimed(tmp_path / "out" / "results.json")
    checked = program("grader", tmp_path, "gradebook", "check", "--gradebook", other, "--format", "json")
    assert (0, True) == (checked.code, json.loads(checked.out)["sound"])


def recorded(url: str) -> int:
    """How many grades the latest run in a gradebook has; 0 while there is none."""
    if "://" not in url and not Path(url).exists():
        return 0
    with Gradebook.open(url) as book:
        runs = book.runs()
    return runs[-1].submissions if runs else 0
