"""Where an nbgrader course lies, told by its folders alone."""

from __future__ import annotations

import ast
from contextlib import suppress
from pathlib import Path


def course_folder(submissions: Path) -> Path | None:
    """The nbgrader course that ``submissions`` is, or is the ``submitted/`` of; None where there is no such course."""
    here = submissions.resolve()
    for folder in (here, here.parent):
        marks = (folder / "nbgrader_config.py", folder / "gradebook.db")
        if (folder / "submitted").is_dir() and any(mark.is_file() for mark in marks):
            return folder if here in (folder, folder / "submitted") else None
    return None


def is_topic(course: str, assignment: str) -> bool:
    """Whether ``assignment`` is one of the topics in the folder ``course``, and not somebody's own."""
    return (Path(course) / "solutions" / assignment / "topic.toml").is_file()


def topics_of(course: Path) -> Path | None:
    """The folder that holds ``solutions/``, as the course's ``nbgrader_config.py`` names it; None where it names none.

    The file is read, not run.
    """
    with suppress(OSError, UnicodeDecodeError, SyntaxError, ValueError):
        for node in ast.walk(ast.parse((course / "nbgrader_config.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "configure":
                for word in node.keywords:
                    named = word.value.value if isinstance(word.value, ast.Constant) else None
                    if word.arg == "course" and isinstance(named, str) and (Path(named) / "solutions").is_dir():
                        return Path(named)
    return None
