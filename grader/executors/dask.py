"""Jobs on the workers of a ``dask.distributed`` cluster, results as they come, each job's exactly once.

Who gets what is decided here and not by Dask's scheduler: a batch is bound to the worker it is sent to, so that one
that was refused, is drained or died gets nothing more, and one that joins late gets its share at once. What a worker
that vanished had is sent to others; should it answer after all, that answer is dropped.
"""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from distributed import Client, Future
from distributed.client import ClosedClientError, FutureCancelledError

from grader.core.errors import GraderError, SandboxError
from grader.executors.scheduler import WAIT_SECONDS, scheduler_gone, submit_to, wait_for, workers_of

BATCH_SECONDS: Final = 1.0
"""How long a batch should take: long beside the way there and back, short beside a run."""

BATCH_JOBS: Final = 64
BATCH_BYTES: Final = 2**20

AHEAD: Final = 2
"""Batches a worker holds for each of its threads."""

LOOK_SECONDS: Final = 1.0
"""How often to look who is there."""

FETCH_SECONDS: Final = 10.0
"""After so long the worker whose answer is being fetched may have died: look whether it did."""

LOSSES: Final = 3
"""A job that went down with its worker is sent alone from then on, and given up after so many workers."""

LEAVE_SECONDS: Final = 10.0

Reply = tuple[str, Any]
"""``("absent", None)``: deliver first · ``("refused", reason)`` · ``("ready", greeting)`` · ``("done", results)``."""


class Errand(NamedTuple):
    """What workers are asked to do: functions of a module that they have, too, called with ``order`` first.

    Only built-in values cross, so that a worker with another version of that module can still be understood.
    """

    order: bytes
    introduce: Callable[[bytes], Reply]
    deliver: Callable[[bytes, bytes], Reply]
    work: Callable[[bytes, list[bytes]], Reply]
    leave: Callable[[bytes], Reply]


class _Member:
    """A worker of the cluster, as we know it."""

    def __init__(self, address: str, name: str, threads: int) -> None:
        self.address = address
        self.label = address if name in ("", address) else f"{name} ({address})"
        self.threads = threads
        self.ready = self.usable = False
        self.refused = ""
        self.tasks: dict[str, _Task] = {}


class _Task(msgspec.Struct, frozen=True):
    """Something a worker was asked, with the jobs it was sent."""

    kind: str
    member: _Member
    future: Future
    jobs: tuple[int, ...] = ()


class DaskWorkers:
    """Runs jobs on the workers that ``client`` knows and that do not refuse.

    ``files`` is sent to each worker that asks for it. ``greet`` is given each worker's greeting; ``tell`` a sentence
    whenever a worker is refused or goes.
    """

    def __init__(
        self, client: Client, errand: Errand, files: bytes, greet: Callable[[bytes], None], tell: Callable[[str], None]
    ) -> None:
        self._client = client
        self._errand = errand
        self._files = files
        self._greet = greet
        self._tell = tell
        self._members: dict[str, _Member] = {}
        self._finished: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._looked = 0.0
        self._alone_since = time.monotonic()
        self._ever_ready = False
        self._each = 0.0
        """Seconds a job takes, by those of late; 0 until the first is done."""

    def map(self, batches: Sequence[bytes]) -> Iterator[tuple[int, bytes | None]]:
        """Each job's number and result, in the order they finish; None for a job that is given up.

        GraderError if the scheduler is gone, or no worker can do the work.
        """
        self._batches = batches
        self._waiting = deque(range(len(batches)))
        self._losses = [0] * len(batches)
        done = bytearray(len(batches))
        left = len(batches)
        try:
            while left:
                for number, result in self._step():
                    # However often it was sent: what is known already is dropped.
                    if not done[number]:
                        done[number] = 1
                        left -= 1
                        yield number, result
        except ClosedClientError:
            raise scheduler_gone() from None
        finally:
            if self._client.status == "running":
                self._leave()

    def _step(self) -> list[tuple[int, bytes | None]]:
        """Look who is there, give them work, and wait for the next answer."""
        given_up = self._look() if time.monotonic() - self._looked > LOOK_SECONDS else []
        if given_up:
            return [(number, None) for number in given_up]
        for member in self._members.values():
            while self._waiting and self._has_room(member):
                self._send(member)
        try:
            key = self._finished.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return []
        for member in self._members.values():
            if key in member.tasks:
                return self._conclude(key, member.tasks[key])
        return []  # its worker had gone, or it was taken back

    # ------------------------------------------------------------------------------------------ who is there

    def _look(self) -> list[int]:
        """Greet who is new, and take back what those have who are gone or no longer run; the jobs given up."""
        self._looked = time.monotonic()
        present = workers_of(self._client)
        given_up: list[int] = []
        for address in [address for address in self._members if address not in present]:
            member = self._members.pop(address)
            jobs = self._take_back(member)
            given_up += self._lose(jobs)
            if not member.refused:
                others = f": what it had, {_jobs(len(jobs))}, goes to others" if jobs else ""
                self._tell(f"worker {member.label} is gone{others}")
        for address, worker in present.items():
            if address not in self._members:
                self._members[address] = _Member(address, str(worker.get("name", "")), max(1, worker["nthreads"]))
            member = self._members[address]
            usable = worker.get("status") == "running"
            if member.usable and not usable:
                # Paused or on its way out: that is nobody's fault.
                self._waiting.extendleft(reversed(self._take_back(member)))
            member.usable = usable
            if usable and not member.ready and not member.refused and not member.tasks:
                self._ask(member, "introduce")
        self._mind_the_empty_house()
        return given_up

    def _mind_the_empty_house(self) -> None:
        """GraderError where nobody works and nobody will; where somebody may yet come, patience."""
        members = self._members.values()
        if any(member.usable and not member.refused for member in members):
            self._alone_since = time.monotonic()
            return
        refusals = [member for member in members if member.refused]
        if refusals and not self._ever_ready:
            raise SandboxError(f"no worker of the cluster can grade: {refusals[0].label}: {refusals[0].refused}")
        if time.monotonic() - self._alone_since > WAIT_SECONDS:
            raise GraderError(
                f"the cluster has had no worker that can grade for {WAIT_SECONDS / 60:.0f} minutes: start some, and "
                "run the same command again; what was graded is kept"
            )

    def _refuse(self, member: _Member, reason: str) -> None:
        member.ready = False
        member.refused = reason
        self._waiting.extendleft(reversed(self._take_back(member)))
        self._tell(f"worker {member.label} is not used: {reason}")

    def _take_back(self, member: _Member) -> list[int]:
        """Forget what a worker was asked; the jobs among it."""
        tasks, member.tasks = list(member.tasks.values()), {}
        if tasks:
            self._client.cancel([task.future for task in tasks])
        return [number for task in tasks for number in task.jobs]

    def _lose(self, jobs: Sequence[int]) -> list[int]:
        """Queue jobs that went down with their worker; returns those of which that was the last."""
        for number in jobs:
            self._losses[number] += 1
        self._waiting.extendleft(number for number in reversed(jobs) if self._losses[number] < LOSSES)
        return [number for number in jobs if self._losses[number] >= LOSSES]

    # ------------------------------------------------------------------------------------------ what is asked

    def _has_room(self, member: _Member) -> bool:
        """Whether a worker may be sent the next job; one that went down with its worker is the only one that it has."""
        if not member.ready or not member.usable or len(member.tasks) >= AHEAD * member.threads:
            return False
        if self._losses[self._waiting[0]]:
            return not member.tasks
        return not any(self._losses[task.jobs[0]] for task in member.tasks.values() if task.jobs)

    def _send(self, member: _Member) -> None:
        jobs = self._batch()
        self._ask(member, "work", [self._batches[number] for number in jobs], jobs=tuple(jobs))

    def _batch(self) -> list[int]:
        """The next jobs: about a second's worth, and fewer towards the end, so that all finish together."""
        jobs = [self._waiting.popleft()]
        if self._losses[jobs[0]]:
            return jobs
        threads = sum(member.threads for member in self._members.values() if member.ready and member.usable)
        most = min(BATCH_JOBS, BATCH_SECONDS / self._each) if self._each else 1
        most = min(most, len(self._waiting) / (AHEAD * threads) + 1)
        size = len(self._batches[jobs[0]])
        while self._waiting and len(jobs) + 1 <= most and not self._losses[self._waiting[0]]:
            size += len(self._batches[self._waiting[0]])
            if size > BATCH_BYTES:
                break
            jobs.append(self._waiting.popleft())
        return jobs

    def _ask(self, member: _Member, kind: str, *values: object, jobs: tuple[int, ...] = ()) -> None:
        function = getattr(self._errand, kind)
        future = submit_to(self._client, member.address, kind, function, self._errand.order, *values)
        member.tasks[future.key] = _Task(kind, member, future, jobs)
        future.add_done_callback(lambda done: self._finished.put(done.key))

    def _conclude(self, key: str, task: _Task) -> list[tuple[int, bytes | None]]:
        """What an answer means; the results in it."""
        member = task.member
        try:
            kind, value = task.future.result(timeout=FETCH_SECONDS)
        except TimeoutError:
            # Its worker may have died with the answer; if not, it is fetched again.
            self._finished.put(key)
            self._looked = 0.0
            return []
        except FutureCancelledError:
            # By somebody who may: it is asked again, and the job was no harm.
            del member.tasks[key]
            self._waiting.extendleft(reversed(task.jobs))
            return []
        except Exception as error:
            del member.tasks[key]
            given_up = self._lose(task.jobs)
            self._refuse(member, f"it can't be asked ({type(error).__name__}: {_first_line(error)})")
            return [(number, None) for number in given_up]
        del member.tasks[key]
        task.future.release()
        if kind == "done":
            seconds, results = value
            each = seconds / len(task.jobs)
            self._each = 0.7 * self._each + 0.3 * each if self._each else each
            return list(zip(task.jobs, results, strict=True))
        self._waiting.extendleft(reversed(task.jobs))
        if kind == "refused":
            self._refuse(member, value)
        elif kind == "absent":
            self._deliver(member)
        elif kind == "ready":
            self._greet(value)
            member.ready = self._ever_ready = True
        else:
            self._refuse(member, "it answers what nobody asked: install the same version of the grader there")
        return []

    def _deliver(self, member: _Member) -> None:
        member.ready = False
        if not any(task.kind == "deliver" for task in member.tasks.values()):
            self._ask(member, "deliver", self._files)

    def _leave(self) -> None:
        """Let the workers end what they keep for this run, where they still can."""
        futures = []
        for member in self._members.values():
            self._take_back(member)
            if member.usable:
                self._ask(member, "leave")
                futures += [task.future for task in member.tasks.values()]
        if futures:
            # Who does not hear it notices by itself that nobody asks any more.
            wait_for(self._client, futures, LEAVE_SECONDS)
        for member in self._members.values():
            self._take_back(member)


def _jobs(count: int) -> str:
    return f"{count} job" + ("" if count == 1 else "s")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0][:300]
