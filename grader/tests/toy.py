"""A toy course for the engine's own tests, and live sessions that grade it.

Run as a program it is one session: pytest's run loop holds the interpreter, so it can't be a test's own. Submissions
come as lines of JSON on stdin and results go as lines of JSON on stdout, one session for as many tests as like.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from textwrap import dedent
from typing import Self

import msgspec
import pytest

from grader.core.errors import CourseError, SandboxError
from grader.core.grade import Outcome
from grader.core.scoring import score
from grader.core.topic import read_topic
from grader.core.verdict import Verdict
from grader.sandbox.zygote import Zygote
from grader.session.known import Plan
from grader.session.suite import Runner, run_suite
from grader.session.transport import Transport, WorkerTransport
from grader.tests.ordinary import ROOT, Unavailable, as_user
from grader.wire import messages as m

FILES = Path(__file__).parent / "toy_course"

RIGHT = (FILES / "toy.py").read_text(encoding="utf-8")
"""The reference, which earns every point."""

POINTS = {"double": 10.0, "total": 10.0, "Counter": 10.0}


def right_but(code: str) -> str:
    """The reference followed by ``code``, which may define some of its names again."""
    return f"{RIGHT}\n\n{dedent(code)}"


class Submitted(msgspec.Struct):
    """What a test hands in: a file's text, or a notebook's cells; ``afresh`` as if it were the session's first."""

    cells: tuple[str, ...]
    notebook: bool = False
    afresh: bool = False


class Result(msgspec.Struct):
    """What came of it: ``run_suite``'s Run with its points, or ``error``, the sentence of a GraderError."""

    problem: str = ""
    notes: tuple[str, ...] = ()
    output: str = ""
    outcomes: tuple[Outcome, ...] = ()
    verdicts: dict[str, Verdict] = {}
    points: dict[str, float] = {}
    error: str = ""
    missing: str = ""

    @property
    def score(self) -> float:
        """The sum of the points."""
        return sum(self.points.values())

    def outcome(self, check: str) -> Outcome:
        """The outcome of ``check``'s first case."""
        return next(outcome for outcome in self.outcomes if outcome.check == check)


class Session:
    """A session in a process of its own, at ``level``, as ``user``; Unavailable if it can't be had."""

    def __init__(self, topic: Path, level: str, user: int | None = None) -> None:
        before = as_user(user)
        self.level = level
        self._temporary = tempfile.TemporaryDirectory(prefix="toy-session-")
        self.temporary = Path(self._temporary.name)
        self.temporary.chmod(0o777)
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "grader.tests.toy", str(topic), level],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": self._temporary.name},
        )
        self.error = (hello := self._receive()).error
        if hello.missing:
            self.close()
            raise Unavailable(f"level {level!r}: {hello.missing}")

    def grade(self, *cells: str, notebook: bool = False, afresh: bool = False) -> Result:
        """The result of one submission; each text may be indented as the test is."""
        submitted = Submitted(tuple(dedent(cell) for cell in cells), notebook, afresh)
        assert self.process.stdin is not None
        assert self.process.poll() is None, "an earlier submission ended the session"
        self.process.stdin.write(msgspec.json.encode(submitted) + b"\n")
        self.process.stdin.flush()
        return self._receive()

    def observe(self, code: str) -> list[str]:
        """The lines that ``code`` prints when it is loaded as (part of) a right submission."""
        result = self.grade(right_but(code))
        assert result.problem == result.error == ""
        assert result.points == POINTS, result
        return result.output.splitlines()

    def peak_memory(self) -> int:
        """The most bytes that the session has held in memory so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))

    def close(self) -> list[str]:
        """End the session; returns what it left in its temporary folder."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        left = [str(path) for path in self.temporary.rglob("*")]
        self._temporary.cleanup()
        return left

    def _receive(self) -> Result:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the session ended; its last words are on stderr"
        return msgspec.json.decode(line, type=Result)


class ToyCourse:
    """A copy of the toy course, ``solutions/toy``, and the live sessions that grade it."""

    def __init__(self) -> None:
        # Not pytest's own temporary folder, which an ordinary user can't enter when the tests run as root.
        self._temporary = tempfile.TemporaryDirectory(prefix="toy-course-")
        self.folder = Path(self._temporary.name)
        self.folder.chmod(0o755)
        self.solutions = self.folder / "solutions"
        self.topic = self.solutions / "toy"
        self._altered: list[ToyCourse] = []
        self._sessions: dict[tuple[str, int | None], Session | Unavailable] = {}
        for source in sorted(FILES.rglob("*")):
            if source.is_file() and "__pycache__" not in source.parts:
                self.write(str(source.relative_to(FILES)), source.read_text(encoding="utf-8"))

    def write(self, name: str, text: str) -> Path:
        """Write, or replace, a file of the topic, before the first session starts."""
        path = self.topic / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    def altered(self, files: dict[str, str]) -> ToyCourse:
        """Another toy course, with these files of the topic replaced; it is closed with this one."""
        course = ToyCourse()
        self._altered.append(course)
        for name, text in files.items():
            course.write(name, text)
        return course

    def session(self, level: str = "", user: int | None = None) -> Session:
        """The session at ``level``, by default the best this host has; skips the test where there is none."""
        reasons = []
        for each in (level,) if level else ("full", "landlock"):
            if (each, user) not in self._sessions:
                try:
                    self._sessions[each, user] = Session(self.topic, each, user)
                except Unavailable as reason:
                    self._sessions[each, user] = reason
            found = self._sessions[each, user]
            if isinstance(found, Session):
                return found
            reasons.append(str(found))
        pytest.skip("; ".join(reasons))

    def grade(self, *cells: str, notebook: bool = False) -> Result:
        """The result of one submission, at the best level this host has."""
        return self.session().grade(*cells, notebook=notebook)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sessions and remove the files."""
        for course in self._altered:
            course.close()
        for session in self._sessions.values():
            if isinstance(session, Session):
                session.close()
        self._temporary.cleanup()


def main(folder: str, level: str) -> None:
    """Be a session: grade what comes on stdin until it is closed."""
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def reply(result: Result) -> None:
        replies.write(msgspec.json.encode(result) + b"\n")

    topic = read_topic(Path(folder))
    limits = topic.config.limits

    def body(runner: Runner) -> None:
        with Zygote(topic.config.runtime, level, limits) as zygote:
            reply(Result())
            for line in sys.stdin.buffer:
                submitted = msgspec.json.decode(line, type=Submitted)
                labels = [f"cell {n + 1}" if submitted.notebook else "toy.py" for n in range(len(submitted.cells))]
                if submitted.afresh:
                    runner._plan = Plan()
                cells = [m.Cell(text, label) for text, label in zip(submitted.cells, labels, strict=True)]
                reply(_graded(runner, zygote, runner.load_message(cells, submitted.notebook)))

    def _graded(runner: Runner, zygote: Zygote, load: m.Load) -> Result:
        def connect() -> Transport:
            return WorkerTransport(zygote, cpu_limit=limits.submission_seconds + 5)

        def output(transport: Transport) -> str:
            return transport.worker.read_output(2**20) if isinstance(transport, WorkerTransport) else ""

        run = runner.run(load, connect, output)
        if run.problem:
            return Result(problem=run.problem, notes=run.notes, output=run.output)
        tasks, checks = score(topic.config.tasks, runner.specs, run.outcomes)
        return Result(
            notes=run.notes,
            output=run.output,
            outcomes=run.outcomes,
            verdicts={check.spec.id: check.verdict for check in checks},
            points={task.name: task.points for task in tasks},
        )

    try:
        run_suite(topic, body)
    except SandboxError as error:
        reply(Result(missing=str(error)))
    except CourseError as error:
        reply(Result(error=str(error)))


def failing(verdicts: dict[str, Verdict], *among: str) -> dict[str, str]:
    """The checks that did not pass, with their verdicts as plain text; ``among`` leaves only names that start so."""
    return {
        name.removeprefix("test_"): verdict.value
        for name, verdict in verdicts.items()
        if verdict is not Verdict.PASSED and (not among or name.removeprefix("test_").startswith(tuple(among)))
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
