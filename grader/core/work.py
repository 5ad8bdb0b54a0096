"""Where a student's work on an exercise lies, and whether it has begun."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from grader.core.errors import CourseError
from grader.core.topic import PRISTINE, Topic

LONGEST_SEARCH = 2_000
"""How many entries of the course's folder are looked at for a file that lies in the wrong place."""


def pristine_stub(exercise: Topic) -> str:
    """The stub as it was released; CourseError if its copy is gone."""
    try:
        return (exercise.path / PRISTINE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CourseError(
            f"{exercise.path / PRISTINE}, the copy of the stub, is gone: take it from the course you were given"
        ) from None


def work_file(exercise: Topic) -> Path:
    """The stub or the notebook, whichever is further filled in, the stub where they are alike: as grading chooses."""
    stub, notebook = exercise.reference, exercise.reference.with_suffix(".ipynb")
    if not notebook.is_file():
        return stub
    if not stub.is_file():
        return notebook
    return notebook if _unfilled(notebook, exercise.slug) < _unfilled(stub, exercise.slug) else stub


def is_untouched(exercise: Topic) -> bool:
    """Whether the stub is still the released one, and the notebook holds nothing more."""
    file = work_file(exercise)
    if file.suffix != ".py":
        return False
    try:
        return file.read_text(encoding="utf-8") == pristine_stub(exercise)
    except (OSError, UnicodeDecodeError):
        return False


def digest_of(file: Path) -> str:
    """SHA-256 of a file's bytes, empty if it can't be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def cell_digests(cells: Iterable[str]) -> tuple[str, ...]:
    """A digest of each notebook cell's text, blank lines around it apart."""
    return tuple(hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()[:16] for text in cells)


def code_cells(notebook: Path) -> list[str]:
    """The code cells of a student's own notebook, but those that only call ``%check``; none where it can't be read."""
    try:
        found = json.loads(notebook.read_bytes())
        cells = ["".join(cell["source"]) for cell in found["cells"] if cell["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return []
    return [text for text in cells if re.search(r"^(?!\s*(?:%|#|$))", text, re.MULTILINE)]


def missing_words(exercise: Topic, root: Path) -> str:
    """What to do about a stub that is not where it belongs: a sentence that names the file if it lies elsewhere."""
    wanted = exercise.reference
    place = wanted.relative_to(root) if wanted.is_relative_to(root) else wanted
    for number, found in enumerate(root.rglob("*.py")):
        if number > LONGEST_SEARCH:
            break
        hidden = any(part.startswith(".") for part in found.relative_to(root).parts)
        if found.name == wanted.name and found.is_file() and not hidden and "solutions" not in found.parts:
            return f"there is no {place}, but there is {found.relative_to(root)}: move it to {place.parent}"
    return f"there is no {place}: `course reset {exercise.slug}` puts a fresh stub there"


def _unfilled(file: Path, slug: str) -> int:
    """How many bodies are still the stub's, in Python or inside a notebook's JSON."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return len(re.findall(rf'NotImplementedError\(\\?"{re.escape(slug)}: ', text))
