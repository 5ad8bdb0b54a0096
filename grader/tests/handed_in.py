"""Files as students hand them in, and what discovery makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.autograde.submissions import Submission, discover


def make(root: Path, **files: str | bytes) -> Path:
    """Files below ``root``; in names ``__`` stands for the slash and ``_py``, ``_ipynb`` for the suffix."""
    for name, content in files.items():
        file = root / name.replace("__", "/").replace("_py", ".py").replace("_ipynb", ".ipynb")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def cell(source: Any, kind: str = "code") -> dict[str, Any]:
    """A cell as nbformat 4 writes it."""
    return {"cell_type": kind, "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def as_notebook(*sources: Any, **fields: Any) -> str:
    """A notebook of code cells, with ``fields`` at the top level."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(map(cell, sources))} | fields)


def only(path: Path) -> Submission:
    """The one submission found in ``path``."""
    (found,) = discover(path, "toy")
    return found


def students(path: Path) -> dict[str, str]:
    """The name of each student with the file that was found."""
    return {found.student: found.file for found in discover(path, "toy")}
