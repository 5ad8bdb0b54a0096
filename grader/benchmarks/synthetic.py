"""A course of any size, made from real graded answers, and what its report costs.

``python -m grader.benchmarks.synthetic --students 5000 --out FOLDER`` grades known answers of every topic by the
path that grades students, makes a class from the results, records it in ``FOLDER/gradebook.db``, builds the report in
a process of its own and prints its time, its peak memory and the page's size. ``--answers FILE`` keeps what the known
answers earned, for the next time.

A made student has an ability. On each topic each task is taken from a real graded answer to it, a right one the
likelier the abler the student, so that the verdicts of one task always belong together. A few checks are then broken
at random, a few submissions are not gradable, our own faults or missing, and times vary as on a busy host.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.autograde.run import default_jobs, grade_all
from grader.autograde.submissions import Submission
from grader.core.answer import known_answers
from grader.core.course import course_root, open_topic
from grader.core.digest import engine_digest, suite_digest
from grader.core.grade import CheckGrade, Evidence, Grade, Graded
from grader.core.topic import Topic, find_topics
from grader.core.verdict import Verdict
from grader.gradebook import Gradebook
from grader.sandbox.levels import best_level
from grader.wire.messages import Cell

MOST_RIGHT: Final = 4
MOST_WRONG: Final = 16
"""Known answers graded a topic: enough for a class to differ."""

MISSING: Final = 0.04
NOT_GRADABLE: Final = 0.01
BROKEN: Final = 0.0005
SLIP: Final = 0.01
"""Chances, of a submission and (the last two) of each check of one."""

_REPORT: Final = """
import resource, sys, time
from pathlib import Path
from grader.autograde.reports import write_reports
from grader.core.policy import Policy
start = time.perf_counter()
write_reports(sys.argv[1], Path(sys.argv[2]), Policy(), feedback=False)
print(time.perf_counter() - start, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class Answers(msgspec.Struct, frozen=True):
    """What a topic's known answers earned, the right ones first."""

    topic: str
    suite_digest: str
    graded: tuple[Graded, ...]


def real_answers(topic: Topic, level: str, jobs: int) -> Answers:
    """Grade the reference of ``topic`` and some of its known answers."""
    known = known_answers(topic)
    right = [answer.text for answer in known if answer.header.right][:MOST_RIGHT]
    wrong = [answer.text for answer in known if not answer.header.right]
    wrong = wrong[:: math.ceil(len(wrong) / MOST_WRONG) or 1]
    texts = [topic.reference.read_text(encoding="utf-8"), *right, *wrong]
    submissions = [
        Submission(f"{number:03}", f"{topic.slug}.py", hashlib.sha256(text.encode()).hexdigest(), (_cell(topic, text),))
        for number, text in enumerate(texts)
    ]
    graded = sorted(grade_all(topic, submissions, level, jobs), key=lambda entry: entry.grade.student)
    graded.sort(key=lambda entry: entry.grade.score < entry.grade.max_score)
    return Answers(topic.slug, suite_digest(topic), tuple(graded))


def synthetic_class(answers: Answers, students: int, seed: int = 0) -> Iterator[Graded]:
    """A class on one topic; student number n is as able in every topic, whoever else is in the class."""
    chance = random.Random(f"{seed} {answers.topic}")
    right = [entry for entry in answers.graded if entry.grade.score >= entry.grade.max_score]
    wrong = [entry for entry in answers.graded if entry.grade.score < entry.grade.max_score] or right
    for number in range(students):
        ability = min(max(random.Random(f"{seed} student {number}").gauss(0.66, 0.2), 0.02), 0.98)
        if chance.random() < MISSING + 0.2 * (1 - ability) ** 3:
            continue
        yield _made(f"student-{number:05}", right, wrong, ability, chance)


def _made(
    student: str, right: Sequence[Graded], wrong: Sequence[Graded], ability: float, chance: random.Random
) -> Graded:
    digest = hashlib.sha256(f"{student} {chance.random()}".encode()).hexdigest()
    base = chance.choice(right)
    if chance.random() < NOT_GRADABLE:
        grade = msgspec.structs.replace(
            base.grade,
            student=student,
            digest=digest,
            gradable=False,
            score=0.0,
            seconds=0.0,
            mistakes=(),
            checks=(),
            flags=("line 7: '(' was never closed",),
            tasks=tuple(msgspec.structs.replace(t, points=0.0) for t in base.grade.tasks),
        )
        return Graded(grade)
    # One wrong answer may be wrong in several tasks: a student's slips come from few sources, as mistakes do.
    sources = [chance.choice(wrong), chance.choice(wrong)]
    taken = {task.name: base if chance.random() < ability else chance.choice(sources) for task in base.grade.tasks}
    checks = []
    for index, check in enumerate(base.grade.checks):
        checks.append(_noisy(taken[check.task].grade.checks[index], chance))
    points: dict[str, float] = {}
    for check in checks:
        points[check.task] = points.get(check.task, 0.0) + check.points
    tasks = tuple(
        # Checks' points are rounded to six digits: the sum of all of a task's is full marks.
        msgspec.structs.replace(task, points=round(points.get(task.name, 0.0), 4))
        for task in base.grade.tasks
    )
    failed = {check.id for check in checks if check.verdict is not Verdict.PASSED}
    # A mistake comes with the tasks that it costs points; who took only others of its source's did not make it.
    lacking = {
        (id(source), task.name) for source in sources for task in source.grade.tasks if task.points < task.max_points
    }
    used = {id(source): source for name, source in taken.items() if (id(source), name) in lacking}.values()
    mistakes = {mistake.id: mistake for source in used for mistake in source.grade.mistakes}
    outcomes = tuple(o for source in used for o in source.evidence.outcomes if o.check in failed)
    lines = {name: line for source in used for name, line in source.evidence.lines.items()}
    grade = Grade(
        student=student,
        file=f"{student}.py",
        digest=digest,
        gradable=True,
        score=round(sum(task.points for task in tasks), 6),
        max_score=base.grade.max_score,
        seconds=round(base.grade.seconds * math.exp(chance.gauss(0, 0.25)) * (20 if chance.random() < 0.001 else 1), 4),
        mistakes=tuple(mistakes.values()),
        tasks=tasks,
        checks=tuple(checks),
    )
    return Graded(grade, Evidence(outcomes, lines=lines))


def _noisy(check: CheckGrade, chance: random.Random) -> CheckGrade:
    luck = chance.random()
    if luck < BROKEN:
        return msgspec.structs.replace(check, verdict=Verdict.INTERNAL_ERROR, message="The grader broke on this check.")
    if luck < SLIP and check.verdict is Verdict.PASSED:
        verdict = chance.choice((Verdict.RAISED, Verdict.FAILED, Verdict.TIMED_OUT))
        return msgspec.structs.replace(check, verdict=verdict, points=0.0, message="the code raised an IndexError")
    return check


def record_course(gradebook: Path, answers: Sequence[Answers], students: int, seed: int = 0) -> int:
    """Record a run of every topic in a new ``gradebook``; returns how many submissions there are."""
    total = 0
    with Gradebook.open(str(gradebook)) as book:
        for topic in answers:
            run = book.begin_run(topic.topic, topic.suite_digest, engine_digest(), "full")
            for graded in synthetic_class(topic, students, seed):
                book.record(run, graded)
                total += 1
            book.finish_run(run)
    return total


def _cell(topic: Topic, text: str) -> Cell:
    return Cell(text, f"{topic.slug}.py")


def _course_answers(named: Sequence[str], kept: Path | None, jobs: int) -> list[Answers]:
    answers: list[Answers] = []
    if kept is not None and kept.is_file():
        answers = msgspec.json.decode(kept.read_bytes(), type=list[Answers])
    topics = [open_topic(name) for name in named] if named else find_topics(course_root() / "solutions")
    level = best_level()
    for topic in topics[len(answers) :]:
        answers.append(real_answers(topic, level, jobs))
        print(f"{topic.slug}: {len(answers[-1].graded)} known answers graded", flush=True)
        if kept is not None:
            kept.write_bytes(msgspec.json.encode(answers))
    return answers


def opened(page: Path) -> str:
    """How long Chromium takes to open ``page`` and to sort its first table of students, in words."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return "not opened: playwright is not installed (pip install 'stride-course[dev]')"
    if (chromium := shutil.which("chromium") or shutil.which("chromium-browser")) is None:
        return "not opened: there is no chromium on this host"
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        start = time.perf_counter()
        tab.goto(page.resolve().as_uri())
        tab.wait_for_selector("html[data-drawn]")
        drawn = time.perf_counter() - start
        tab.click(".window th:nth-child(2) button")
        tab.wait_for_selector(".window th[aria-sort]")
        ordered = time.perf_counter() - start - drawn
        browser.close()
    return f"opened and drawn by Chromium in {drawn:.2f} s, sorted in {ordered:.2f} s"


def main() -> None:
    """Make the course, build its report, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topics", nargs="*", help="[default: all of the course]")
    parser.add_argument("--students", type=int, default=5_000)
    parser.add_argument("--jobs", type=int, default=default_jobs())
    parser.add_argument("--out", type=Path, required=True, help="a folder for the gradebook and the report")
    parser.add_argument("--answers", type=Path, help="a file that keeps what the known answers earned, topic by topic")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    gradebook = options.out / "gradebook.db"
    if not gradebook.exists():
        answers = _course_answers(options.topics, options.answers, options.jobs)
        start = time.perf_counter()
        total = record_course(gradebook, answers, options.students)
        print(f"{total} submissions recorded in {time.perf_counter() - start:.1f} s", flush=True)
    command = [sys.executable, "-c", _REPORT, str(gradebook), str(options.out)]
    seconds, cpu, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    page = options.out / "report.html"
    size = page.stat().st_size
    print(f"report built in {float(seconds):.1f} s, {float(cpu):.1f} s of them its own processor time")
    print(f"peak memory {int(memory) / 1024:.0f} MB, page {size / 1e6:.1f} MB")
    print(opened(page))


if __name__ == "__main__":
    main()
