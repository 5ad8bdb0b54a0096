"""The executor on a Dask cluster, with jobs that are only echoed: who is sent what, and what comes back."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator

import pytest

pytest.importorskip("distributed", reason="needs the extra cluster")

import dask.config
from distributed import Client

from grader.core.errors import GraderError, SandboxError
from grader.executors import dask as executor
from grader.executors import scheduler
from grader.executors.dask import DaskWorkers
from grader.tests import errands

JOBS = [b"%d" % number for number in range(40)]


class Cluster:
    """A cluster whose workers are threads of this process, and what was told of them."""

    def __init__(self, workers: int) -> None:
        self.dask = scheduler.TrialCluster(
            n_workers=workers, threads_per_worker=1, processes=False, dashboard_address=None, silence_logs=50
        )
        self.client = Client(self.dask, set_as_default=False)
        errands.remove = self.remove
        self.told: list[str] = []
        self.greetings: list[bytes] = []

    def open(self, conduct: str = "") -> DaskWorkers:
        """The executor; ``conduct`` says which worker does what, see ``errands``."""
        errands.seen.clear()
        errands.delivered.clear()
        errands.left.clear()
        errands.gate.clear()
        order = f"{uuid.uuid4().hex}:{conduct}".encode()
        return DaskWorkers(self.client, errands.errand(order), errands.FILES, self.greetings.append, self.told.append)

    def remove(self, address: str) -> None:
        """As if the worker's machine had been switched off."""
        self.dask.sync(self.dask.scheduler.remove_worker, address, stimulus_id="test", close=False)

    def map(self, jobs: list[bytes], conduct: str = "") -> list[tuple[int, bytes | None]]:
        """Every answer, by job."""
        return sorted(self.open(conduct).map(jobs))

    def close(self) -> None:
        """End it."""
        errands.gate.set()
        self.client.close()
        self.dask.close()
        assert self.dask.status.name == "closed"


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """Two workers, called 0 and 1, that are looked at often."""
    monkeypatch.setattr(executor, "LOOK_SECONDS", 0.05)
    # A lost connection is given up within a second, not half a minute.
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        cluster = Cluster(2)
        yield cluster
        cluster.close()


def echoed(jobs: list[bytes]) -> list[tuple[int, bytes | None]]:
    """What comes back where nothing goes wrong."""
    return [(number, b"echo " + job) for number, job in enumerate(jobs)]


def done() -> list[bytes]:
    """Every job that was done, as often as it was."""
    return sorted(job for _, job in errands.seen if job)


def test_every_job_is_answered_once(cluster: Cluster) -> None:
    """By either worker; each was sent the files once, greeted, and was told that the run is over."""
    assert cluster.map(JOBS) == echoed(JOBS)
    assert done() == sorted(JOBS)
    assert {name for name, _ in errands.seen} == {"0", "1"}
    assert sorted(errands.delivered) == sorted(errands.left) == ["0", "1"]
    assert set(cluster.greetings) == {b"hello from 0", b"hello from 1"}
    assert cluster.told == []


def test_nothing_to_do(cluster: Cluster) -> None:
    """Nobody is asked anything."""
    assert cluster.map([]) == []
    assert errands.delivered == []


def test_a_lost_job_is_lost_alone(cluster: Cluster) -> None:
    """What a worker gave up is None, and the rest of its batch counts."""
    jobs = [b"0", b"lost", b"2"]
    assert cluster.map(jobs) == [(0, b"echo 0"), (1, None), (2, b"echo 2")]


@pytest.mark.parametrize(
    ("conduct", "reason"),
    [
        ("refuse", "it is not in the mood"),
        ("unknown", "it can't be asked (AttributeError: module has no attribute introduce)"),
        ("break", "it can't be asked (RuntimeError: out of order)"),
        ("rubbish", "it answers what nobody asked: install the same version of the grader there"),
    ],
)
def test_a_worker_that_is_not_fit_is_named_and_left_out(cluster: Cluster, conduct: str, reason: str) -> None:
    """Whether it refuses, is of another version or breaks: others do its work, and nothing is done twice."""
    assert cluster.map(JOBS, f"0={conduct}") == echoed(JOBS)
    assert done() == sorted(JOBS)
    (told,) = cluster.told
    assert told.startswith("worker 0 (inproc://")
    assert told.endswith(f"is not used: {reason}")


def test_where_every_worker_refuses_the_run_ends(cluster: Cluster) -> None:
    """One sentence, with a reason."""
    with pytest.raises(SandboxError, match="no worker of the cluster can grade: . .*: it is not in the mood"):
        cluster.map(JOBS, "all=refuse")


def test_a_worker_that_lost_the_files_gets_them_again(cluster: Cluster) -> None:
    """Somebody cleared its temporary folder: no job is lost by it."""
    assert cluster.map(JOBS, "0=forget") == echoed(JOBS)
    assert done() == sorted(JOBS)
    assert sorted(errands.delivered) == ["0", "0", "1"]


def test_a_worker_that_joins_late_gets_its_share(cluster: Cluster) -> None:
    """As soon as it is there, with what is still waiting."""
    cluster.dask.scale(1)
    cluster.client.wait_for_workers(1)
    run = cluster.open().map([b"wait", *JOBS])
    thread = threading.Timer(0.2, lambda: cluster.dask.scale(2))
    thread.start()
    first = next(run)
    assert first[0] != 0
    errands.gate.set()
    assert sorted([first, *run]) == echoed([b"wait", *JOBS])
    thread.join()
    assert len({name for name, _ in errands.seen}) == 2


def test_what_a_vanished_worker_had_is_done_by_others(cluster: Cluster) -> None:
    """Its answers, should they still come, are dropped."""
    jobs = [b"wait", *JOBS]
    run = cluster.open().map(jobs)
    first = next(run)
    waiting = next(name for name, job in errands.seen if job == b"wait")
    cluster.remove(cluster.dask.workers[int(waiting)].address)
    answers = [first]
    for answer in run:
        answers.append(answer)
        if len(answers) == len(JOBS):
            errands.gate.set()
    assert sorted(answers) == echoed(jobs)
    assert any("is gone: what it had, " in told for told in cluster.told)


def test_a_worker_that_is_drained_keeps_nothing_waiting(cluster: Cluster) -> None:
    """It goes in good order, in the middle of a job; that job and its next are done by the other, once each."""
    jobs = [b"wait", *JOBS]
    run = cluster.open().map(jobs)
    first = next(run)
    waiting = next(name for name, job in errands.seen if job == b"wait")
    cluster.client.retire_workers([cluster.dask.workers[int(waiting)].address], close_workers=False)
    answers = [first]
    for answer in run:
        answers.append(answer)
        if len(answers) == len(JOBS):
            errands.gate.set()
    assert sorted(answers) == echoed(jobs)
    assert done().count(b"wait") <= 2


def test_a_run_that_is_abandoned_takes_everything_back(cluster: Cluster) -> None:
    """The workers end what they kept."""
    run = cluster.open().map([*JOBS, *JOBS])
    next(run)
    run.close()  # type: ignore[attr-defined]
    assert sorted(errands.left) == ["0", "1"]


def test_a_scheduler_that_dies_ends_the_run_in_a_sentence(cluster: Cluster) -> None:
    """What was graded is kept by whoever asked."""
    run = cluster.open().map([b"wait", *JOBS])
    next(run)
    cluster.dask.sync(cluster.dask.scheduler.close)
    with pytest.raises(GraderError, match="the cluster's scheduler does not answer any more: start it"):
        list(run)


def test_nobody_comes(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster without workers is waited for, and then given up."""
    cluster.dask.scale(0)
    monkeypatch.setattr(executor, "WAIT_SECONDS", 0.3)
    with pytest.raises(GraderError, match="has had no worker that can grade"):
        cluster.map(JOBS)
    monkeypatch.setattr(scheduler, "WAIT_SECONDS", 0.3)
    with pytest.raises(GraderError, match="no worker of the cluster has answered"):
        scheduler.ask_all(cluster.client, errands.introduce, b"")


def test_everybody_is_asked(cluster: Cluster) -> None:
    """One answer a worker; one that breaks gives none."""
    assert scheduler.ask_all(cluster.client, errands.introduce, b":0=refuse") == [
        ("refused", "it is not in the mood"),
        ("absent", None),
    ]
    assert scheduler.ask_all(cluster.client, errands.introduce, b":0=unknown") == [("absent", None)]


@pytest.mark.parametrize("address", ["", "scheduler", "local:0", "local:x", "local:"])
def test_what_is_no_address(address: str) -> None:
    """One sentence with what is."""
    with (
        pytest.raises(GraderError, match="is no cluster: give its scheduler's tcp://HOST:PORT"),
        scheduler.open_client(address),
    ):
        pass


def test_a_job_that_takes_its_worker_with_it_is_given_up_alone(cluster: Cluster) -> None:
    """Three workers go with it; every other job is answered, by whoever is left."""
    cluster.dask.scale(4)
    cluster.client.wait_for_workers(4)
    jobs = [b"0", b"die", *JOBS]
    assert cluster.map(jobs) == [(1, None) if number == 1 else answer for number, answer in enumerate(echoed(jobs))]
    assert done().count(b"die") == len(cluster.told) == 3


@pytest.mark.slow
def test_a_trial_cluster_runs_what_it_is_asked() -> None:
    """Its workers are processes of this machine, which only who has its keys can talk to."""
    with scheduler.open_client("local:1") as client:
        assert all(address.startswith("tls://127.0.0.1:") for address in scheduler.workers_of(client))
        assert scheduler.ask_all(client, errands.introduce, b"run:") == [("absent", None)]
