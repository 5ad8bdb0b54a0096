"""Where an nbgrader course lies, told by its folders alone."""

from __future__ import annotations

from pathlib import Path


def course_folder(submissions: Path) -> Path | None:
    """The nbgrader course that ``submissions`` is, or is the ``submitted/`` of; None where there is no such course."""
    here = submissions.resolve()
    for folder in (here, here.parent):
        marks = (folder / "nbgrader_config.py", folder / "gradebook.db")
        if (folder / "submitted").is_dir() and any(mark.is_file() for mark in marks):
            return folder if here in (folder, folder / "submitted") else None
    return None
