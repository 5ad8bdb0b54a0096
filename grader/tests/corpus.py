"""Hostile submissions, the world they are let loose in, and the run that grades them.

An attack is a file in ``attacks/<class>/`` with a header; graded is that file between a prelude and an answer to the
topic, right or left empty, so that one attack serves every topic. If it defines ``attack(honest, *args, **kwargs)``,
each task calls that instead. Run as a program this grades a batch, as whichever user it was started by.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

from grader.autograde.run import grade_all
from grader.autograde.submissions import Submission
from grader.core.errors import GraderError
from grader.core.grade import Graded
from grader.core.topic import Topic, read_topic
from grader.release.stub import make_stub
from grader.tests.ordinary import ROOT, Unavailable, as_user
from grader.tests.toy import FILES
from grader.tests.zygotes import processes, wait_for_death
from grader.wire.messages import Cell

ATTACKS = Path(__file__).parent / "attacks"

TOPICS = {
    "toy": FILES,
    "convolution": ROOT / "solutions" / "convolution",
    "residual_block": ROOT / "solutions" / "residual_block",
}
"""Where the topics lie on which the corpus is replayed."""

LEAK = "LEAK-" + "MARKER"
"""What leaking attacks put into everything they say of a hidden input; they put it together when they run."""

_HEADER = re.compile(r"\A# /// attack\n((?:#.*\n)*?)# ///\n")
_FUTURE = "from __future__ import annotations\n"
_BATCH_SECONDS = 400
PATIENCE = 5
"""How many times as long whoever should have earned everything may take a second time."""


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an attack tries, and what must be observed.

    ``answer`` is what it is wrapped around; ``score`` "full" if its honest part is right and must earn all, "zero" if
    nothing; ``verdicts`` those that its other checks may have; ``refused``: whatever it attempts must be refused;
    ``runs``: it must say that it tried; ``gradable``: whether it is Python at all.
    """

    tries: str
    answer: Literal["right", "stub"] = "right"
    score: Literal["full", "zero"] = "full"
    verdicts: tuple[str, ...] = ()
    refused: bool = False
    runs: bool = True
    gradable: bool = True


class Attack(msgspec.Struct, frozen=True):
    """One file of the corpus."""

    name: str
    header: Header
    text: str

    @property
    def kind(self) -> str:
        """Its class: the folder it is in."""
        return self.name.partition("/")[0]


def read_attacks() -> list[Attack]:
    """The whole corpus, by name; a header that is missing or wrong is an error."""
    found = []
    for path in sorted(ATTACKS.glob("*/*.py")):
        text = path.read_text(encoding="utf-8")
        match = _HEADER.match(text)
        assert match is not None, f"{path} has no header"
        raw = tomllib.loads("\n".join(line.removeprefix("#").strip() for line in match[1].splitlines()))
        found.append(Attack(f"{path.parent.name}/{path.stem}", msgspec.convert(raw, Header), text))
    return found


class World:
    """A topic's copy with a secret in its hidden parts, and things a submission must not touch, all of one user's.

    The secret is in a file, in the hidden suite, in the reference, in the environment and the arguments of a sibling
    process. Sockets listen, and a folder that everybody may write in stays empty.
    """

    def __init__(self, slug: str, user: int | None, hurried: bool = True) -> None:
        """``hurried``: with limits that keep what hangs short; else the topic's own."""
        self._before_commands = as_user(user)
        self.secret = f"CANARY-{secrets.token_hex(8)}"
        self._temporary = tempfile.TemporaryDirectory(prefix="world-")
        self.folder = Path(self._temporary.name)
        self.folder.chmod(0o755)
        self.inbox = self.folder / "inbox"
        self.scratch = self.folder / "scratch"
        for folder in (self.inbox, self.scratch):
            folder.mkdir()
            folder.chmod(0o777)
        self.topic = self._copy(slug, 1 if hurried else None)
        self._patient = self._copy(slug, PATIENCE, "patient") if hurried else self.topic
        self.files = {
            "secret": self.folder / "secret.txt",
            "gradebook": self.folder / "gradebook.db",
            "hidden": self.topic.tests / "test_hidden.py",
            "reference": self.topic.reference,
        }
        self.files["secret"].write_text(self.secret, encoding="utf-8")
        self.files["gradebook"].write_text(self.secret, encoding="utf-8")
        if user is not None:
            for path in self.folder.rglob("*"):
                os.chown(path, user, user)
        self._before = self._state()
        self.sibling = subprocess.Popen(
            [*self._before_commands, sys.executable, "-c", "import sys; sys.stdin.read()", self.secret],
            stdin=subprocess.PIPE,
            env={"SECRET": self.secret},
        )
        self._sockets = list(_listening(self.folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End what was started, remove what was made."""
        self.sibling.kill()
        self.sibling.communicate()
        for each in self._sockets:
            each.close()
        self._temporary.cleanup()

    def _copy(self, slug: str, times: int | None, below: str = "") -> Topic:
        """A copy with so many ``times`` the seconds that hurry, or with the topic's own."""
        folder = self.folder / below / "solutions" / slug
        shutil.copytree(TOPICS[slug], folder, ignore=shutil.ignore_patterns("__pycache__", "submissions", "figures"))
        for path in (folder / "tests" / "test_hidden.py", folder / f"{slug}.py"):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n_SECRET = {self.secret!r}\n")
        if times is None:
            return read_topic(folder)
        config = folder / "topic.toml"
        text = re.sub(r"(?ms)^\[limits\]\n.*?(?=^\[|\Z)", "", config.read_text(encoding="utf-8"))
        seconds, all_seconds, memory = (0.6, 1, 256) if 'runtime = "torch"' in text else (0.25, 0.4, 128)
        # Hanging costs the suite's time: as little as an honest answer mostly allows: ten times its own.
        seconds, all_seconds = seconds * times, all_seconds * times
        limits = f"call_seconds = {seconds}\ncheck_seconds = {seconds}\nsubmission_seconds = {all_seconds}\n"
        config.write_text(f"{text}\n[limits]\n{limits}memory_mb = {memory}\nrestarts = 1\n", encoding="utf-8")
        return read_topic(folder)

    def facts(self) -> dict[str, Any]:
        """What the attacker knows."""
        numpy = self.topic.config.runtime == "numpy"
        return {
            **{name: str(path) for name, path in self.files.items()},
            "inbox": str(self.inbox),
            "topic": str(self.topic.path),
            "engine": str(ROOT / "grader"),
            "port": self._sockets[0].getsockname()[1],
            "socket": self._sockets[1].getsockname(),
            "abstract": f"\0{self.folder.name}",
            "sibling": self.sibling.pid,
            "parent": os.getpid(),
            "banned": "torch" if numpy else "torchvision",
        }

    def submission(self, attack: Attack) -> Submission:
        """What is handed in for ``attack``."""
        answer = self.right if attack.header.answer == "right" else make_stub(self.right, self.topic.slug)
        text = "\n".join(
            [
                _FUTURE,
                f"WORLD = {self.facts()!r}\nSLUG = {self.topic.slug!r}",
                f"TASKS = {[task.name for task in self.topic.config.tasks]!r}",
                (ATTACKS / "prelude.py").read_text(encoding="utf-8"),
                attack.text.replace("BANNED_MODULE", str(self.facts()["banned"])),
                answer.replace(_FUTURE, ""),
                _WRAPPER if "\ndef attack(" in attack.text else "",
            ]
        )
        return self.handed_in(attack.name, text)

    @property
    def right(self) -> str:
        """The text of a right answer."""
        return self.topic.reference.read_text(encoding="utf-8").partition("\n_SECRET")[0]

    def handed_in(self, student: str, text: str) -> Submission:
        """A file with this text."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        return Submission(student, f"{self.topic.slug}.py", digest, (Cell(text, f"{self.topic.slug}.py"),))

    def grade(self, submissions: list[Submission], level: str, *, patient: bool = False) -> Batch:
        """Grade them in a process of this world's user; Unavailable says what this host lacks for it.

        ``patient`` with whoever may only have been slow because the host was busy.
        """
        command = [
            *self._before_commands,
            sys.executable,
            "-P",
            "-m",
            "grader.tests.corpus",
            str((self._patient if patient else self.topic).path),
            level,
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.scratch), "SECRET": self.secret}
        done = subprocess.run(
            command,
            input=msgspec.json.encode(submissions),
            stdout=subprocess.PIPE,
            cwd="/",
            env=environment,
            timeout=_BATCH_SECONDS,
            check=True,
        )
        batch = msgspec.json.decode(done.stdout, type=Batch)
        if batch.missing:
            raise Unavailable(f"level {level!r}: {batch.missing}")
        return batch

    def touched(self) -> list[str]:
        """What is not as it was: files, the open folder, the sockets, the sibling."""
        found = [name for name, state in self._state().items() if state != self._before.get(name)]
        found += [str(path) for folder in (self.inbox, self.scratch) for path in folder.iterdir()]
        for each in self._sockets:
            try:
                each.accept()
            except BlockingIOError:
                continue
            found.append(f"a connection to {each.getsockname()}")
        status = Path(f"/proc/{self.sibling.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        if status[0] not in "SR" or status[16] != str(os.nice(0)):
            found.append(f"the sibling: state {status[0]}, nice {status[16]}")
        return found

    def _state(self) -> dict[str, Any]:
        state = {}
        for path in sorted(self.folder.rglob("*")):
            if self.scratch not in path.parents and "__pycache__" not in path.parts and not path.is_socket():
                now = path.stat()
                content = path.read_bytes() if path.is_file() else b""
                state[str(path)] = (now.st_mode, now.st_uid, now.st_nlink if path.is_file() else 0, content)
        return state


class Batch(msgspec.Struct):
    """What came of a run: the grades, and the processes that it left."""

    graded: tuple[Graded, ...] = ()
    left: tuple[int, ...] = ()
    missing: str = ""


_WRAPPER = """
def _attacked(honest):
    def wrapped(*args, **kwargs):
        return attack(honest, *args, **kwargs)
    return wrapped

for _task in TASKS:
    globals()[_task] = _attacked(globals()[_task])
"""


def _listening(folder: Path) -> Iterator[socket.socket]:
    """Sockets on the loopback interface, in the file system, and of an abstract name."""
    server = socket.create_server(("127.0.0.1", 0))
    server.setblocking(False)
    yield server
    for address in (str(folder / "socket"), f"\0{folder.name}"):
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        local.bind(address)
        local.listen()
        local.setblocking(False)
        yield local
    (folder / "socket").chmod(0o777)


def main(path: str, level: str) -> None:
    """Grade the submissions on stdin at ``level``, and tell on stdout."""
    # Whoever outlives its parent becomes a child of this process, and is found.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    submissions = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Submission])
    batch = Batch()
    try:
        batch.graded = tuple(grade_all(read_topic(Path(path)), submissions, level, 2))
    except GraderError as error:
        batch.missing = str(error)
    batch.left = tuple(wait_for_death(processes(os.getpid())))
    for pid in batch.left:
        os.kill(pid, signal.SIGKILL)
    sys.stdout.buffer.write(msgspec.json.encode(batch))


if __name__ == "__main__":
    main(*sys.argv[1:])
