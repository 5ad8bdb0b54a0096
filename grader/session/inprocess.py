"""The submission in the session's own process: no wall at all, so that a debugger reaches the student's code.

For ``course check --debug`` on the student's own code. The one place where the trusted side imports the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.core.errors import StudentCrashed
from grader.wire import messages as m
from grader.worker.runtime import seed_generators
from grader.worker.serve import Answers


class InProcessTransport:
    """Answers calls directly; values still cross the codec, so that what passes here passes in a worker."""

    def __init__(self) -> None:
        self._answers: Answers | None = None

    def call(self, request: m.ToWorker, seconds: float, following: Sequence[m.Request] = ()) -> m.FromWorker:
        """See :class:`grader.session.transport.Transport`; ``seconds`` is not enforced: a debugger takes its time."""
        if isinstance(request, m.Load):
            self._answers = Answers()
            seed_generators(request.seed)
            reply = self._answers.prepare(request)
        elif self._answers is None:
            raise StudentCrashed("nothing has been loaded")
        else:
            reply = self._answers.answer(request)
        return m.decode_from_worker(m.encode(reply))

    def settles(self, accept: Callable[[bytearray], bool]) -> bool:
        """Never: nothing is sent along."""
        return False

    def close(self) -> None:
        """Forget the submission."""
        self._answers = None
