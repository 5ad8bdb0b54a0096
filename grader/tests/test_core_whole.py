"""Files that are replaced as a whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from grader.core.whole import write_whole


def mode(file: Path) -> int:
    """Who may read and write ``file``."""
    return stat.S_IMODE(file.stat().st_mode)


def test_a_file_is_new_or_replaced(tmp_path: Path) -> None:
    """With the permission of any new file, or the one that is asked for; nothing lies beside it."""
    file, other = tmp_path / "file", tmp_path / "other"
    other.write_bytes(b"")
    write_whole(file, b"one\r\n\xff")
    assert b"one\r\n\xff" == file.read_bytes()
    assert mode(other) == mode(file)
    file.chmod(0o444)
    write_whole(file, b"two", mode=0o640)
    assert (b"two", 0o640) == (file.read_bytes(), mode(file))
    assert [file, other] == sorted(tmp_path.iterdir())


def test_a_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends the writer before the move, and where a folder is in the way."""
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_bytes(b"one")
    folder.mkdir()
    with pytest.raises(OSError):
        write_whole(folder, b"two")
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "file", b"two")

    def interrupted(source: object, target: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(file, b"two")
    assert b"one" == file.read_bytes()
    assert [file, folder] == sorted(tmp_path.iterdir())
