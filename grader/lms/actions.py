"""``python -m grader.lms.actions``: the public checks of every exercise in a student's repository, as a job summary.

GitHub shows what is appended to the file named by ``GITHUB_STEP_SUMMARY``; elsewhere the summary is printed. What earns
nothing yet is not begun, and fails nothing; an exercise that is begun has to pass.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.autograde.local import check_file
from grader.core.course import course_root, open_exercise
from grader.core.errors import GraderError
from grader.core.grade import Grade
from grader.core.topic import Topic, find_topics
from grader.core.verdict import Verdict
from grader.lms.grades import points
from grader.report import plain

MOST_BYTES = 1_000_000
"""GitHub shows nothing of a step's summary that is larger than 1 MiB."""


def main(arguments: Sequence[str]) -> int:
    """Check all exercises, or with a slug that one, as JSON on stdout; 0 if all that are begun pass, else 1, or 2."""
    try:
        root = course_root()
        if arguments:
            topic = open_exercise(arguments[0], root)
            sys.stdout.buffer.write(msgspec.json.encode(check_file(topic, _answer(topic.reference), debug=False).grade))
            return 0
        exercises = find_topics(root / "exercises")
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    grades: dict[str, Grade] = {}
    broken = []
    for topic in exercises:
        if _untouched(topic):
            continue
        try:
            grades[topic.config.title] = _checked(topic.slug)
        except GraderError as error:
            # Said for this one; the others are told all the same.
            broken.append(str(error))
    write_summary(summary(grades, len(exercises), broken))
    if broken:
        return 2
    return 0 if all(_passes(grade) or not _begun(grade) for grade in grades.values()) else 1


def summary(grades: dict[str, Grade], exercises: int, broken: Sequence[str] = ()) -> str:
    """Markdown: a row an exercise that is begun, of all ``exercises``, below what did not pass, and what broke."""
    begun = {title: grade for title, grade in grades.items() if _begun(grade)}
    rows = [
        f"| {'✅' if _passes(grade) else '❌'} | {_cell(title)} | {points(grade.score)} of {points(grade.max_score)} |"
        for title, grade in begun.items()
    ]
    lines = ["## Public checks", "", "| | Exercise | Points, by public checks |", "|---|---|---|", *rows, ""]
    for title, grade in begun.items():
        if not _passes(grade):
            lines += [f"**{_cell(title)}**", ""]
            lines += [f"- {_cell(flag)}" for flag in grade.flags]
            failing = [check for check in grade.checks if check.verdict is not Verdict.PASSED]
            lines += [f"- {_cell(check.task)}, {_cell(check.title)}: {_cell(check.message)}" for check in failing]
            lines.append("")
    lines += [f"- {_cell(sentence)}" for sentence in broken]
    left = exercises - len(begun) - len(broken)
    lines.append(f"{left} of {exercises} exercises are not begun. Hidden checks run when your work is graded.")
    return "\n".join(lines) + "\n"


def _checked(slug: str) -> Grade:
    # A suite of its own for each: two would share the names of their test files.
    done = subprocess.run([sys.executable, "-m", "grader.lms.actions", slug], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise GraderError(f"the checks of {slug} did not run: see above")
    return msgspec.json.decode(done.stdout, type=Grade)


def _untouched(topic: Topic) -> bool:
    """Whether the answer is the stub as it was released, of which there is a second copy: nothing to run."""
    try:
        return _answer(topic.reference).read_bytes() == (topic.path / ".stub").read_bytes()
    except OSError:
        return False


def _answer(stub: Path) -> Path:
    """The student's file: the notebook if only that was filled in."""
    notebook = stub.with_suffix(".ipynb")
    marker = f'NotImplementedError("{stub.stem}: '
    if not stub.is_file():
        return notebook
    untouched = marker in stub.read_text(encoding="utf-8", errors="replace")
    if untouched and notebook.is_file():
        text = notebook.read_text(encoding="utf-8", errors="replace").replace('\\"', '"')
        if text.count(marker) < stub.read_text(encoding="utf-8", errors="replace").count(marker):
            return notebook
    return stub


def _begun(grade: Grade) -> bool:
    return grade.score > 0 or not grade.gradable


def _passes(grade: Grade) -> bool:
    return grade.gradable and all(check.verdict is Verdict.PASSED for check in grade.checks)


def _cell(text: str) -> str:
    """One line that no character of it turns into Markdown."""
    line = plain.line(text)
    return "".join(f"\\{each}" if each in "\\`*_[]<>|#!~" else each for each in line)


def write_summary(text: str) -> None:
    """Append ``text`` to the job's summary, as much of it as GitHub shows; print it where there is no such job."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        print(text)
        return
    if len(data := text.encode("utf-8", "backslashreplace")) > MOST_BYTES:
        whole = data[:MOST_BYTES].decode("utf-8", "ignore").rpartition("\n")[0]
        text = f"{whole}\n\nThere is more than fits here: run `course check` for one exercise at a time.\n"
    with open(file, "a", encoding="utf-8", errors="backslashreplace") as opened:
        opened.write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
