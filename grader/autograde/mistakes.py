"""Known mistakes where submissions are graded: learnt by the path that grades, then named on what fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec

from grader.autograde.submissions import Submission
from grader.core.answer import KnownAnswer, known_answers
from grader.core.errors import CourseError, GraderError
from grader.core.grade import Mistake
from grader.core.verdict import Verdict
from grader.diagnosis.cache import alone, cache_file, cache_folder, load, store
from grader.diagnosis.known import Known, KnownMistake, RightAnswers, Trace, learn
from grader.diagnosis.line import telling_line
from grader.diagnosis.matching import Matcher
from grader.diagnosis.public import MISTAKES, PublicMistake, PublicMistakes, read_public, recognise
from grader.session.recorder import Recorder
from grader.session.suite import Run, Runner
from grader.session.workers import Connect
from grader.wire.messages import SEED, Cell, Load


class Ran(msgspec.Struct, frozen=True):
    """One run of a known answer: what was loaded, what came of it, and what was asked and answered."""

    load: Load
    run: Run
    recorder: Recorder

    @property
    def trace(self) -> Trace:
        """What is learnt from."""
        return Trace(self.run.outcomes, self.recorder.exchanges)

    def agrees(self, other: Ran) -> bool:
        """Whether the other's cases ended alike, with the same answers to the last bit where they are recorded."""
        mine, theirs = ([outcome.verdict for outcome in each.run.outcomes] for each in (self, other))
        return mine == theirs and self.recorder.exchanges == other.recorder.exchanges


class Named(msgspec.Struct, frozen=True):
    """The mistakes of one submission, and for each check on which one shows, its title and, once a task, its hint.

    ``notes`` are the instructor's: that looking for mistakes went wrong, which costs no grade.
    """

    mistakes: tuple[Mistake, ...] = ()
    hints: Mapping[str, str] = {}
    notes: tuple[str, ...] = ()


NOTHING = Named()


class Namer(Protocol):
    """What names mistakes."""

    def take_run(self, load: Load) -> Ran | None:
        """The run of exactly this, where it was run to learn from it and that was kept; once."""
        ...

    def name(self, run: Run, recorder: Recorder, connect: Connect) -> Named:
        """The mistakes that ``run`` shows."""
        ...

    def lines(self, submission: Submission, mistakes: tuple[Mistake, ...]) -> dict[str, str]:
        """For the id of each of the ``mistakes`` that shows in one line of ``submission``, that line."""
        ...


class Diagnosis:
    """Names known mistakes of ``runner``'s topic; what is known is read, or learnt, when something first fails."""

    def __init__(self, runner: Runner, level: str, folder: Path | None = None, *, keep: bool = False) -> None:
        """``keep`` what was run to learn from it, for an audit, which grades known answers, too."""
        self._runner = runner
        self._level = level
        self._folder = folder
        self._kept: dict[Load, Ran] | None = {} if keep else None
        self._matcher: Matcher | None = None
        self._answers: list[KnownAnswer] = []
        self._tasks = {spec.id: spec.task for spec in runner.specs}

    def take_run(self, load: Load) -> Ran | None:
        """The run of exactly this, where it was run to learn from it and that was kept; once."""
        return self._kept.pop(load, None) if self._kept is not None else None

    def name(self, run: Run, recorder: Recorder, connect: Connect) -> Named:
        """The mistakes that ``run`` shows; GraderError if known answers have to be run and the host fails."""
        try:
            return self._name(Trace(run.outcomes, recorder.exchanges), connect)
        except GraderError:
            raise
        except Exception as error:
            # A grade is more than its ornament: a fault of ours in here must not lose it.
            return Named(notes=(f"no mistake could be named, by a fault of the grader: {error!r:.200}",))

    def lines(self, submission: Submission, mistakes: tuple[Mistake, ...]) -> dict[str, str]:
        """For the id of each of the ``mistakes`` that shows in one line of ``submission``, that line."""
        try:
            return dict(self._lines(submission, mistakes))
        except Exception:
            # As above: the report is poorer by a line, and no grade is lost.
            return {}

    def _lines(self, submission: Submission, mistakes: tuple[Mistake, ...]) -> Iterator[tuple[str, str]]:
        text = "\n".join(cell.text for cell in submission.cells)
        for mistake in mistakes:
            self._answers = self._answers or known_answers(self._runner.topic)
            others = [answer.text for answer in self._answers if answer.header.mistake != mistake.id]
            others.append(self._runner.topic.reference.read_text(encoding="utf-8"))
            made = [answer.text for answer in self._answers if answer.header.mistake == mistake.id]
            line = next((line for wrong in made if (line := telling_line(text, wrong, others))), "")
            if line:
                yield mistake.id, line

    def _name(self, trace: Trace, connect: Connect) -> Named:
        if self._matcher is None:
            self._matcher = Matcher(self._open(connect), self._tasks, self._runner.topic.config.tolerance)
        found = self._matcher.agreements(trace)
        return _named([Shown.of(agreed.mistake, agreed.task, agreed.checks) for agreed in found], list(self._tasks))

    def _open(self, connect: Connect) -> Known:
        try:
            answers = known_answers(self._runner.topic)
        except CourseError:
            # A header that can't be read is audit's to tell; it is no reason not to grade.
            return ()
        if all(answer.header.right for answer in answers):
            return ()
        file = cache_file(self._folder or cache_folder(), self._runner.topic, answers, self._level)
        known = load(file)
        if known is None:
            with alone(file):
                known = load(file)
                if known is None:
                    known = tuple(mistake for mistake, _ in run_known(self._runner, answers, connect, self._kept))
                    store(file, known)
        return known


class PublicDiagnosis:
    """Names mistakes in a student's own check, by what ``mistakes.json`` beside the stub says."""

    def __init__(self, runner: Runner, public: PublicMistakes) -> None:
        self._public = public
        self._tasks = {spec.id: spec.task for spec in runner.specs}

    def take_run(self, load: Load) -> Ran | None:
        """None: no known answer is run."""
        return None

    def name(self, run: Run, recorder: Recorder, connect: Connect) -> Named:
        """The mistakes that ``run`` of the public suite shows."""
        found = recognise(self._public, Trace(run.outcomes, recorder.exchanges), self._tasks)
        shown = [Shown.of(mistake, mistake.task, tuple(mistake.cases)) for mistake in found]
        return _named(shown, list(self._tasks))

    def lines(self, submission: Submission, mistakes: tuple[Mistake, ...]) -> dict[str, str]:
        """None: the known answers that a line would be compared with are not released."""
        return {}


def public_diagnosis(runner: Runner) -> PublicDiagnosis | None:
    """The diagnosis of an exercise; None where nothing readable is released."""
    try:
        public = read_public((runner.topic.path / MISTAKES).read_bytes())
    except OSError:
        return None
    return PublicDiagnosis(runner, public) if public is not None else None


def run_known(
    runner: Runner, answers: Sequence[KnownAnswer], connect: Connect, kept: dict[Load, Ran] | None = None
) -> Iterator[tuple[KnownMistake, Trace]]:
    """Run every known answer as a submission is run, and give what is learnt of each wrong one, with its run.

    The runs of right answers, and of wrong ones in which chance plays no part, are put into ``kept``.
    """

    def ran(text: str, *, passed: bool = False, seed: int = SEED) -> Ran:
        recorder = Recorder(passed=passed)
        load = runner.load_message([Cell(text, runner.topic.reference.name)], False, seed)
        return Ran(load, runner.run(load, connect, recorder=recorder), recorder)

    def keep(each: Ran) -> None:
        if kept is not None and not each.run.killed:
            kept[each.load] = each

    def right_one(text: str) -> Trace:
        once = ran(text, passed=True)
        keep(once)
        return once.trace

    reference = right_one(runner.topic.reference.read_text(encoding="utf-8"))
    others = [right_one(answer.text) for answer in answers if answer.header.right]
    right = RightAnswers(reference, others, runner.topic.config.tolerance)
    for answer in answers:
        if not answer.header.right:
            once = ran(answer.text)
            # Again where chance may play a part, for what is another answer with other draws is chance.
            slow = any(outcome.verdict is Verdict.TIMED_OUT for outcome in once.run.outcomes)
            again = [ran(answer.text, seed=SEED + 1)] if may_draw(answer.text) and not slow else []
            if all(each.agrees(once) for each in again):
                keep(once)
            else:
                again += [ran(answer.text, seed=SEED + n) for n in range(2, TIMES)]
            yield learn(answer, once.trace, right, [each.trace for each in again]), once.trace


TIMES: Final = 6
"""How often an answer is run in which chance plays a part: in each single case it may hide from two runs."""

_CHANCE: Final = re.compile(r"torch|rand|rng|empty|seed|time|hash|\bid\(")
"""Where an answer that is not the same twice comes from."""


def may_draw(text: str) -> bool:
    """Whether chance may play a part in what ``text`` answers; where not, a second run is not worth its time."""
    return _CHANCE.search(text) is not None


class Shown(msgspec.Struct, frozen=True):
    """A mistake that shows in some checks of a task."""

    id: str
    title: str
    hint: str
    task: str
    checks: tuple[str, ...]

    @classmethod
    def of(cls, mistake: KnownMistake | PublicMistake, task: str, checks: tuple[str, ...]) -> Shown:
        """What is told of ``mistake``."""
        return cls(mistake.id, mistake.title, mistake.hint, task, checks)


def _named(found: Sequence[Shown], order: list[str]) -> Named:
    """A mistake that shows in several tasks is one mistake; ``order`` is that of the checks."""
    by_mistake: dict[str, list[Shown]] = {}
    for shown in found:
        by_mistake.setdefault(shown.id, []).append(shown)
    mistakes = []
    hints: dict[str, str] = {}
    for name, several in by_mistake.items():
        title, hint = several[0].title, several[0].hint
        where = " and ".join(f"{_count(len(shown.checks))} of {shown.task}" for shown in several)
        mistakes.append(Mistake(name, hint, f"{title}: it agrees with your answers on {where}"))
        for shown in several:
            first, *more = sorted(shown.checks, key=order.index)
            hints |= {first: f"{title}. {hint}", **dict.fromkeys(more, title)}
    return Named(tuple(mistakes), hints)


def _count(checks: int) -> str:
    return f"{checks} check" + ("" if checks == 1 else "s")
