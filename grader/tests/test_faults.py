"""Faults of the host: processes killed at random, disks that fill up, files that change, are locked or are damaged.

After each the same command goes on to the results of an undisturbed run, says what happened in one sentence, and
leaves nothing behind.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from grader.gradebook import gradebook
from grader.sandbox.levels import LEVELS, probe
from grader.tests.classroom import PATIENCE, ROOT, Command, untimed
from grader.tests.runs import Class, Process, below, eventually

ROUNDS = 30
VICTIMS = ("coordinator", "session", "sandbox", "zygote", "worker", "group")

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find processes")


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """The class, at the best level that this host has."""
    for level in LEVELS:
        if probe(level).holds:
            return Class(tmp_path_factory.mktemp("course"), level)
    pytest.skip("not proven: this host has no level of the sandbox")


# ---------------------------------------------------------------------------------------- killed processes


def victims(run: int, kind: str) -> list[Process]:
    """The processes of a run that play the part ``kind``."""
    there = below(run)
    zygotes = {p.pid for p in there if "grader.worker.zygote" in p.command and "bwrap" not in p.command.split(" ")[0]}
    parts = {
        "session": [p for p in there if "grader.autograde.child" in p.command and p.parent == run],
        "sandbox": [p for p in there if "bwrap" in p.command.split(" ")[0]],
        "zygote": [p for p in there if p.pid in zygotes and p.parent not in zygotes],
        "worker": [p for p in there if p.parent in zygotes],
    }
    return parts.get(kind, [])


def kill(run: subprocess.Popen[str], kind: str, chance: random.Random) -> None:
    """SIGKILL to the part ``kind`` of a run; nothing if there is no such process at this moment."""
    if kind == "group":
        os.killpg(run.pid, signal.SIGKILL)
    elif kind == "coordinator":
        run.kill()
    elif found := victims(run.pid, kind):
        with suppress(ProcessLookupError):
            os.kill(chance.choice(found).pid, signal.SIGKILL)


@pytest.mark.slow
def test_thirty_random_kills_change_nothing(group: Class) -> None:
    """Whatever part dies, and whenever: nothing lost, nothing graded twice, nothing left, the same results."""
    chance = random.Random(30)
    kinds = [VICTIMS[number % len(VICTIMS)] for number in range(ROUNDS)]
    chance.shuffle(kinds)
    outs = (f"round-{number}" for number in count())
    out = next(outs)
    for kind in kinds:
        run = group.start(out)
        try:
            # Before it says how many there are, the host is probed and nothing is graded.
            assert run.stderr is not None
            assert "submissions" in run.stderr.readline()
            time.sleep(chance.uniform(0.0, group.seconds / 2))
            there = below(run.pid)
            commands = " ".join(process.command for process in there)
            kill(run, kind, chance)
            _, err = run.communicate(timeout=PATIENCE)
        finally:
            run.kill()
            run.communicate()
        if kind == "group":
            # Nobody was left to clear up: the next run does.
            group.assert_none_lives(there)
        elif kind == "coordinator":
            group.assert_only_new_folders_left(there, commands)
        else:
            group.assert_nothing_left(there)
        if run.returncode == 0:
            group.assert_complete(out)
            out = next(outs)
        else:
            # Only who held the run together may end it.
            assert kind in ("coordinator", "group"), (kind, run.returncode, err)
    ran = group.finish(out)
    assert ran.code == 0, ran.err
    group.assert_complete(out)
    assert list(group.temporary.iterdir()) == []


@pytest.mark.parametrize("kind", ["worker", "zygote"])
def test_what_is_killed_from_outside_costs_nothing(group: Class, kind: str) -> None:
    """A worker, or the zygote that it came from, dies in the middle of a submission: the submission is graded again."""
    out = f"killed-{kind}"
    run = group.start(out)
    try:
        assert eventually(lambda: len(group.recorded(out)) >= 2)
        assert eventually(lambda: bool(victims(run.pid, kind)))
        kill(run, kind, random.Random(0))
        _, err = run.communicate(timeout=PATIENCE)
    finally:
        run.kill()
        run.communicate()
    assert run.returncode == 0, err
    group.assert_complete(out)


# ---------------------------------------------------------------------------------------- disks


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    """A command before others, after which they may mount what only they see."""
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*command, "true"], capture_output=True).returncode:
        pytest.skip("not proven: this host lets nobody mount a small disk of their own")
    return command


def in_namespace(group: Class, namespace: list[str], script: str) -> list[tuple[int, str]]:
    """Run ``script``, in which ``grade`` is the command that grades the class; the status and stderr of each grade."""
    command = f"{sys.executable} -m grader.cli.main {' '.join(group.arguments('disk/out'))}"
    prelude = f'set -u; grade() {{ {command} >/dev/null 2>err; echo "status $?"; cat err; }}\n'
    (group.folder / "disk").mkdir(exist_ok=True)
    ran = subprocess.run(
        [*namespace, "sh", "-c", prelude + script],
        cwd=group.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(group.temporary)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert "status" in ran.stdout, ran.stderr
    parts = [part.split("\n", 1) for part in ran.stdout.split("status ")[1:]]
    return [(int(code), err) for code, err in parts]


def test_a_full_disk_loses_nothing(group: Class, namespace: list[str]) -> None:
    """One sentence says that the disk is full; with room made, the same command goes on."""
    script = """
        mount -t tmpfs -o size=300k none disk && grade
        mount -o remount,size=50m disk && grade
        cp -r disk/out full-disk
    """
    (first, said), (second, then) = in_namespace(group, namespace, script)
    assert first == 2
    assert "disk is full" in said or "No space left on device" in said, said
    assert "Traceback" not in said
    assert second == 0, then
    group.assert_complete("full-disk")


def test_a_read_only_output_folder_is_named(group: Class, namespace: list[str]) -> None:
    """Nothing is graded that could not be kept; the sentence names the folder."""
    script = """
        mount -t tmpfs none disk && mount -o remount,ro disk && grade
        mount -o remount,rw disk && mkdir disk/out && touch disk/out/gradebook.db && mount -o remount,ro disk && grade
        mount -o remount,rw disk && grade
        cp -r disk/out read-only
    """
    (first, said), (second, then), (third, at_last) = in_namespace(group, namespace, script)
    assert (first, second, third) == (2, 2, 0), (said, then, at_last)
    for sentence in (said, then):
        assert "disk/out" in sentence
        assert "Traceback" not in sentence
        assert len(sentence.strip().splitlines()) == 1
    group.assert_complete("read-only")


# ---------------------------------------------------------------------------------------- the gradebook


def test_a_locked_gradebook_is_waited_for_and_then_named(group: Class) -> None:
    """Another program holds it for longer than patience: nothing is graded, and later the same command works."""
    out = group.folder / "locked"
    out.mkdir()
    assert group.finish("locked").code == 0
    with closing(sqlite3.connect(out / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ran = group.finish("locked")
        assert ran.code == 2
        assert "is in use by another process" in ran.err
        assert "Traceback" not in ran.err
    assert group.finish("locked").code == 0
    group.assert_complete("locked")


@pytest.mark.parametrize("damage", ["garbage", "header", "middle"])
def test_a_damaged_gradebook_is_never_written_over(group: Class, damage: str) -> None:
    """The sentence says what to do, the file stays as it is, and another one gives the same results."""
    out = group.folder / f"damaged-{damage}"
    assert group.finish(out.name).code == 0
    book = out / "gradebook.db"
    with closing(sqlite3.connect(book, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    content = book.read_bytes()
    spoilt = {
        "garbage": b"not a database at all" * 300,
        "header": b"\0" * 100 + content[100:],
        "middle": content[:4096] + b"\xff" * (len(content) - 4096),
    }[damage]
    book.write_bytes(spoilt)
    ran = group.finish(out.name)
    assert ran.code == 2
    assert "is damaged" in ran.err, ran.err
    assert "Traceback" not in ran.err
    # Opening one that looks whole sets its journal's kind in the header; what was recorded comes after that.
    assert book.read_bytes()[100:] == spoilt[100:]
    book.rename(out / "damaged.db")
    assert group.finish(out.name).code == 0
    group.assert_complete(out.name)


# ---------------------------------------------------------------------------------------- a moving world


def test_submissions_that_change_during_a_run_are_graded_as_they_were(group: Class) -> None:
    """All are read before the first is graded: what is written, removed or added later belongs to the next run."""
    here, kept = group.folder / "class", group.folder / "kept"
    shutil.copytree(here, kept)
    run = group.start("changing")
    try:
        assert eventually(lambda: len(group.recorded("changing")) >= 1)
        for number, file in enumerate(sorted(here.iterdir())):
            file.unlink()
            if number % 2:
                file.mkdir()
        (here / "late.py").write_text("def double(x):\n    return x + x\n")
        _, err = run.communicate(timeout=PATIENCE)
    finally:
        run.kill()
        run.communicate()
        shutil.rmtree(here)
        kept.rename(here)
    assert run.returncode == 0, err
    group.assert_complete("changing")
    assert "17 of them graded before" in group.finish("changing").err
    group.assert_complete("changing")


def test_a_clock_that_jumps_changes_nothing(group: Class, grader: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Times are kept for people to read; no grade, order or limit depends on them."""
    jumps = _jumping()
    monkeypatch.setattr(gradebook, "now", lambda: next(jumps))
    for _ in range(2):
        ran = grader(group.folder, *group.arguments("jumping"))
        assert ran.code == 0, ran.err
        group.assert_complete("jumping")
    assert untimed(group.folder / "jumping" / "results.json") == group.results


def _jumping() -> Iterator[datetime]:
    for number in count():
        yield datetime(2030, 1, 1) + timedelta(days=(-1) ** number * number * 40)


def test_only_the_gradebook_reads_the_wall_clock() -> None:
    """Every limit is a span of the monotonic clock or of processor time, which nobody can set."""
    readers = set()
    for folder in ("core", "wire", "worker", "sandbox", "testing", "session", "executors", "autograde", "gradebook"):
        for file in (ROOT / "grader" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node) in ("time.time", "datetime.now"):
                    readers.add(file.relative_to(ROOT / "grader").as_posix())
    assert readers == {"gradebook/opened.py"}
