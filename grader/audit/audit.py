"""The audit of one topic: every claim that can be tried is tried, through the very path that grades students."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from grader.audit.baselines import baselines
from grader.audit.checks import CheckReport, report_checks
from grader.audit.finding import Finding
from grader.audit.mutants import REQUIRED, declared_equivalent, make_mutants
from grader.audit.written import RIGHT_OF_EXERCISE, RIGHT_OF_REVIEW, current, enough, reviewed, written
from grader.autograde.mistakes import may_draw
from grader.autograde.run import grade_all
from grader.autograde.submissions import Submission
from grader.core.answer import KnownAnswer, known_answers
from grader.core.grade import Graded
from grader.core.review import Review
from grader.core.topic import Topic
from grader.core.verdict import Verdict
from grader.release.stub import released_source
from grader.wire.messages import SEED, Cell

EXACT = 0.005
"""Points are declared with two decimals at most."""


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
    right_ones = ["reference", *(f"answer {answer.name}" for answer in answers if answer.header.right)]
    drawing = [name for name in right_ones if may_draw(texts[name])]
    seeds = {name: seed for seed, name in enumerate(drawing, start=SEED + 1)}
    graded = _grade(topic, texts, level, jobs, measure=True, seeds=seeds)
    wrong = {answer.name: graded[f"answer {answer.name}"] for answer in answers if not answer.header.right}
    right = {answer.name: graded[f"answer {answer.name}"] for answer in answers if answer.header.right}
    return TopicAudit(
        topic=topic.slug,
        findings=(
            *written(topic),
            *current(topic, exercises),
            *(reviewed(Review(topic).key()) if review else ()),
            *_earned(topic, answers, graded),
            *_luck(topic, {name: graded[_redrawn(name)] for name in seeds}),
            *enough(answers, RIGHT_OF_REVIEW if review else RIGHT_OF_EXERCISE),
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


def _who(answer: KnownAnswer, review: bool) -> str:
    if not review:
        return f"submissions/{answer.path.name}"
    return "the code mended in another way" if answer.header.right else f"the code with {answer.header.mistake} left in"


def _grade(
    topic: Topic,
    texts: dict[str, str],
    level: str,
    jobs: int,
    *,
    measure: bool = False,
    seeds: Mapping[str, int] = {},
) -> dict[str, Graded]:
    """The grades by name, of those in ``seeds`` one with that seed, too."""
    submissions = {
        name: Submission(
            student=name,
            file=f"{topic.slug}.py",
            digest=hashlib.sha256(text.encode()).hexdigest(),
            cells=(Cell(text, f"{topic.slug}.py"),),
        )
        for name, text in texts.items()
    }
    again = [
        msgspec.structs.replace(submissions[name], student=_redrawn(name), seed=seed) for name, seed in seeds.items()
    ]
    graded = grade_all(topic, [*submissions.values(), *again], level, jobs, measure=measure)
    return {entry.grade.student: entry for entry in graded}


def _luck(topic: Topic, graded: dict[str, Graded]) -> Iterator[Finding]:
    if not graded:
        return
    unlucky = [
        f"{name} earns {entry.grade.score:g}{_first_failure(entry)}"
        for name, entry in graded.items()
        if not _earns_everything(entry, topic)
    ]
    mend = "leave chance more room, or draw in the check and hand it over: " + "; ".join(unlucky[:3])
    yield Finding("right answers earn everything with other draws, too", not unlucky, mend)


def _redrawn(name: str) -> str:
    return f"{name} with other draws"


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
