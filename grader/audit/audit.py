"""The audit of one topic: every claim that can be tried is tried, through the very path that grades students."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.audit.baselines import baselines
from grader.audit.checks import CheckReport, report_checks
from grader.audit.mutants import REQUIRED, declared_equivalent, make_mutants
from grader.autograde.public import is_current
from grader.autograde.run import grade_all
from grader.autograde.submissions import Submission
from grader.core.answer import KnownAnswer, known_answers
from grader.core.grade import Graded
from grader.core.review import REVIEW_FILE, Key, Review
from grader.core.topic import Topic
from grader.core.verdict import Verdict
from grader.release.stub import released_source
from grader.release.twin import FIGURES, MISTAKES, stale
from grader.wire.messages import Cell

HINTS = 3
EXACT = 0.005
"""Points are declared with two decimals at most."""

_EXPECTED_FILES = {
    "topic.toml",
    "equivalent.toml",
    "README.md",
    "support.py",
    "probes.py",
    "tests",
    "submissions",
    "figures",
    MISTAKES,
}

_EXERCISES_ONLY = {"submissions"}
"""A review's known answers are its planted bugs."""

RIGHT_OF_EXERCISE = 3
RIGHT_OF_REVIEW = 1
"""Right answers, beside the reference, that a suite must be seen to accept."""

BUGS = range(1, 4)
INNOCENT = 2
LINES = range(40, 101)
"""What a review holds: few bugs, some lines that only look odd, and no more than can be read at a sitting."""

_HEADING = re.compile(r"^#{2,4} +(.*?) *$", re.MULTILINE)
_FIGURE = re.compile(rf"!\[[^\]]*\]\(({FIGURES}/[^)\s]+)")


class Finding(msgspec.Struct, frozen=True):
    """One claim and whether it holds: ``mend`` says what to do where it does not; ``note`` is good to know anyway."""

    claim: str
    holds: bool
    mend: str = ""
    note: str = ""


class TopicAudit(msgspec.Struct, frozen=True):
    """What an audit found out: which claims hold, and what each check did to the ``wrong`` known wrong answers."""

    topic: str
    findings: tuple[Finding, ...]
    checks: tuple[CheckReport, ...]
    wrong: int

    @property
    def holds(self) -> bool:
        """Whether the topic is fit to release. What the checks are good for is for its author to look at."""
        return all(finding.holds for finding in self.findings)


def audit_topic(topic: Topic, exercises: Path, level: str, jobs: int) -> TopicAudit:
    """Try every claim about ``topic``; GraderError if the host or the topic's files don't allow to try."""
    review = topic.config.kind == "review"
    answers = known_answers(topic)
    reference = topic.reference.read_text(encoding="utf-8")
    texts = {"stub": released_source(topic), "reference": reference, **baselines(topic)}
    texts |= {f"answer {answer.name}": answer.text for answer in answers}
    graded = _grade(topic, texts, level, jobs, measure=True)
    wrong = {answer.name: graded[f"answer {answer.name}"] for answer in answers if not answer.header.right}
    right = {answer.name: graded[f"answer {answer.name}"] for answer in answers if answer.header.right}
    return TopicAudit(
        topic=topic.slug,
        findings=(
            *_written(topic),
            *_current(topic, exercises),
            *(_reviewed(Review(topic).key()) if review else ()),
            *_earned(topic, answers, graded),
            *_enough(answers, RIGHT_OF_REVIEW if review else RIGHT_OF_EXERCISE),
        ),
        checks=report_checks(wrong, {"reference": graded["reference"], **right}),
        wrong=len(wrong),
    )


def _earned(topic: Topic, answers: list[KnownAnswer], graded: dict[str, Graded]) -> Iterator[Finding]:
    review = topic.config.kind == "review"
    yield _nothing_broke(graded)
    yield _earns(topic, graded["reference"], {task.name: task.points for task in topic.config.tasks}, "the reference")
    nothing = {task.name: 0.0 for task in topic.config.tasks}
    yield _earns(topic, graded["stub"], nothing, "the stub" if not review else "the released code")
    for name in baselines(topic):
        yield _earns(topic, graded[name], nothing, f"an answer that {name.replace('_', ' ')}")
    for answer in answers:
        yield _earns(topic, graded[f"answer {answer.name}"], answer.header.points, _who(answer, review))
    yield _named(answers, graded)


class MutantReport(msgspec.Struct, frozen=True):
    """What a suite made of its reference's mutants; ``survived`` are the changes that earned every point.

    ``stale`` are declarations that no mutant of today's reference bears out: there is none, or it is killed.
    """

    killed: int
    survived: tuple[str, ...]
    declared: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of killed ones among those not declared equivalent."""
        tried = self.killed + len(self.survived)
        return self.killed / tried if tried else 1.0

    @property
    def holds(self) -> bool:
        """Whether the suite is sharp enough, and every declaration true."""
        return self.share >= REQUIRED and not self.stale


def audit_mutants(topic: Topic, level: str, jobs: int) -> MutantReport:
    """Run the suite on every mutant of the reference, in workers; GraderError if the host or the files forbid it."""
    equivalent = declared_equivalent(topic)
    mutants = {f"mutant {number}": mutant for number, mutant in enumerate(make_mutants(topic), start=1)}
    graded = _grade(topic, {name: mutant.text for name, mutant in mutants.items()}, level, jobs)
    alive = {mutant.change for name, mutant in mutants.items() if _earns_everything(graded[name], topic)}
    return MutantReport(
        killed=sum(mutant.change not in alive and mutant.change not in equivalent for mutant in mutants.values()),
        survived=tuple(mutant.change for mutant in mutants.values() if mutant.change in alive - set(equivalent)),
        declared=tuple(change for change in equivalent if change in alive),
        stale=tuple(change for change in equivalent if change not in alive),
    )


def _earns_everything(graded: Graded, topic: Topic) -> bool:
    return graded.grade.gradable and graded.grade.score >= topic.points - EXACT


def _written(topic: Topic) -> Iterator[Finding]:
    lesson = topic.path / "README.md"
    written = lesson.is_file() and bool(lesson.read_text(encoding="utf-8").strip())
    yield Finding("there is a lesson", written, "write README.md")
    for task in topic.config.tasks:
        yield Finding(
            f"{task.name} has {HINTS} hints",
            len(task.hints) == HINTS and all(hint.strip() for hint in task.hints),
            f"give {HINTS} hints of rising strength in topic.toml",
        )
    headings = _HEADING.findall(lesson.read_text(encoding="utf-8")) if written else []
    lost = sorted({task.section for task in topic.config.tasks if task.section and task.section not in headings})
    yield Finding("sections that tasks name are in the lesson", not lost, f"README.md has no heading {', '.join(lost)}")
    others = {path.parent.name for path in topic.path.parent.glob("*/topic.toml")} - {topic.slug}
    missing = sorted(set(topic.config.prerequisites + topic.config.unlocks) - others)
    yield Finding("its prerequisites and what it unlocks are topics", not missing, f"there is no {', '.join(missing)}")
    review = topic.config.kind == "review"
    known = _EXPECTED_FILES | {topic.reference.name}
    known = known - _EXERCISES_ONLY | {REVIEW_FILE} if review else known
    stray = sorted(
        path.name for path in topic.path.iterdir() if path.name not in known and path.name not in ("__pycache__",)
    )
    yield Finding("nothing is stray", not stray, f"move or delete {', '.join(stray)}")
    shown = set(_FIGURE.findall(lesson.read_text(encoding="utf-8"))) if lesson.is_file() else set()
    drawn = {f"{FIGURES}/{file.name}" for file in (topic.path / FIGURES).glob("*")}
    yield Finding(
        "the lesson shows the figures there are",
        shown == drawn,
        f"README.md and {FIGURES}/ disagree about {', '.join(sorted(shown ^ drawn))}",
    )


def _reviewed(key: Key) -> Iterator[Finding]:
    count, lines = len(key.bugs), len(key.code.splitlines())
    yield Finding(f"{BUGS[0]} to {BUGS[-1]} bugs are planted", count in BUGS, f"there are {count}")
    yield Finding("some lines only look odd", len(key.innocent) >= INNOCENT, f"name {INNOCENT} [[innocent]] or more")
    yield Finding(f"{LINES[0]} to {LINES[-1]} lines are to be read", lines in LINES, f"there are {lines}")


def _who(answer: KnownAnswer, review: bool) -> str:
    if not review:
        return f"submissions/{answer.path.name}"
    return "the code mended in another way" if answer.header.right else f"the code with {answer.header.mistake} left in"


def _current(topic: Topic, exercises: Path) -> Iterator[Finding]:
    old = stale(topic, exercises)
    # A new topic has none yet; `release --check` misses it.
    if (topic.path / MISTAKES).exists() and not is_current(topic):
        old.append(f"{topic.slug}/{MISTAKES} knows mistakes that have changed since")
    yield Finding(f"exercises/{topic.slug} is current", not old, f"run `grader release {topic.slug}`: {', '.join(old)}")


def _grade(topic: Topic, texts: dict[str, str], level: str, jobs: int, *, measure: bool = False) -> dict[str, Graded]:
    submissions = [
        Submission(
            student=name,
            file=f"{topic.slug}.py",
            digest=hashlib.sha256(text.encode()).hexdigest(),
            cells=(Cell(text, f"{topic.slug}.py"),),
        )
        for name, text in texts.items()
    ]
    graded = grade_all(topic, submissions, level, jobs, measure=measure)
    return {entry.grade.student: entry for entry in graded}


def _nothing_broke(graded: dict[str, Graded]) -> Finding:
    broken = [
        f"{check.id} on {name}: {_why(entry, check.id)}"
        for name, entry in graded.items()
        for check in entry.grade.checks
        if check.verdict is Verdict.INTERNAL_ERROR
    ]
    more = f" and {len(broken) - 5} more" if len(broken) > 5 else ""
    return Finding(
        "no answer, however odd, breaks a check",
        not broken,
        "compare by assert_… before looking inside a value:\n    " + "\n    ".join(broken[:5]) + more,
    )


def _why(entry: Graded, check: str) -> str:
    outcome = next((o for o in entry.evidence.outcomes if o.check == check and o.detail), None)
    return outcome.detail.strip().splitlines()[-1] if outcome is not None else "the session died"


def _earns(topic: Topic, graded: Graded, expected: dict[str, float], who: str) -> Finding:
    earned = {task.name: task.points for task in graded.grade.tasks}
    differing = [name for name, points in expected.items() if abs(earned.get(name, 0.0) - points) > EXACT]
    words = ", ".join(f"{name} {earned.get(name, 0.0):g} instead of {expected[name]:g}" for name in differing)
    total = sum(expected.values())
    mend = f"it earns {words}{_first_failure(graded)}"
    return Finding(f"{who} earns {total:g} of {topic.points:g}", not differing, mend)


def _first_failure(graded: Graded) -> str:
    if not graded.grade.gradable:
        return f"; {'; '.join(graded.grade.flags)}"
    failed = next((o for o in graded.evidence.outcomes if o.verdict is not Verdict.SKIPPED), None)
    if failed is None:
        return ""
    return f"; first: {failed.check} {failed.verdict} {failed.detail.strip().splitlines()[-1] if failed.detail else ''}"


def _named(answers: list[KnownAnswer], graded: dict[str, Graded]) -> Finding:
    """No right answer is said to make a mistake, and no wrong one to make another's.

    A note says which are not named: two that the suite can't tell apart share a name, and a mistake that shows in no
    value (it is slow, say) has none.
    """
    wrong, silent = [], []
    titles = {answer.header.mistake: answer.header.title for answer in answers}
    entries = [("the reference", "", graded["reference"])]
    entries += [(answer.path.name, answer.header.mistake, graded[f"answer {answer.name}"]) for answer in answers]
    for who, own, entry in entries:
        named = [mistake.id for mistake in entry.grade.mistakes]
        others = [f"{name} ({titles[name]})" for name in named if name != own]
        if not own and named:
            wrong.append(f"{who} is said to make {', '.join(others)}")
        elif own and own not in named:
            silent.append(f"{who} is taken for {', '.join(others)}" if others else f"{who} is not named")
    note = f"mistakes that go by no name of their own: {'; '.join(silent)}" if silent else ""
    return Finding("right answers make no known mistake", not wrong, f"change one of both: {'; '.join(wrong)}", note)


def _enough(answers: list[KnownAnswer], least: int) -> Iterator[Finding]:
    right = sum(answer.header.right for answer in answers)
    mistakes = [answer.header.mistake for answer in answers if not answer.header.right]
    yield Finding("right answers written differently are known", right >= least, f"there are {right} of {least}")
    words = {(a.header.mistake, a.header.title, a.header.hint) for a in answers if not a.header.right}
    once = len(set(mistakes)) == len(words)
    yield Finding("files of one mistake say the same of it", once, "give them the same title and the same hint")
    yield Finding("wrong answers are known", len(mistakes) >= 1, "add submissions that make the likely mistakes")
