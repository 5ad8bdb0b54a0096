"""The local executor, with children that only echo: what is lost, what is kept, and what is left behind."""

from __future__ import annotations

import ast
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.core.errors import CourseError, GraderError, SandboxError
from grader.core.scratch import remove_scratch
from grader.executors.local import LocalProcesses

ROOT = Path(__file__).parents[2]

CHILD = """
import os, pathlib, socket, sys, threading, time

sys.path.insert(0, sys.argv[1])
from grader.wire.frames import Channel, Closed

here, folder = pathlib.Path(sys.argv[2]), sys.argv[5]
with open(here / "children", "a") as file:
    file.write(f"{os.getpid()} {folder}\\n")
pathlib.Path(folder, "deep", "er").mkdir(parents=True)
channel = Channel(socket.socket(fileno=int(sys.argv[3])))


def follow():
    os.read(int(sys.argv[4]), 1)
    (here / "alone").touch()
    os._exit(0)


threading.Thread(target=follow, daemon=True).start()


def frame(payload):
    return len(payload).to_bytes(4, "big") + payload


def seen(job):
    with open(here / "seen", "a") as file:
        file.write(f"{job[:20].decode()}\\n")


def answer(job):
    return b"echo " + job


channel.send(b"hello")
try:
    while True:
        job = bytes(channel.receive())
        seen(job)
        BEHAVIOUR
        channel.send(answer(job))
except Closed:
    pass
"""

Answers = list[tuple[int, bytes | None]]


class Pool:
    """An executor whose children run ``behaviour`` for each job, in a folder where they leave notes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.greetings: list[bytes] = []

    def open(self, behaviour: str = "pass", jobs: int = 1) -> LocalProcesses:
        """The executor."""
        code = CHILD.replace("BEHAVIOUR", behaviour.replace("\n", "\n        "))

        def command(channel: int, lifeline: int, folder: str) -> list[str]:
            return [sys.executable, "-c", code, str(ROOT), str(self.folder), str(channel), str(lifeline), folder]

        return LocalProcesses(command, jobs, self.greetings.append)

    def map(self, batches: Sequence[bytes], behaviour: str = "pass", jobs: int = 1) -> Answers:
        """Every answer, by job."""
        return sorted(self.open(behaviour, jobs).map(batches))

    def seen(self) -> list[str]:
        """What the children were given, in that order."""
        return (self.folder / "seen").read_text(encoding="utf-8").split()

    def children(self) -> list[tuple[int, Path]]:
        """Process id and temporary folder of every child there was."""
        lines = (self.folder / "children").read_text(encoding="utf-8").splitlines()
        return [(int(pid), Path(folder)) for pid, folder in (line.split(" ", 1) for line in lines)]

    def left(self) -> list[Any]:
        """What is left of the children: processes and folders."""
        return [
            *(pid for pid, _ in self.children() if Path(f"/proc/{pid}/cwd").exists()),
            *(folder for _, folder in self.children() if folder.exists()),
        ]


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool, none of whose children may outlive the test, nor anything in their folders."""
    pool = Pool(tmp_path)
    yield pool
    if (tmp_path / "children").exists():
        assert pool.left() == []


def echoed(batches: Sequence[bytes]) -> Answers:
    """What comes back where nothing goes wrong."""
    return [(number, b"echo " + batch) for number, batch in enumerate(batches)]


def test_every_job_is_answered(pool: Pool) -> None:
    """Each job's answer comes once, under the job's number, whichever child gave it."""
    batches = [b"%d" % number for number in range(50)]
    assert pool.map(batches, jobs=3) == echoed(batches)
    assert set(pool.greetings) == {b"hello"}
    assert sorted(map(int, pool.seen())) == list(range(50))


def test_no_more_children_than_jobs(pool: Pool) -> None:
    """Two jobs need two children, and none needs none."""
    assert pool.map([b"1", b"2"], jobs=8) == echoed([b"1", b"2"])
    assert len(pool.children()) == 2
    assert pool.map([], jobs=8) == []
    assert len(pool.children()) == 2


CORES = len(os.sched_getaffinity(0))


def on_cores(pool: Pool, jobs: int, batches: int = 20, first: str = "pass") -> dict[int, set[int]]:
    """The cores that each child's programs may use, by the child."""
    said = pool.open(f"{first}; job = repr((os.getpid(), sorted(os.sched_getaffinity(0)))).encode()", jobs)
    answers = [answer for _, answer in said.map([b"%d" % number for number in range(batches)]) if answer is not None]
    return {pid: set(cores) for pid, cores in (ast.literal_eval(answer[5:].decode()) for answer in answers)}


@pytest.mark.skipif(CORES < 2, reason="only one core may be used")
def test_children_for_all_cores_have_one_each(pool: Pool) -> None:
    """As many children as cores: each keeps to its own, and so does the one that replaces a dead one."""
    kill = "(here / 'hit').exists() or ((here / 'hit').touch(), os._exit(1))"
    children = on_cores(pool, CORES, first=kill)
    assert all(len(cores) == 1 for cores in children.values())
    assert set.union(*children.values()) <= os.sched_getaffinity(0)
    assert len(pool.children()) == CORES + 1


@pytest.mark.skipif(CORES < 2, reason="only one core may be used")
@pytest.mark.parametrize(("jobs", "batches"), [(1, 20), (2 * CORES, 20), (CORES, 1)])
def test_fewer_or_more_children_go_where_there_is_room(pool: Pool, jobs: int, batches: int) -> None:
    """Two runs of one job each must not meet on one core while another is idle."""
    assert all(cores == os.sched_getaffinity(0) for cores in on_cores(pool, jobs, batches).values())


def test_a_job_that_kills_its_child_is_lost_alone(pool: Pool) -> None:
    """It is tried twice and given up; every other job is answered."""
    batches = [b"0", b"die", b"2", b"3", b"4", b"5"]
    answers = pool.map(batches, "if job == b'die': os.kill(os.getpid(), 9)", jobs=2)
    assert answers == [(1, None) if number == 1 else answer for number, answer in enumerate(echoed(batches))]
    assert pool.seen().count("die") == 2


def test_a_job_whose_child_was_killed_once_is_tried_again(pool: Pool) -> None:
    """A child killed from outside costs nothing."""
    batches = [b"0", b"unlucky", b"2", b"3"]
    behaviour = "if job == b'unlucky' and not (here / 'hit').exists(): (here / 'hit').touch(); os._exit(1)"
    assert pool.map(batches, behaviour) == echoed(batches)


def test_every_job_may_kill_its_child(pool: Pool) -> None:
    """Where nothing can be answered everything is given up, and the run ends."""
    assert pool.map([b"1", b"2", b"3"], "os._exit(1)", jobs=2) == [(0, None), (1, None), (2, None)]


def test_rubbish_from_a_child_counts_as_its_death(pool: Pool) -> None:
    """A frame longer than any, or half a frame, costs the job and not the run."""
    batches = [b"0", b"rubbish", b"half", b"3"]
    behaviour = """
if job == b"rubbish": channel.sock.sendall(b"\\xff" * 8); time.sleep(600)
if job == b"half": channel.sock.sendall(frame(b"long")[:6]); os._exit(0)
"""
    assert pool.map(batches, behaviour) == [(0, b"echo 0"), (1, None), (2, None), (3, b"echo 3")]


@pytest.mark.parametrize("rubbish", ["b'\\xff' * 8", "frame(b'long')[:2]"])
def test_rubbish_that_arrives_with_an_answer(pool: Pool, rubbish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no further byte to wake the reader, a child's rubbish is noticed all the same; its answer counts."""
    monkeypatch.setattr("grader.executors.local.FRAME_SECONDS", 0.1)
    monkeypatch.setattr("grader.executors.local.SETTLE_SECONDS", 0.5)
    behaviour = f"channel.sock.sendall(frame(answer(job)) + {rubbish}); time.sleep(600)"
    assert pool.map([b"1", b"2"], behaviour) == echoed([b"1", b"2"])


def test_answers_that_arrive_together_are_all_taken(pool: Pool) -> None:
    """Several frames in one read, with no further byte to wake the reader."""
    batches = [b"%d" % number for number in range(6)]
    # The child has two jobs at a time: it answers both at once.
    behaviour = """
second = bytes(channel.receive())
seen(second)
channel.sock.sendall(frame(answer(job)) + frame(answer(second)))
continue
"""
    assert pool.map(batches, behaviour) == echoed(batches)


def test_an_answer_survives_the_child_that_gave_it(pool: Pool) -> None:
    """A child that answers and dies before it gets its next job: the answer counts, and no job is lost."""
    batches = [b"%d" % number for number in range(5)]
    assert pool.map(batches, "channel.send(answer(job)); os._exit(0)") == echoed(batches)


def test_a_large_job_does_not_hold_up_the_others(pool: Pool) -> None:
    """A job too large for a socket's buffer waits for an idle child, not the executor for a busy one."""
    batches = [b"slow", *(b"%d" % number + b" " * 2**20 for number in range(6))]
    behaviour = """
if job == b"slow":
    until = time.monotonic() + 30
    while not (here / "others-done").exists():
        if time.monotonic() > until: os._exit(1)
        time.sleep(0.01)
"""
    answers: Answers = []
    for answer in pool.open(behaviour, jobs=2).map(batches):
        answers.append(answer)
        if len(answers) == 6:
            (pool.folder / "others-done").touch()
    assert sorted(answers) == echoed(batches)
    assert pool.seen().count("slow") == 1


def test_a_program_that_is_not_there(pool: Pool) -> None:
    """A child that can't be executed ends the run in one sentence."""
    with pytest.raises(GraderError, match="a session could not be started: .*nowhere"):
        list(LocalProcesses(lambda *_: ["/nowhere/python"], 2, pool.greetings.append).map([b"1"]))


def test_a_child_that_ends_before_its_greeting(pool: Pool) -> None:
    """What it said last is the reason."""
    with pytest.raises(SandboxError, match="a session did not start: no luck"):
        list(LocalProcesses(lambda *_: [sys.executable, "-c", "raise SystemExit('no luck')"], 2, print).map([b"1"]))


def test_a_greeting_that_ends_the_run(tmp_path: Path) -> None:
    """What ``greet`` raises ends the run at once, with its children."""
    pool = Pool(tmp_path)

    def refuse(greeting: bytes) -> None:
        raise CourseError("no such suite")

    executor = pool.open(jobs=2)
    executor._greet = refuse
    with pytest.raises(CourseError, match="no such suite"):
        list(executor.map([b"1", b"2", b"3"]))
    assert pool.left() == []


@pytest.mark.parametrize("behaviour", ["pass", "time.sleep(600)"], ids=["idle", "busy"])
def test_a_run_that_is_abandoned_ends_its_children(pool: Pool, behaviour: str) -> None:
    """Whoever stops asking gets rid of the children, the busy one too, and of their folders."""
    answers = pool.open(f"if job != b'1': {behaviour}").map([b"1", b"2", b"3"])
    assert next(answers) == (0, b"echo 1")
    answers.close()  # type: ignore[attr-defined]
    assert pool.left() == []


def test_what_a_killed_child_wrote_is_removed(pool: Pool) -> None:
    """A child that dies leaves a deep folder: it is gone before its job is tried again."""
    behaviour = """
import shutil
if not (here / "hit").exists():
    (here / "hit").touch()
    os.chdir(folder)
    for _ in range(1500): os.mkdir("d"); os.chdir("d")
    os.kill(os.getpid(), 9)
left = [line.split(" ", 1)[1] for line in (here / "children").read_text().splitlines()[:-1]]
answer = lambda job: repr([f for f in left if os.path.exists(f)]).encode()
"""
    assert pool.map([b"1"], behaviour) == [(0, b"[]")]


def test_children_notice_that_the_executor_was_killed(tmp_path: Path) -> None:
    """A busy child reads the end of its lifeline when whoever started it is gone."""
    pool = Pool(tmp_path)
    parent = os.fork()
    if parent == 0:
        try:
            next(pool.open("time.sleep(600)").map([b"1"]), None)
        finally:
            os._exit(1)
    until = time.monotonic() + 60
    while not (tmp_path / "seen").exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(parent, 9)
    os.waitpid(parent, 0)
    while not (tmp_path / "alone").exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert (tmp_path / "alone").exists()
    # Whose folder it is is the child's business now; this one does nothing about it.
    remove_scratch(str(pool.children()[0][1]))
