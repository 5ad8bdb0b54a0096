"""Temporary folders: what is written in them goes with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.core.scratch import remove_scratch


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
