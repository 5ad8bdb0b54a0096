"""Temporary folders: what is written in them goes with them."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from grader.autograde.jobs import command
from grader.core.scratch import HELD, make_scratch, remove_abandoned, remove_scratch
from grader.tests.classroom import PATIENCE, toy_course
from grader.wire.frames import Channel


def test_a_folder_that_is_written_to_meanwhile_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that still dies, or clears up too, makes nobody leave the folder behind."""
    folder = tmp_path / "scratch"
    (folder / "a" / "b").mkdir(parents=True)
    written = iter(range(5))
    remove = os.rmdir

    def remove_too_late(path: str) -> None:
        for number in written:
            Path(path, f"late-{number}").touch()
            break
        remove(path)

    monkeypatch.setattr(os, "rmdir", remove_too_late)
    remove_scratch(str(folder))
    assert next(written, None) is None
    assert not folder.exists()


def test_what_can_not_be_removed_stays(tmp_path: Path) -> None:
    """A folder that is not there, or is a file, is no error."""
    remove_scratch(str(tmp_path / "none"))
    (tmp_path / "file").touch()
    remove_scratch(str(tmp_path / "file"))
    assert (tmp_path / "file").exists()


def test_a_folder_is_not_taken_for_an_abandoned_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run clears up between the making of a folder and its lock; one that is held stays until it is let go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    make = tempfile.mkdtemp
    made = []

    def make_and_lose(prefix: str) -> str:
        made.append(make(prefix=prefix))
        if len(made) == 1:
            remove_abandoned()
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_lose)
    folder, held = make_scratch()
    assert [folder] == made[1:]
    remove_abandoned()
    assert [Path(folder)] == list(tmp_path.iterdir())
    assert Path(folder).name.startswith(HELD)
    os.close(held)
    remove_abandoned()
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("attempt", range(2))
def test_a_session_whose_coordinator_is_gone_leaves_nothing(tmp_path: Path, attempt: int) -> None:
    """It notices by its channel and by its lifeline, whichever comes first."""
    topic = toy_course(tmp_path)
    folder = tmp_path / "scratch"
    folder.mkdir()
    ours, theirs = socket.socketpair()
    end, lifeline = os.pipe()
    arguments = [*command(topic, "none"), str(theirs.fileno()), str(end), str(folder)]
    with subprocess.Popen(arguments, pass_fds=[theirs.fileno(), end], stdin=subprocess.DEVNULL) as session:
        theirs.close()
        os.close(end)
        Channel(ours).receive(PATIENCE)
        ours.close()
        os.close(lifeline)
        session.wait(PATIENCE)
    assert not folder.exists()
