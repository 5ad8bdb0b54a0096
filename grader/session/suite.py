"""A topic's pytest suite, collected once and run again for every submission.

The session is one ``pytest.main`` whose run loop is ours, as pytest-xdist's workers have theirs: ``body`` is called
from inside it with a :class:`Runner`, and may run as many submissions as it likes.
"""

from __future__ import annotations

import functools
import itertools
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType

import msgspec
import pytest

from grader.core import errors
from grader.core.grade import CheckSpec, Outcome
from grader.core.scoring import blocked_by, check_verdict
from grader.core.topic import Topic
from grader.core.verdict import Verdict
from grader.session.ahead import Ahead, OutOfStep, certain_after
from grader.session.collection import Case, check_id, collect_specs, parameters_of, refuse_unchecked
from grader.session.faults import Unparsable
from grader.session.known import MOST_CALLS, Plan
from grader.session.plugin import WITHOUT, SuitePlugin
from grader.session.recorder import Recorder
from grader.session.student import Student
from grader.session.transport import Transport
from grader.session.workers import Connect
from grader.testing import observed, tolerance
from grader.wire import messages as m


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What running the suite on one submission gave. ``problem`` says why it is not gradable, if it is not.

    ``killed`` says that a worker of its was killed from outside.
    """

    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    output: str = ""
    seconds: float = 0.0
    killed: bool = False
    tolerance_used: dict[str, float] = {}


def run_suite(
    topic: Topic, body: Callable[[Runner], None], *, public_only: bool = False, measure: bool = False
) -> None:
    """Collect ``topic``'s suite and call ``body`` with its runner. CourseError says what is wrong with the suite.

    With ``measure`` each Run also says how much of its tolerance every check used: for the audit, never for grading.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # The solutions folder may be read-only, and must not fill with caches.
    sys.dont_write_bytecode = True
    files = [topic.tests / "test_public.py", topic.tests / "test_hidden.py"]
    if public_only:
        files = [path for path in (topic.tests / "test_public.py", topic.path / "test_public.py") if path.exists()]
        # Public suites import nothing of their folder, and several may be open one after the other in one process.
        for name in ("test_public", "tests.test_public", "tests"):
            sys.modules.pop(name, None)
    arguments = [str(path) for path in files if path.exists()]
    if not arguments:
        raise errors.CourseError(f"{topic.slug} has no tests/test_public.py and no tests/test_hidden.py")

    def collected(plugin: SuitePlugin, functions: list[pytest.Function]) -> None:
        specs = collect_specs(topic, functions)
        if not public_only:
            refuse_unchecked(topic, specs)
        order = {spec.id: n for n, spec in enumerate(specs)}
        items = sorted(functions, key=lambda item: order[check_id(item)])
        body(Runner(topic, specs, items, plugin, measure))

    plugin = SuitePlugin(topic.slug, collected)
    arguments += [f"--rootdir={topic.path}", f"--confcutdir={topic.path}", "-c", os.devnull]
    if public_only:
        arguments.append("--import-mode=importlib")
    for name in WITHOUT:
        arguments += ["-p", f"no:{name}"]
    status = pytest.main(arguments, plugins=[plugin])
    if plugin.error is not None:
        raise plugin.error
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise errors.CourseError(f"the suite of {topic.slug} could not be collected (pytest exit {int(status)})")


class Runner:
    """The collected suite: what it checks, and how to run it on a submission."""

    def __init__(
        self,
        topic: Topic,
        specs: tuple[CheckSpec, ...],
        items: Sequence[pytest.Function],
        plugin: SuitePlugin,
        measure: bool,
    ) -> None:
        self.topic = topic
        self.specs = specs
        self._measure = measure
        self._cases = [Case(item) for item in items]
        self._plugin = plugin
        self._parameters = parameters_of(topic.reference)
        self._torch = _torch(topic)
        by_id = {spec.id: spec for spec in specs}
        self._checks = [by_id[case.check] for case in self._cases]
        self._plan = Plan()

    def load_message(self, cells: Sequence[m.Cell], notebook: bool, seed: int = m.SEED) -> m.Load:
        """What a worker needs to load a submission to this topic."""
        return m.Load(
            module=self.topic.slug,
            cells=tuple(cells),
            notebook=notebook,
            support=self.topic.support,
            probes=self.topic.probes,
            banned=tuple(m.Ban(ban.name, ban.instead) for ban in self.topic.config.banned),
            seed=seed,
        )

    def run(
        self,
        load: m.Load,
        connect: Connect,
        output: Callable[[Transport], str] = lambda _: "",
        recorder: Recorder | None = None,
    ) -> Run:
        """Run every check on one submission.

        ``output`` reads what a worker printed, before it is closed; ``recorder`` is given what was asked and answered.
        GraderError if the host fails; nothing that the submission does raises.
        """
        start = time.monotonic()
        try:
            # Who wants to see what a case that passes was answered, or how closely, needs it run.
            remember = not self._measure and (recorder is None or not recorder.keeps_passed)
            run = self._run(load, connect, output, recorder, Ahead(self._plan, remember=remember))
        except OutOfStep:
            if recorder is not None:
                recorder.restart()
            run = self._run(load, connect, output, recorder, None)
        return msgspec.structs.replace(run, seconds=time.monotonic() - start)

    def _run(
        self,
        load: m.Load,
        connect: Connect,
        output: Callable[[Transport], str],
        recorder: Recorder | None,
        ahead: Ahead | None,
    ) -> Run:
        printed: list[str] = []
        used: dict[str, float] = {}
        limits = self.topic.config.limits
        student = Student(load, connect, limits, self._parameters, self._torch, recorder, ahead)
        student.on_close = lambda transport: printed.append(output(transport))
        try:
            with tolerance(self.topic.config.tolerance):
                outcomes = self._run_items(student, used, ahead)
        except Unparsable as fault:
            student.close()
            return Run(problem=fault.reason, output="".join(printed), killed=student.killed)
        except OutOfStep:
            student.close()
            raise
        student.close()
        return Run(
            outcomes=tuple(outcomes),
            notes=student.notes,
            output="".join(printed),
            killed=student.killed,
            tolerance_used=used,
        )

    def _observed(self, check: str, used: dict[str, float]) -> AbstractContextManager[None]:
        if not self._measure:
            return nullcontext()
        return observed(lambda share: used.__setitem__(check, max(share, used.get(check, 0.0))))

    def _run_items(self, student: Student, used: dict[str, float], ahead: Ahead | None) -> list[Outcome]:
        try:
            student.load()
        except Unparsable:
            raise
        except errors.StudentFault:
            # Every check will meet the same fault, and say so.
            pass
        self._plugin.student = student
        outcomes: list[Outcome] = []
        by_check: dict[str, list[Outcome]] = {}
        verdicts: dict[str, Verdict] = {}
        specs = {spec.id: spec for spec in self.specs}

        def settled(name: str) -> Verdict | None:
            if name not in verdicts and len(by_check.get(name, ())) == len(specs[name].cases):
                verdicts[name] = check_verdict(specs[name], by_check[name])
            return verdicts.get(name)

        for position, case in enumerate(self._cases):
            spec = self._checks[position]
            if student.passed_meanwhile(position):
                outcomes.append(case.passed)
                by_check.setdefault(spec.id, []).append(case.passed)
                continue
            for name in spec.depends:
                if name not in verdicts:
                    verdicts[name] = check_verdict(specs[name], by_check.get(name, ()))
            blocked = blocked_by(spec, verdicts)
            if blocked is not None:
                outcome = Outcome(check=spec.id, case=case.case, verdict=blocked, reason=_unmet(spec, verdicts, specs))
            else:
                following = self._cases[position + 1].item if position + 1 < len(self._cases) else None
                if ahead is not None:
                    ahead.begin(position, functools.partial(self._certain, position, settled))
                with self._observed(case.check, used):
                    outcome = self._plugin.run_case(case, following)
                if ahead is not None and ahead.out_of_step:
                    self._teardown()
                    raise OutOfStep
            outcomes.append(outcome)
            by_check.setdefault(spec.id, []).append(outcome)
            if len(by_check[spec.id]) == len(spec.cases) and blocked is not None:
                verdicts[spec.id] = blocked
        self._teardown()
        return outcomes

    def _certain(self, position: int, settled: Callable[[str], Verdict | None]) -> list[int]:
        certain = certain_after(position, self._checks, settled)
        # Where pytest sets something up, what is asked first may be the set-up's, once for several cases.
        plain = itertools.takewhile(lambda each: self._cases[each].parameters is not None, certain)
        return list(itertools.islice(plain, MOST_CALLS))

    def _teardown(self) -> None:
        self._cases[0].item.session._setupstate.teardown_exact(None)


def _unmet(spec: CheckSpec, verdicts: dict[str, Verdict], specs: dict[str, CheckSpec]) -> str:
    name = next(name for name in spec.depends if verdicts[name] is not Verdict.PASSED)
    return f"it needs “{specs[name].title}”"


def _torch(topic: Topic) -> ModuleType | None:
    if topic.config.runtime != "torch":
        return None
    import torch

    torch.set_num_threads(1)
    return torch
