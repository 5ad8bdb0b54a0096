"""What runs on a worker of a Dask cluster: a run's topic files, and one session for each of the worker's threads.

The functions are called by ``executors.dask``, by name. Sessions are child processes, as on one machine, started as
programs: a Dask worker below its nanny may not have children of ``multiprocessing``'s. They stay between batches; they
and the files go when the run ends, when nobody has asked for a while, or with the worker.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.autograde import jobs
from grader.autograde.parcel import digest_of, pack_folder, unpack_folder
from grader.core.digest import engine_digest
from grader.core.errors import GraderError, SandboxError
from grader.core.scratch import make_scratch, remove_abandoned, remove_scratch
from grader.core.topic import SLUG, read_topic
from grader.executors.kept import Ended, KeptChildren
from grader.sandbox.levels import chosen_level

IDLE_SECONDS: Final = 300.0
"""After so long without a batch a coordinator is taken to be gone."""

Reply = tuple[str, Any]
"""See ``executors.dask``."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One run's terms: whose topic, exactly which files and engine, at which level of the sandbox."""

    run: str
    slug: str
    digest: str
    engine: str
    level: str
    measure: bool = False


encode_order = msgspec.msgpack.Encoder().encode
_decode_order = msgspec.msgpack.Decoder(Order).decode


class _Tag(msgspec.Struct, frozen=True):
    """What kind of reply it is, without the rest."""

    type: str


_tag_of = msgspec.msgpack.Decoder(_Tag).decode


class _Place:
    """A run's topic files and sessions on this worker."""

    def __init__(self, order: Order, files: bytes) -> None:
        remove_abandoned()
        self._order = order
        self._scratch, self._held = make_scratch()
        self._path = Path(self._scratch) / order.digest / order.slug
        self.sessions = KeptChildren(self._command, _refuse_failed)
        self.used = time.monotonic()
        self.busy = 0
        self.gone = threading.Event()
        try:
            unpack_folder(files, self._path)
        except BaseException:
            self.close()
            raise

    def _command(self, channel: int, lifeline: int, folder: str) -> list[str]:
        """As on one machine, after a look whether files and engine are still those of the run."""
        if engine_digest() != self._order.engine:
            raise SandboxError("its grader was changed while it ran")
        try:
            unchanged = digest_of(pack_folder(self._path)) == self._order.digest
        except OSError:
            unchanged = False
        if not unchanged:
            # Somebody cleared up the temporary folder: the files have to be delivered again.
            raise Ended
        started = jobs.command(read_topic(self._path), self._order.level, measure=self._order.measure)
        return [*started, str(channel), str(lifeline), folder]

    def close(self) -> None:
        """End the sessions and remove the files."""
        self.gone.set()
        self.sessions.close()
        remove_scratch(self._scratch)
        os.close(self._held)


_places: dict[bytes, _Place] = {}
_proved: set[str] = set()
"""Levels that a live probe has shown this host to keep."""
_lock = threading.Lock()


def offer(choice: str) -> Reply:
    """The level that ``choice`` (``auto`` or a level's name) comes to on this host: ``("level", name)``, or refused."""
    try:
        level = chosen_level(choice)
    except SandboxError as error:
        return "refused", str(error)
    _proved.add(level)
    return "level", level


def introduce(order: bytes) -> Reply:
    """Whether this worker can keep the terms of ``order``, and, where it has the files, a first session's greeting."""
    terms = _decode_order(order)
    own = engine_digest()
    if own != terms.engine:
        return "refused", f"it has {own}, and this run {terms.engine}: install the same there"
    if terms.level not in _proved:
        kind, level = offer(terms.level)
        if kind == "refused":
            return kind, level
    return _with_place(order, _opened)


def deliver(order: bytes, files: bytes) -> Reply:
    """Take the topic's files, once and for the run; then as :func:`introduce`."""
    terms = _decode_order(order)
    if digest_of(files) != terms.digest or not SLUG.fullmatch(terms.slug):
        return "refused", "the topic's files did not arrive as they were sent"
    with _lock:
        _forget(order)
        _places[order] = place = _Place(terms, files)
    threading.Thread(target=_watch, args=(order, place), daemon=True).start()
    return introduce(order)


def work(order: bytes, batch: list[bytes]) -> Reply:
    """Grade a batch in a session: ``("done", (seconds, results))``; refused if the session can't go on."""

    def graded(place: _Place) -> Reply:
        start = time.monotonic()
        results = place.sessions.run(batch)
        for result in results:
            # Nothing about the submission: this host broke under its session, and others may not.
            if result is not None and _tag_of(result).type == jobs.Failed.__name__:
                _refuse_failed(result)
        return "done", (time.monotonic() - start, results)

    return _with_place(order, graded)


def leave(order: bytes) -> Reply:
    """The run is over: end what is kept for it."""
    with _lock:
        _forget(order)
    return "left", None


def _opened(place: _Place) -> Reply:
    return "ready", place.sessions.open()


def _with_place(order: bytes, act: Callable[[_Place], Reply]) -> Reply:
    with _lock:
        place = _places.get(order)
        if place is None:
            return "absent", None
        place.busy += 1
    try:
        return act(place)
    except Ended:
        with _lock:
            if _places.get(order) is place:
                _forget(order)
        return "absent", None
    except GraderError as error:
        return "refused", str(error)
    finally:
        with _lock:
            place.used = time.monotonic()
            place.busy -= 1


def _forget(order: bytes) -> None:
    place = _places.pop(order, None)
    if place is not None:
        place.close()


def _watch(order: bytes, place: _Place) -> None:
    """End what a coordinator left behind that never said good-bye."""
    while not place.gone.wait(IDLE_SECONDS):
        with _lock:
            if place.busy == 0 and time.monotonic() - place.used > IDLE_SECONDS and _places.get(order) is place:
                _forget(order)


def _refuse_failed(greeting: bytes) -> None:
    reply = jobs.decode_reply(greeting)
    if isinstance(reply, jobs.Failed):
        raise SandboxError(reply.reason)
