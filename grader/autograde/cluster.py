"""A Dask cluster to grade on: the sandbox's level there, and sessions on its workers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from distributed import Client

from grader.autograde import remote
from grader.autograde.parcel import digest_of, pack_folder
from grader.core.digest import engine_digest
from grader.core.errors import CourseError, SandboxError
from grader.core.topic import Topic
from grader.executors.dask import DaskWorkers, Errand
from grader.executors.scheduler import ask_all, open_client
from grader.sandbox.levels import LEVELS


class Cluster:
    """A cluster that is connected to; every worker that takes part keeps ``level``."""

    def __init__(self, client: Client, level: str, tell: Callable[[str], None]) -> None:
        self.level = level
        self._client = client
        self._tell = tell

    def sessions(self, topic: Topic, *, measure: bool, greet: Callable[[bytes], None]) -> DaskWorkers:
        """An executor whose jobs are submissions to ``topic``; CourseError if its folder can't be read."""
        try:
            files = pack_folder(topic.path)
        except OSError as error:
            raise CourseError(f"{topic.path} can't be read: {error.strerror}") from None
        order = remote.Order(
            run=uuid.uuid4().hex,
            slug=topic.slug,
            digest=digest_of(files),
            engine=engine_digest(),
            level=self.level,
            measure=measure,
        )
        asked = (remote.encode_order(order), remote.introduce, remote.deliver, remote.work, remote.leave)
        return DaskWorkers(self._client, Errand(*asked), files, greet, self._tell)


@contextmanager
def open_cluster(address: str, sandbox: str, tell: Callable[[str], None]) -> Iterator[Cluster]:
    """The cluster at ``address``; ``tell`` is given a sentence whenever a worker is refused, or goes.

    With ``sandbox`` ``auto`` the level is the best that one of its workers proves now, and those below it are refused.
    GraderError if there is no cluster, or no level.
    """
    with open_client(address) as client:
        yield Cluster(client, _best_level(client) if sandbox == "auto" else sandbox, tell)


def _best_level(client: Client) -> str:
    answers: list[remote.Reply] = ask_all(client, remote.offer, "auto")
    offered = {value for kind, value in answers if kind == "level"}
    for level in LEVELS:
        if level in offered:
            return level
    reasons = [value for kind, value in answers if kind == "refused"]
    raise SandboxError(reasons[0] if reasons else "no worker of the cluster has this grader: install it there")
