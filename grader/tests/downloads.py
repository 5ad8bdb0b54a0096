"""Archives as other systems offer them for download, and what discovery makes of them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.autograde.submissions import Submission, discover


def zipped(file: Path, files: Mapping[str, str | bytes]) -> Path:
    """An archive of these files."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


def found(path: Path) -> dict[str, Submission]:
    """Every submission for ``toy`` in ``path``, by student."""
    return {submission.student: submission for submission in discover(path, "toy")}
