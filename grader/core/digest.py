"""What a grade depends on, in short: two grades with equal digests need not be computed twice."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from grader.core.topic import Topic

_ENGINE = Path(__file__).resolve().parents[1]
_NOT_ENGINE = {"tests", "benchmarks"}


def suite_digest(topic: Topic) -> str:
    """SHA-256 over all of a topic that decides a grade: not the lesson, and not the known answers."""
    files = [topic.path / "topic.toml", topic.reference, topic.path / "support.py", topic.path / "probes.py"]
    files += sorted(topic.tests.rglob("*.py"))
    return _digest(topic.path, [file for file in files if file.is_file()])


def engine_digest() -> str:
    """The engine that grades: its version, its source, and the versions of Python, NumPy and torch, in one line."""
    files = [file for file in sorted(_ENGINE.rglob("*.py")) if _NOT_ENGINE.isdisjoint(file.relative_to(_ENGINE).parts)]
    own = _installed("stride-course") or "0"
    torch = _installed("torch") or "none"
    return (
        f"grader {own} {_digest(_ENGINE, files)[:12]}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, torch {torch}"
    )


def _digest(root: Path, files: list[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        data = file.read_bytes()
        whole.update(f"{file.relative_to(root).as_posix()}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
