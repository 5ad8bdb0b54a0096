"""Known mistakes where submissions are graded: learnt by the path that grades, then named on what fails."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.core.answer import KnownAnswer, known_answers
from grader.core.errors import CourseError, GraderError
from grader.core.grade import Mistake
from grader.diagnosis.cache import cache_file, cache_folder, load, store
from grader.diagnosis.known import Known, RightAnswers, Trace, learn
from grader.diagnosis.matching import Agreement, agreements
from grader.session.recorder import Recorder
from grader.session.student import Connect
from grader.session.suite import Run, Runner
from grader.wire.messages import Cell


class Named(msgspec.Struct, frozen=True):
    """The mistakes of one submission, and for each check on which one shows, its title and, once a task, its hint.

    ``notes`` are the instructor's: that looking for mistakes went wrong, which costs no grade.
    """

    mistakes: tuple[Mistake, ...] = ()
    hints: Mapping[str, str] = {}
    notes: tuple[str, ...] = ()


NOTHING = Named()


class Diagnosis:
    """Names known mistakes of ``runner``'s topic; what is known is read, or learnt, when something first fails."""

    def __init__(self, runner: Runner, level: str, folder: Path | None = None) -> None:
        self._runner = runner
        self._level = level
        self._folder = folder
        self._known: Known | None = None
        self._tasks = {spec.id: spec.task for spec in runner.specs}

    def name(self, run: Run, recorder: Recorder, connect: Connect) -> Named:
        """The mistakes that ``run`` shows; GraderError if known answers have to be run and the host fails."""
        try:
            return self._name(Trace(run.outcomes, recorder.exchanges), connect)
        except GraderError:
            raise
        except Exception as error:
            # A grade is more than its ornament: a fault of ours in here must not lose it.
            return Named(notes=(f"no mistake could be named, by a fault of the grader: {error!r:.200}",))

    def _name(self, trace: Trace, connect: Connect) -> Named:
        if self._known is None:
            self._known = self._open(connect)
        if not self._known:
            return NOTHING
        found = agreements(self._known, trace, self._tasks, self._runner.topic.config.tolerance)
        return _named(found, list(self._tasks))

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
            known = self._learn(answers, connect)
            store(file, known)
        return known

    def _learn(self, answers: list[KnownAnswer], connect: Connect) -> Known:
        """Run every known answer as a submission is run."""
        topic = self._runner.topic
        reference = self._traced(topic.reference.read_text(encoding="utf-8"), connect, passed=True)
        others = [self._traced(answer.text, connect, passed=True) for answer in answers if answer.header.right]
        right = RightAnswers(reference, others, topic.config.tolerance)
        # Twice, for what is another answer the second time is chance.
        return tuple(
            learn(answer, self._traced(answer.text, connect), right, self._traced(answer.text, connect))
            for answer in answers
            if not answer.header.right
        )

    def _traced(self, text: str, connect: Connect, *, passed: bool = False) -> Trace:
        recorder = Recorder(passed=passed)
        load = self._runner.load_message([Cell(text, self._runner.topic.reference.name)], False)
        run = self._runner.run(load, connect, recorder=recorder)
        return Trace(run.outcomes, recorder.exchanges)


def _named(found: tuple[Agreement, ...], order: list[str]) -> Named:
    """A mistake that shows in several tasks is one mistake; ``order`` is that of the checks."""
    by_mistake: dict[str, list[Agreement]] = {}
    for agreed in found:
        by_mistake.setdefault(agreed.mistake.id, []).append(agreed)
    mistakes = []
    hints: dict[str, str] = {}
    for name, several in by_mistake.items():
        title, hint = several[0].mistake.title, several[0].mistake.hint
        where = " and ".join(f"{_count(len(agreed.checks))} of {agreed.task}" for agreed in several)
        mistakes.append(Mistake(name, hint, f"{title}: it agrees with your answers on {where}"))
        for agreed in several:
            first, *more = sorted(agreed.checks, key=order.index)
            hints |= {first: f"{title}. {hint}", **dict.fromkeys(more, title)}
    return Named(tuple(mistakes), hints)


def _count(checks: int) -> str:
    return f"{checks} check" + ("" if checks == 1 else "s")
