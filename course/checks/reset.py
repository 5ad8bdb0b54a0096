"""A fresh stub in place of the student's file, which is kept beside it."""

from __future__ import annotations

from pathlib import Path

from grader.core.errors import CourseError
from grader.core.memory import free_name
from grader.core.topic import Topic
from grader.core.work import pristine_stub


def reset_stub(exercise: Topic) -> Path | None:
    """Write the released stub again; returns where the old file lies now, None if there was none or it is the same."""
    return replace_kept(exercise.reference, pristine_stub(exercise).encode())


def replace_kept(file: Path, content: bytes) -> Path | None:
    """Give ``file`` new ``content`` and keep what was there as ``<name>.bak-N``; returns that, None if none was.

    CourseError if the folder can't be written; then the old file is where it was, or under its new name.
    """
    try:
        kept = None
        if file.exists():
            if file.is_file() and file.read_bytes() == content:
                return None
            kept = free_name(file, "bak")
            file.rename(kept)
        file.write_bytes(content)
    except OSError as error:
        raise CourseError(f"{file} can't be replaced: {error.strerror}") from None
    return kept
