"""A session's process: opens the suite once, then grades the submissions it is sent, one at a time.

Started by the executor as ``python -m grader.autograde.child``; trusted, like whoever started it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import threading
from pathlib import Path

from grader.autograde.grading import grade_submission
from grader.autograde.jobs import MEASURE, Done, Failed, Opened, decode_job, encode_reply
from grader.autograde.mistakes import Diagnosis
from grader.core.errors import GraderError, SandboxError
from grader.core.scratch import remove_scratch
from grader.core.topic import Topic, read_topic
from grader.sandbox.plain import PlainWorkers
from grader.sandbox.zygote import Zygote
from grader.session.suite import Runner, run_suite
from grader.session.transport import WorkerSource
from grader.wire.frames import Channel, Closed


def main(arguments: list[str]) -> int:
    """Serve the channel until it closes; returns the exit status."""
    path, level, purpose, descriptor, lifeline, folder = arguments
    tempfile.tempdir = folder
    # Ctrl-C at a terminal reaches this process too; whoever started it decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    held = _Held()
    threading.Thread(target=_follow, args=(int(lifeline), folder, held), daemon=True).start()
    channel = Channel(socket.socket(fileno=int(descriptor)))
    topic = read_topic(Path(path))
    try:
        # It imports the runtime while this process does: with torch each takes seconds.
        held.source = _start_workers(topic, level)
        measure = purpose == MEASURE
        run_suite(topic, lambda runner: _serve(runner, channel, level, held, measure), measure=measure)
    except Closed:
        return 0
    except GraderError as error:
        channel.send(encode_reply(Failed(type(error).__name__, str(error))))
        return 2
    finally:
        held.replace(None)
        # Where whoever started this process was killed, the thread that follows it may not come to this before the end.
        remove_scratch(folder)
    return 0


def open_workers(topic: Topic, level: str) -> WorkerSource:
    """A zygote at ``level``, or plain workers for ``"none"``. SandboxError if it does not start."""
    source = _start_workers(topic, level)
    _wait(source)
    return source


def _start_workers(topic: Topic, level: str) -> WorkerSource:
    if level == "none":
        return PlainWorkers(topic.config.runtime, topic.trains)
    return Zygote(topic.config.runtime, level, topic.config.limits, trains=topic.trains)


def _wait(source: WorkerSource) -> None:
    if isinstance(source, Zygote):
        source.wait()


class _Held:
    """What has to be ended with this process, by whichever of its threads comes first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.source: WorkerSource | None = None

    def replace(self, source: WorkerSource | None) -> None:
        """End the source there was."""
        with self.lock:
            if self.source is not None:
                self.source.close()
            self.source = source


def _serve(runner: Runner, channel: Channel, level: str, held: _Held, measure: bool) -> None:
    assert held.source is not None
    source = held.source
    try:
        _wait(source)
    except SandboxError:
        # One that was killed from outside is no reason to give up: a second one is.
        source = _reopen(runner.topic, level, held)
    # Who measures grades the known answers: to run them once is enough.
    diagnosis = Diagnosis(runner, level, keep=measure)
    channel.send(encode_reply(Opened(runner.specs)))
    while True:
        submission = decode_job(channel.receive())
        try:
            graded = grade_submission(runner, submission, source, diagnosis)
        except SandboxError:
            source = _reopen(runner.topic, level, held)
            graded = grade_submission(runner, submission, source, diagnosis)
        channel.send(encode_reply(Done(graded)))


def _reopen(topic: Topic, level: str, held: _Held) -> WorkerSource:
    held.replace(None)
    held.source = source = _start_workers(topic, level)
    _wait(source)
    return source


def _follow(lifeline: int, folder: str, held: _Held) -> None:
    """End at once when whoever started this process is gone, whatever is going on, and leave nothing behind."""
    os.read(lifeline, 1)
    # Never released: the main thread, to which its workers seem to die, gets no further than this.
    held.lock.acquire()
    try:
        if held.source is not None:
            held.source.close()
        remove_scratch(folder)
    finally:
        os._exit(1)


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # All has been cleared up; to take the interpreter apart as well, with torch in it, takes a quarter of a second.
    os._exit(status)
