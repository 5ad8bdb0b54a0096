"""Which level of the sandbox this host really enforces: found by attempts inside a worker, never by version numbers."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

import msgspec

from grader.core.errors import GraderError, SandboxError
from grader.core.topic import Limits
from grader.sandbox.zygote import Zygote
from grader.wire import messages as m
from grader.wire import values as v

Level = Literal["full", "landlock"]

LEVELS: Final[tuple[Level, ...]] = ("full", "landlock")

PROMISES: Final[dict[str, str]] = {
    "read_files": "files of the host can't be read",
    "list_folders": "folders of the host can't be listed",
    "write_files": "nothing outside the private folder can be written",
    "read_processes": "other processes can't be read through /proc",
    "signal_processes": "other processes can't be signalled",
    "trace_processes": "other processes can't be traced",
    "make_processes": "no process can be made",
    "execute_programs": "no other program can be run",
    "open_sockets": "no network socket can be made",
    "open_local_sockets": "no local socket can be made",
    "change_files": "no file's mode, owner or times can be changed",
    "share_memory": "no memory, queue or key can be shared",
    "leave_group": "no process group can be left",
    "lift_limits": "no limit can be lifted",
    "take_descriptors": "open files are limited",
    "make_namespaces": "no namespace can be made",
    "mount_filesystems": "nothing can be mounted",
    "hide_memory": "no memory outside the limits can be made",
    "take_memory": "memory is limited",
    "fill_disk": "disk space is limited",
    "import_torch": "torch is out of reach under the numpy runtime",
}
"""Every attempt of ``attempts.py``, and what its refusal proves."""


class Proof(msgspec.Struct, frozen=True):
    """What came of probing one level: for each promise, why the attempt was refused, or "" where it succeeded.

    ``problem`` says why the level can't be had at all, ``mechanisms`` what the kernel said of the worker meanwhile.
    """

    level: Level
    refusals: dict[str, str] = {}
    problem: str = ""
    mechanisms: dict[str, bool] = {}

    @property
    def broken(self) -> tuple[str, ...]:
        """The promises that this host does not keep at this level."""
        return tuple(name for name in PROMISES if not self.refusals.get(name))

    @property
    def holds(self) -> bool:
        """Whether the level may be used."""
        return not self.problem and not self.broken


def probe(level: Level) -> Proof:
    """Start a worker at ``level`` and try everything a hostile submission would."""
    if sys.platform != "linux":
        return Proof(level, problem="there is no sandbox on this system; it needs Linux")
    text = (Path(__file__).parent / "attempts.py").read_text(encoding="utf-8")
    try:
        with tempfile.TemporaryDirectory(prefix="grader-canary-") as folder, Zygote("numpy", level, Limits()) as zygote:
            canary = Path(folder) / "canary"
            canary.write_text("canary", encoding="utf-8")
            worker = zygote.fork()
            try:
                load = m.Load("attempts", (m.Cell(text, "attempts.py"),))
                call = m.Call(1, [str(canary), os.getpid()], {}, name="try_all")
                for request in (load, m.Run()):
                    worker.channel.send(m.encode(request), 10)
                    worker.channel.receive(10)
                worker.channel.send(m.encode(call), 10)
                reply = m.decode_from_worker(worker.channel.receive(30))
                mechanisms = worker.mechanisms()
            finally:
                worker.close()
            written = Path(f"{canary}.written").exists()
    except (OSError, GraderError) as error:
        return Proof(level, problem=str(error) or type(error).__name__)
    except Exception as error:
        return Proof(level, problem=f"the probe gave no answer ({type(error).__name__})")
    # Texts, which are their own wire form: the codec would have NumPy imported before the probe begins.
    if not isinstance(reply, m.Returned) or not isinstance(reply.value, v.Dict):
        return Proof(level, problem="the probe was not answered")
    refusals = {str(name): str(why) for name, why in reply.value.items}
    if written:
        refusals["write_files"] = ""
    return Proof(level, refusals, mechanisms=mechanisms)


def best_level() -> Level:
    """The highest level whose every promise this host keeps; SandboxError says what is missing if there is none."""
    reasons = []
    for level in LEVELS:
        proof = probe(level)
        if proof.holds:
            return level
        why = proof.problem or "not enforced: " + ", ".join(PROMISES[name] for name in proof.broken)
        reasons.append(f"{level}: {why}")
    raise SandboxError(
        f"this host can't confine a submission ({'; '.join(reasons)}). Run `grader doctor` for details; "
        "`--sandbox none` grades code that you trust, and no other."
    )


def chosen_level(choice: str) -> str:
    """The level for ``auto``, ``none`` or a level's name, proved by a live probe; SandboxError if the host can't."""
    if choice == "none":
        return choice
    if choice == "auto":
        return best_level()
    level = next((level for level in LEVELS if level == choice), None)
    if level is None:
        raise SandboxError(f"there is no sandbox {choice!r}: use auto, {', '.join(LEVELS)} or none")
    proof = probe(level)
    if not proof.holds:
        why = proof.problem or f"not enforced: {', '.join(proof.broken)}"
        raise SandboxError(f"this host can't do --sandbox {choice}: {why}")
    return level
