"""What ``run_autograder`` runs in Gradescope's container: grades the one submission there is.

The container's folders are Gradescope's: ``source/`` is this archive, ``submission/`` what was handed in,
``results/results.json`` where the result goes. Nothing a student may not see is printed: only the instructor's test
says whether a sandbox could be had here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from grader.autograde.outputs import write_text
from grader.autograde.run import grade_all
from grader.autograde.submissions import Submission, discover
from grader.core.course import open_topic
from grader.core.errors import CourseError, GraderError, SandboxError
from grader.core.grade import Grade
from grader.core.verdict import Verdict
from grader.lms.gradescope.results import results_json
from grader.sandbox.levels import best_level

NAME = "submission"


def main(slug: str, home: str = "/autograder") -> int:
    """Grade ``home/submission`` and write ``home/results/results.json``; 2 with a sentence if the grader breaks."""
    folder = Path(home)
    try:
        document = grade_here(slug, folder)
        (folder / "results").mkdir(exist_ok=True)
        write_text(folder / "results" / "results.json", document)
    except GraderError as error:
        # Gradescope shows this to instructors only, and students that the autograder failed: no grade is recorded.
        print(f"grader: {error}", file=sys.stderr)
        return 2
    return 0


def grade_here(slug: str, folder: Path) -> str:
    """The results of the submission in ``folder/submission``; GraderError if the grader breaks."""
    topic = open_topic(slug, folder / "source")
    submission = _submission(folder / "submission", slug)
    level, notes = _level()
    (graded,) = grade_all(topic, [submission], level, 1)
    if any(check.verdict is Verdict.INTERNAL_ERROR for check in graded.grade.checks):
        raise GraderError("the grader broke on this submission: no grade was recorded; mend the suite and run it again")
    output = graded.evidence.output.strip()
    notes += [f"output of the code: {output[:2000]}"] if output else []
    grade: Grade = msgspec.structs.replace(graded.grade, student=_student(folder))
    return results_json(grade, instructor=notes)


def _submission(folder: Path, slug: str) -> Submission:
    try:
        found = discover(folder, slug)
    except CourseError as problem:
        return Submission(NAME, "", "", problem=f"nothing that can be graded was handed in: {problem}")
    named = [each for each in found if each.file.rpartition("/")[2].partition(".")[0] == slug]
    chosen = (named or found)[0] if len(named or found) == 1 else None
    if chosen is None:
        names = ", ".join(each.file for each in found[:5])
        return Submission(NAME, "", "", problem=f"no file is called {slug}, and there are several: {names}")
    return chosen


def _level() -> tuple[str, list[str]]:
    try:
        level = best_level()
    except SandboxError as error:
        return "none", [f"NO SANDBOX: the code ran with the rights of the container, and could read the suite. {error}"]
    return level, [f"sandbox: {level}"]


def _student(folder: Path) -> str:
    try:
        metadata: Any = msgspec.json.decode((folder / "submission_metadata.json").read_bytes())
        return ", ".join(str(user["name"]) for user in metadata["users"])
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return NAME


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
