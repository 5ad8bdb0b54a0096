"""What a Dask worker is asked in tests of the executor: an errand whose jobs are only echoed, and what goes wrong.

Workers call these by name, in this process or in their own.
"""

from __future__ import annotations

import threading
import time

from distributed import get_worker

from grader.executors.dask import Errand, Reply

FILES = b"the files"

_delivered: set[tuple[str, bytes]] = set()
seen: list[tuple[str, bytes]] = []
"""Each job done in this process, with its worker's name."""
delivered: list[str] = []
left: list[str] = []
gate = threading.Event()
"""A job called ``wait`` waits for it, the first time."""
lock = threading.Lock()


def remove(address: str) -> None:
    """What a job called ``die`` does to its worker; the cluster that is tested puts its own here."""
    raise NotImplementedError


def errand(order: bytes) -> Errand:
    """The errand; its order is ``run:name=what,…``, what workers of that name do otherwise."""
    return Errand(order, introduce, deliver, work, leave)


def _conduct(order: bytes) -> tuple[str, str]:
    name = str(get_worker().name)
    rules = dict(rule.split("=") for rule in order.decode().partition(":")[2].split(",") if rule)
    return name, rules.get(name, rules.get("all", ""))


def introduce(order: bytes) -> Reply:
    """Refuse, ask for the files, or be ready."""
    name, conduct = _conduct(order)
    if conduct == "refuse":
        return "refused", "it is not in the mood"
    if conduct == "unknown":
        raise AttributeError("module has no attribute introduce\nand more")
    if (name, order) not in _delivered:
        return "absent", None
    return "ready", f"hello from {name}".encode()


def deliver(order: bytes, files: bytes) -> Reply:
    """Take the files."""
    name, _ = _conduct(order)
    assert files == FILES
    delivered.append(name)
    _delivered.add((name, order))
    return introduce(order)


def work(order: bytes, jobs: list[bytes]) -> Reply:
    """Echo."""
    name, conduct = _conduct(order)
    start = time.monotonic()
    if conduct == "break":
        raise RuntimeError("out of order")
    if conduct == "rubbish":
        return "well", None
    if conduct == "forget" and (name, order) in _delivered and not any(who == name for who, _ in seen):
        seen.append((name, b""))
        _delivered.remove((name, order))
        return "absent", None
    results: list[bytes | None] = []
    for job in jobs:
        with lock:
            again = any(before == job for _, before in seen)
            seen.append((name, job))
        if job == b"wait" and not again:
            gate.wait(60)
        if job == b"die":
            remove(get_worker().address)
        results.append(None if job == b"lost" else b"echo " + job)
    return "done", (time.monotonic() - start, results)


def leave(order: bytes) -> Reply:
    """Say good-bye."""
    left.append(_conduct(order)[0])
    return "left", None
