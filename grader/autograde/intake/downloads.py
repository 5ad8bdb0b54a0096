"""What learning management systems and forges call a student's work, told by names alone.

========== ====================================================================================================
Canvas     ``lovelaceada_101_5501_work.py``; late ``lovelaceada_LATE_101_5501_work.py``; again ``…_work-1.py``;
           without names ``anon_xYz12_5501_work.py``; what was typed or linked ``lovelaceada_101_text.html``
Moodle     ``Ada Lovelace_101_assignsubmission_file_/work.py``, or in one name without folders
Gradescope ``submission_5501/work.py``, and ``submission_metadata.yml`` says who that is
git        ``toy-ada/`` with a ``.git`` in it; what all folders' names begin with is not part of the student's
========== ====================================================================================================

A student is called ``name_id`` where there is an id, so that an export finds the row again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.autograde.files import NotGradableError, printable, read_regular

MAX_METADATA_BYTES = 64 << 20

_CANVAS = re.compile(
    r"(?:(?P<name>.+?)_)??(?P<late>LATE_)?(?P<id>\d{1,18}|anon_\w{1,18}?)_"
    r"(?:(?P<handed>\d{1,18})_(?P<file>.+)|(?P<page>(?:text|link)(?:-\d{1,6})?\.html))\Z",
    re.ASCII | re.DOTALL,
)
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d{1,18})_assignsubmission_[a-z0-9]+_?(?P<file>.*)\Z", re.DOTALL)
_AGAIN = re.compile(r"-(\d{1,6})\Z")
_GRADESCOPE = re.compile(r"submission_(\d{1,18})\Z")
_FIELD = re.compile(r"( +):(\w+):")
_SUBMITTER = re.compile(r" +(?:- +)?:(name|sid|email): *(.*?) *\Z")
METADATA = "submission_metadata.yml"


class Handed(msgspec.Struct, frozen=True):
    """What one student handed in: a ``folder``, or ``files``, by their names where they lie and as first named."""

    student: str
    folder: str = ""
    files: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def read_downloads(base: Path) -> list[Handed] | None:
    """What is in ``base``, if all of it is a download of one known kind; None if it is not.

    One odd name among others, which a student may have chosen, never hides what the others handed in.
    """
    with os.scandir(base) as listing:
        entries = sorted((entry for entry in listing if not entry.name.startswith(".")), key=lambda entry: entry.name)
    folders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    files = [entry.name for entry in entries if not entry.is_dir(follow_symlinks=False)]
    if METADATA in files and folders and all(map(_GRADESCOPE.match, folders)):
        return _gradescope(base, folders)
    if entries and all(map(_MOODLE.match, [*folders, *files])):
        return _moodle(folders, files)
    if not folders and files and all(map(_CANVAS.match, files)):
        return _canvas(files)
    if folders and not files and all(os.path.lexists(base / name / ".git") for name in folders):
        return _clones(folders)
    return None


def original_name(name: str) -> tuple[str, int]:
    """A file's name without what Canvas adds when it is handed in again, and how often that was."""
    stem, suffix = os.path.splitext(name)
    again = _AGAIN.search(stem)
    return (stem[: again.start()] + suffix, int(again[1])) if again else (name, 0)


def _canvas(files: Sequence[str]) -> list[Handed]:
    found: dict[str, list[tuple[str, str]]] = {}
    late: set[str] = set()
    for file in files:
        match = _CANVAS.match(file)
        assert match is not None
        student = f"{printable(match['name'])}_{match['id']}" if match["name"] else match["id"]
        found.setdefault(student, []).append((file, match["file"] or match["page"]))
        if match["late"]:
            late.add(student)
    notes = dict.fromkeys(late, ("handed in late, by Canvas",))
    return [Handed(student, files=tuple(given), notes=notes.get(student, ())) for student, given in found.items()]


def _moodle(folders: Sequence[str], files: Sequence[str]) -> list[Handed]:
    found: list[Handed] = []
    loose: dict[str, list[tuple[str, str]]] = {}
    for folder in folders:
        if match := _MOODLE.match(folder):
            found.append(Handed(f"{printable(match['name'])}_{match['id']}", folder=folder))
    for file in files:
        if match := _MOODLE.match(file):
            loose.setdefault(f"{printable(match['name'])}_{match['id']}", []).append((file, match["file"]))
    return found + [Handed(student, files=tuple(given)) for student, given in loose.items()]


def _gradescope(base: Path, folders: Sequence[str]) -> list[Handed]:
    names = _submitters(base / METADATA)
    return [
        Handed(names.get(folder, folder), folder=folder, notes=() if folder in names else (f"{METADATA} names nobody",))
        for folder in folders
    ]


def _submitters(file: Path) -> dict[str, str]:
    """Who handed in each folder. The file is YAML with Ruby's symbols as keys; only these few lines of it matter.

    What stands deeper than the fields of a submission, such as the output of an earlier grading, names nobody.
    """
    try:
        text = read_regular(str(file), MAX_METADATA_BYTES).decode("utf-8", "replace")
    except NotGradableError:
        return {}
    people: dict[str, list[dict[str, str]]] = {}
    folder = indent = field = ""
    for line in text.split("\n"):
        if line.rstrip().endswith(":") and _GRADESCOPE.match(line.rstrip()[:-1]):
            folder, indent, field = line.rstrip()[:-1], "", ""
            people[folder] = []
        elif (match := _FIELD.match(line)) and len(match[1]) <= len(indent or match[1]):
            indent, field = match[1], match[2]
        elif folder and field == "submitters" and (match := _SUBMITTER.match(line)):
            if not people[folder] or match[1] in people[folder][-1]:
                people[folder].append({})
            people[folder][-1][match[1]] = _scalar(match[2])
    named = {folder: ", ".join(filter(None, map(_person, each))) for folder, each in people.items()}
    return {folder: name for folder, name in named.items() if name}


def _scalar(text: str) -> str:
    """What a YAML scalar on one line says."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            # JSON's escapes are those that YAML's writer in Ruby uses, but for a few that no name needs.
            return str(msgspec.json.decode(text.encode(), type=str))
        except msgspec.DecodeError:
            return text[1:-1]
    return text


def _person(known: dict[str, str]) -> str:
    name, number = printable(known.get("name", "")), known.get("sid", "")
    if name and number.isascii() and number.isdigit():
        return f"{name}_{number}"
    return name or printable(known.get("email", ""))


def _clones(folders: Sequence[str]) -> list[Handed]:
    shared = os.path.commonprefix(list(folders)) if len(folders) > 1 else ""  # noqa: RUF071  of names, not of paths
    shared = shared[: shared.rfind("-") + 1]
    return [Handed(printable(folder.removeprefix(shared) or folder), folder=folder) for folder in folders]
