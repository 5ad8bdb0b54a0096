"""The bundle: everything a student gets, and nothing of ``solutions/``.

It is put together in memory and searched for what must not leave, so that a refused bundle was never on disk.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.core.errors import CourseError
from grader.core.topic import Topic
from grader.release import workflow
from grader.release.stub import find_regions
from grader.release.twin import derive

FILES = ("LICENSE", "pyproject.toml")
PACKAGES = ("course", "grader")
README = "course/README.md"
"""Becomes the bundle's own: the course's is for those who grade."""

TOX = "tox.ini"
AUTHORS_ENVIRONMENTS = frozenset({"lint", "types", "layers", "tests", "audit", "demo"})
AUTHORS_ONLY = frozenset(
    {
        "grader/tests",
        "grader/benchmarks",
        "course/tests",
        "course/benchmarks",
        "course/figures",
        "course/course.toml",
    }
)
"""What no student needs: course.toml names those who have more time; what draws the lessons' figures also computes what
the tasks ask for."""

SHORTEST_SECRET = 60
"""Characters below which code says too little to be a leak: ``return x.sum()`` may stand anywhere."""

_TEST = re.compile(r"(async )?def test_")
_LEFT_BY_TOOLS = (".pyc", ".pyo", ".egg-info", "__pycache__")


class _Secret(msgspec.Struct, frozen=True):
    """A piece of code that must not be released, reduced as :func:`_essence` does it."""

    origin: str
    essence: str


def write_bundle(root: Path, to: Path, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Write what a student gets of the course in ``root`` into the new or empty folder ``to``; returns the files.

    CourseError if ``to`` holds something, if a part is missing, or if a hidden test, an oracle, a known answer or a
    solution region would be in it; then nothing has been written.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise CourseError(f"{to} is not an empty folder: give a new one for the bundle")
    files = _collect(root, topics)
    _refuse_leaks(files, topics)
    for name, content in files.items():
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return tuple(files)


def _collect(root: Path, topics: Sequence[Topic]) -> dict[str, bytes]:
    for name in (*FILES, README, TOX, *PACKAGES):
        if not (root / name).exists():
            raise CourseError(f"{root / name} is missing: a bundle needs it")
    files = {name: (root / name).read_bytes() for name in FILES}
    files[workflow.PATH] = workflow.TEXT.encode()
    files[TOX] = _students_tox((root / TOX).read_text(encoding="utf-8")).encode()
    for package in PACKAGES:
        files |= {name: (root / name).read_bytes() for name in _below(root, package)}
    files["README.md"] = files.pop(README)
    for topic in topics:
        files |= {f"exercises/{topic.slug}/{name}": content for name, content in derive(topic).items()}
    return dict(sorted(files.items()))


def _below(root: Path, folder: str) -> Iterator[str]:
    """The regular files below ``root/folder`` that belong to the project, relative to ``root``."""
    for entry in sorted(os.scandir(root / folder), key=lambda entry: entry.name):
        name = f"{folder}/{entry.name}"
        if entry.name.startswith(".") or entry.name.endswith(_LEFT_BY_TOOLS) or name in AUTHORS_ONLY:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(root, name)
        elif entry.is_file(follow_symlinks=False):
            yield name


def _students_tox(text: str) -> str:
    """``tox.ini`` without what authors alone run: ``tox`` by itself checks the exercises."""
    begin, *sections = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    kept = [each for each in sections if each.partition("]")[0].removeprefix("[testenv:") not in AUTHORS_ENVIRONMENTS]
    return re.sub(r"^env_list = .*$", "env_list = course", begin + "".join(kept), flags=re.MULTILINE)


def _refuse_leaks(files: dict[str, bytes], topics: Sequence[Topic]) -> None:
    secrets = list(_secrets(topics))
    for name, content in files.items():
        essence = _essence(_code_of(name, content))
        for secret in secrets:
            if secret.essence in essence:
                raise CourseError(f"{name} would give away {secret.origin}: take it out of {name.split('/')[0]}")


def _secrets(topics: Sequence[Topic]) -> Iterator[_Secret]:
    """Every solution region, what a review mends, and every definition in hidden tests, oracles and known answers.

    What a support.py gives away is given on purpose. A helper that hidden tests share with public ones, or oracles and
    answers with a stub, is no secret; a hidden test always is.
    """
    given = _essence("\n".join(topic.support or "" for topic in topics))
    released = given + "".join(
        _essence(content.decode())
        for topic in topics
        for name, content in derive(topic).items()
        if name.endswith(".py")
    )
    for topic in topics:
        if topic.config.kind == "review":
            # What has no bug is released as it is; what was mended is the secret.
            pieces = [(topic.reference.name, text, released) for text in _definitions(topic.reference)]
        else:
            pieces = [
                (f"{topic.slug}.py, line {region.begin}", region.text, given)
                for region in find_regions(topic.reference.read_text(encoding="utf-8"), topic.slug)
            ]
        for file in sorted({*topic.tests.glob("*.py"), *topic.path.glob("submissions/*.py")}):
            if file.name != "test_public.py":
                hidden = file.name == "test_hidden.py"
                pieces += [
                    (f"{file.parent.name}/{file.name}", text, given if hidden and _TEST.match(text) else released)
                    for text in _definitions(file)
                ]
        for origin, text, no_secret in pieces:
            essence = _essence(text)
            if len(essence) >= SHORTEST_SECRET and essence not in no_secret:
                yield _Secret(f"solutions/{topic.slug}: {origin}", essence)


def _definitions(file: Path) -> Iterable[str]:
    source = file.read_text(encoding="utf-8")
    lines = list(io.StringIO(source))
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return [source]
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return ["".join(lines[node.lineno - 1 : node.end_lineno]) for node in body if isinstance(node, kinds)]


def _code_of(name: str, content: bytes) -> str:
    if name.endswith(".npz"):
        return ""  # arrays, packed
    text = content.decode("utf-8", "replace")
    if not name.endswith(".ipynb"):
        return text
    cells: list[dict[str, Any]] = json.loads(text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def _essence(text: str) -> str:
    """``text`` without white space, so that indentation and line breaks hide nothing."""
    return "".join(text.split())
