"""Reaching a Dask cluster: an existing one by its scheduler's address, or a trial one on this machine.

Keys and certificates are ``distributed``'s own configuration (``distributed.comm.tls``), and so are its timeouts.
"""

from __future__ import annotations

import logging
import re
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final

from distributed import Client, Future, LocalCluster, Security, wait
from distributed.client import ClosedClientError, FuturesCancelledError

from grader.core.errors import GraderError

WAIT_SECONDS: Final = 300.0
"""How long to wait for a worker where there is none."""

ANSWER_SECONDS: Final = 60.0
"""How long to wait for all workers' answers, once one has answered."""

_TRIAL = re.compile(r"local:([1-9][0-9]{0,2})")


@contextmanager
def open_client(address: str) -> Iterator[Client]:
    """A client of the cluster at ``address``: ``tcp://…``, ``tls://…``, or ``local:N`` for N workers on this machine.

    GraderError if there is none.
    """
    trial = _TRIAL.fullmatch(address)
    if not trial and "://" not in address:
        raise GraderError(
            f"{address!r} is no cluster: give its scheduler's tcp://HOST:PORT or tls://HOST:PORT, or local:2"
        )
    # What it has to say of workers that come and go, we say.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        try:
            to: str | LocalCluster = stack.enter_context(_trial(int(trial[1]))) if trial else address
            client = stack.enter_context(Client(to, set_as_default=False, name="grader"))
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            reason = str(error) or type(error).__name__
            raise GraderError(f"no scheduler can be reached at {address}: {reason}") from None
        yield client


def workers_of(client: Client) -> dict[str, dict[str, Any]]:
    """What the scheduler knows of each worker, by address. GraderError if it does not answer."""
    try:
        identity = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=30)
    except (OSError, TimeoutError, AttributeError, ClosedClientError):
        raise scheduler_gone() from None
    workers: dict[str, dict[str, Any]] = identity["workers"]
    return workers


def scheduler_gone() -> GraderError:
    """Nothing can be asked any more, and nothing is lost."""
    return GraderError(
        "the cluster's scheduler does not answer any more: start it, and run the same command again; what was graded "
        "is kept"
    )


def submit_to(client: Client, address: str, kind: str, function: Callable[..., Any], *values: object) -> Future:
    """Have ``function`` called on one worker and no other, even if it was called there before."""
    key = f"grader-{kind}-{uuid.uuid4().hex}"
    return client.submit(function, *values, key=key, pure=False, workers=[address], allow_other_workers=False)


def wait_for(client: Client, futures: list[Future], seconds: float) -> None:
    """Wait until all ``futures`` are done in whichever way, but no longer than ``seconds``."""
    with client.as_current(), suppress(OSError, TimeoutError, FuturesCancelledError):
        wait(futures, timeout=seconds)


def ask_all(client: Client, function: Callable[..., Any], *values: object) -> list[Any]:
    """What ``function`` gives on each worker that is there now and can answer; waits for a first worker.

    GraderError if none comes.
    """
    asked: dict[str, Future] = {}
    since = time.monotonic()
    while True:
        present = [address for address, worker in workers_of(client).items() if worker.get("status") == "running"]
        if not asked:
            asked = {address: submit_to(client, address, "offer", function, *values) for address in present}
        expected = [future for address, future in asked.items() if address in present]
        answered = [future for future in expected if future.done()]
        waited = time.monotonic() - since
        if expected and (len(answered) == len(expected) or (answered and waited > ANSWER_SECONDS)):
            answers = [future.result() for future in answered if future.status == "finished"]
            client.cancel(list(asked.values()))
            return answers
        if not expected:
            asked = {}
        if waited > WAIT_SECONDS:
            raise GraderError(f"no worker of the cluster has answered for {WAIT_SECONDS / 60:.0f} minutes: start some")
        if not expected:
            time.sleep(0.2)
            continue
        # Not longer, so that it is seen who went meanwhile.
        wait_for(client, expected, 1.0)


class TrialCluster(LocalCluster):  # type: ignore[misc]
    """One whose workers may come and go faster than its own list of them follows, which ends in a KeyError."""

    def _update_worker_status(self, op: str, msg: Any) -> None:
        with suppress(KeyError):
            super()._update_worker_status(op, msg)


@contextmanager
def _trial(workers: int) -> Iterator[LocalCluster]:
    """A scheduler and workers on this machine, which no other user of it can talk to."""
    try:
        security = Security.temporary()
    except ImportError as error:
        raise GraderError(f'--cluster local:N needs more: pip install "stride-course[cluster]" ({error})') from None
    with (
        tempfile.TemporaryDirectory(prefix="grader-dask-") as folder,
        TrialCluster(
            n_workers=workers,
            threads_per_worker=1,
            security=security,
            dashboard_address=None,
            local_directory=folder,
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster
