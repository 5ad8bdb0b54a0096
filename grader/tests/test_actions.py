"""A student's repository that checks itself on GitHub."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.core.grade import CheckGrade, Grade, TaskGrade
from grader.core.verdict import Verdict
from grader.lms.actions import summary, write_summary
from grader.release import workflow
from grader.release.twin import write_twin
from grader.tests.classroom import PATIENCE, ROOT, toy_course
from grader.tests.nbgrader_class import WRONG
from grader.tests.toy import RIGHT, right_but


def steps() -> list[dict[str, Any]]:
    """The workflow's steps, as a parser of YAML reads them."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed: it comes with nbgrader")
    document = yaml.safe_load(workflow.TEXT)
    # YAML 1.1 takes the bare word "on" for true.
    assert set(document) == {"name", True, "permissions", "jobs"}
    assert set(document[True]) == {"push", "workflow_dispatch"}
    (job,) = document["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def checked(folder: Path) -> tuple[int, str]:
    """The workflow's last step in a student's folder: its exit code, and the job's summary."""
    file = folder / "summary.md"
    file.write_text("before\n", encoding="utf-8")
    python = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps()[-1]["run"]],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{python}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(file),
        },
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, file.read_text(encoding="utf-8").removeprefix("before\n")


@pytest.mark.slow
def test_a_repository_checks_itself(tmp_path: Path) -> None:
    """What is not begun fails nothing; what is begun has to pass; the notebook counts if only that was filled in.

    Where one can't be checked the others are told all the same.
    """
    topic = toy_course(tmp_path / "course")
    exercise = tmp_path / "student" / "exercises" / "toy"
    write_twin(topic, exercise.parent)
    assert checked(tmp_path / "student") == (0, summary({}, 1))
    (exercise / "toy.py").write_text(right_but(WRONG), encoding="utf-8")
    code, text = checked(tmp_path / "student")
    assert code == 1
    assert "❌ | A toy" in text
    assert "double, Doubles a few numbers" in text
    (exercise / "toy.py").write_text(RIGHT, encoding="utf-8")
    code, text = checked(tmp_path / "student")
    assert (code, "✅ | A toy | 20 of 20" in text) == (0, True)
    broken = exercise.parent / "broken"
    shutil.copytree(exercise, broken)
    (broken / "toy.py").rename(broken / "broken.py")
    (broken / "test_public.py").write_text("1 / 0\n", encoding="utf-8")
    config = (broken / "topic.toml").read_text(encoding="utf-8")
    (broken / "topic.toml").write_text(config.replace("order = 1\n", "order = 2\n"), encoding="utf-8")
    code, text = checked(tmp_path / "student")
    assert (code, "✅ | A toy | 20 of 20" in text, "the checks of broken did not run" in text) == (2, True, True)


GRADE = Grade("toy", "toy.py", "0", True, 0.0, 20.0, 0.1, tasks=(TaskGrade("double", 0.0, 20.0),))


def test_no_name_or_message_becomes_markdown() -> None:
    """A title, a flag and a message are text, whatever they hold."""
    evil = "| <img src=x> [a](b) `c` *d*"
    check = CheckGrade("c", "double", evil, Verdict.FAILED, 0.0, 1.0, "public", f"{evil}\n# e")
    text = summary({evil: msgspec.structs.replace(GRADE, score=1.0, flags=(evil,), checks=(check,))}, 2, [evil])
    assert "<img" not in text.replace("\\<img", "")
    assert "](" not in text.replace("\\](", "")
    assert "\n# e" not in text
    assert text.count("\n| ") == 2


def test_a_long_summary_is_cut_at_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub would show nothing of one that is too large."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    write_summary("- ä line\n" * 200_000)
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert len(text.encode()) < 1 << 20
    assert set(text.split("\n")) == {"- ä line", "", text.split("\n")[-2]}
    assert "more than fits here" in text


def test_the_workflow_asks_for_nothing_but_reading() -> None:
    """It runs at each push, takes GitHub's own actions, installs what is there, and can't write to the repository."""
    assert [step.get("uses", "").partition("@")[0] or step["run"] for step in steps()] == [
        "actions/checkout",
        "actions/setup-python",
        "python -m pip install --quiet --editable .",
        "python -m grader.lms.actions",
    ]
    assert "\t" not in workflow.TEXT
    assert "permissions:\n  contents: read\n" in workflow.TEXT
    assert "\non:\n  push:\n" in workflow.TEXT
    assert "write" not in workflow.TEXT.replace("writes a summary", "")
