"""``--format json``: every verb of ``grader`` has it, and what it prints is one JSON document for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from grader.cli.main import VERBS, cli
from grader.sandbox import levels
from grader.sandbox.levels import PROMISES, Proof
from grader.tests.classroom import CLASS, ROOT, Command, hand_in, program, toy_course


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy course, graded."""
    folder = tmp_path_factory.mktemp("json")
    toy_course(folder)
    hand_in(folder / "class", CLASS)
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())  # an autograder names what it needs
    assert program("grader", folder, "grade", "toy", "class", "--sandbox", "none", "--jobs", "1").code == 0
    return folder


def told(grader: Command, folder: Path, *arguments: object) -> Any:
    """What a command that must have done its work printed as JSON."""
    ran = grader(folder, *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def leaves(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """The verbs below a command, each with the words that call it."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for below in command.list_commands(context):
        found = command.get_command(context, below)
        assert found is not None
        yield from leaves(found, f"{name} {below}".strip())


def test_every_verb_has_it() -> None:
    """Those below ``export`` and ``gradebook``, too."""
    found = dict(leaves(cli, ""))
    assert set(VERBS) <= {name.split()[0] for name in found}
    without = [name for name, verb in found.items() if "--format" not in {o for p in verb.params for o in p.opts}]
    assert [] == without


def test_a_gradebooks_backup_and_restore(course: Path, tmp_path: Path, grader: Command) -> None:
    """The same number of rows both ways."""
    copy = tmp_path / "copy.db"
    kept = told(grader, course, "gradebook", "backup", copy)
    assert {"written": str(copy), "rows": kept["rows"]} == kept
    assert kept["rows"] > len(CLASS)
    back = tmp_path / "back.db"
    assert {"written": str(back), "rows": kept["rows"]} == told(
        grader, tmp_path, "gradebook", "restore", copy, "--gradebook", back
    )


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (("csv",), 1),
        (("canvas",), 1),
        (("moodle", "toy"), 1),
        (("junit",), 1),
        (("classroom50", "--classroom", "cnn"), 9),
        (("gradescope", "toy", "--gradebook", "out/gradebook.db"), 10),
    ],
)
def test_an_export_names_each_file_it_wrote(
    course: Path, tmp_path: Path, grader: Command, arguments: tuple[str, ...], files: int
) -> None:
    """Not only the folder."""
    written = told(grader, course, "export", *arguments, "--to", tmp_path / "to")["written"]
    assert files == len(set(written))
    assert all(Path(file).is_file() for file in written)


def test_the_course_as_nbgraders(course: Path, tmp_path: Path, grader: Command) -> None:
    """Its files and its assignments."""
    pytest.importorskip("nbformat", reason="nbformat is not installed")
    made = told(grader, course, "export", "nbgrader", "--to", tmp_path / "cnn")
    assert ["toy"] == made["topics"]
    assert str(tmp_path / "cnn" / "nbgrader_config.py") in made["written"]


def test_a_new_topic_and_its_release(tmp_path: Path, grader: Command) -> None:
    """What is left to do; what is stale, with exit code 1."""
    (tmp_path / "solutions").mkdir()
    made = told(grader, tmp_path, "new", "scaling")
    assert "scaling" == made["topic"]
    assert Path(made["folder"]).is_dir()
    assert "grader release scaling" in made["todo"][-1]
    stale = grader(tmp_path, "release", "--check", "--format", "json")
    assert 1 == stale.code
    assert json.loads(stale.out)["stale"] != []
    assert {"topics": ["scaling"], "stale": []} == told(grader, tmp_path, "release")
    assert {"topics": ["scaling"], "stale": []} == told(grader, tmp_path, "release", "--check")


def test_the_demo_says_where_everything_is(tmp_path: Path, grader: Command) -> None:
    """Report, class and gradebook."""
    toy_course(tmp_path)
    made = told(grader, tmp_path, "demo", "--no-open", "--sandbox", "none")
    assert (["toy"], "none", 0) == (made["topics"], made["sandbox"], made["broken"])
    assert Path(made["report"]).is_file()
    assert (tmp_path / made["gradebook"]).is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="a sandbox needs Linux")
def test_what_this_host_enforces(tmp_path: Path, grader: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each level's promises, what is not kept, and which level will be used."""
    kept = dict.fromkeys(PROMISES, "refused")
    proofs = {"full": Proof("full", {**kept, "open_sockets": ""}), "landlock": Proof("landlock", kept)}
    monkeypatch.setattr(levels, "probe", proofs.__getitem__)
    host = told(grader, tmp_path, "doctor")
    assert "landlock" == host["uses"]
    assert [("full", False, ["open_sockets"]), ("landlock", True, [])] == [
        (level["level"], level["holds"], level["not_enforced"]) for level in host["levels"]
    ]
    monkeypatch.setattr(levels, "probe", lambda level: Proof(level, problem="no namespaces"))
    refused = grader(tmp_path, "doctor", "--format", "json")
    assert (2, None) == (refused.code, json.loads(refused.out)["uses"])
