"""A roster: who is in the class, and under which names and numbers each student may hand in.

A CSV file with a header. The column ``student`` (or else the first) holds the name that results carry; every other
cell of a row, such as a login, an id or an address, is another name of the same student.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from grader.autograde.files import printable
from grader.core.errors import CourseError

_NUMBER_AT_END = re.compile(r"_(\d+)\Z")
MIN_ALIAS = 2
"""Cells shorter than this, such as a section's letter, name nobody."""


class Roster(msgspec.Struct, frozen=True):
    """The students in the file's order, and who is meant by which name (folded, each a name of one student only)."""

    students: tuple[str, ...]
    names: dict[str, str]

    def find(self, student: str) -> str | None:
        """Who handed in under the name ``student``; None if nobody here, or more than one, is called so."""
        number = _NUMBER_AT_END.search(student)
        for name in (student, number[1] if number else "", student[: number.start()] if number else ""):
            if found := self.names.get(_folded(name)):
                return found
        return None

    def missing(self, present: Iterable[str]) -> tuple[str, ...]:
        """The students of the roster that are not among ``present``."""
        there = set(present)
        return tuple(student for student in self.students if student not in there)


def read_roster(file: Path) -> Roster:
    """Read a roster; CourseError says what is wrong with it."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(map(str.strip, row))]
    except OSError as error:
        raise CourseError(f"the roster {file} can't be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"the roster {file} is no CSV file in UTF-8: {error}") from None
    if len(rows) < 2:
        raise CourseError(f"the roster {file} names nobody: it needs a header and a row a student")
    header = [_folded(name) for name in rows[0]]
    column = header.index("student") if "student" in header else 0
    students = [_name(row, column) for row in rows[1:]]
    if "" in students:
        raise CourseError(f"the roster {file} has no student in row {students.index('') + 2}")
    if len(set(students)) < len(students):
        twice = next(name for name in students if students.count(name) > 1)
        raise CourseError(f"the roster {file} names {twice} twice: give each student a name of their own")
    return Roster(tuple(students), _names(students, rows[1:]))


def _name(row: Sequence[str], column: int) -> str:
    return printable(row[column].strip()) if column < len(row) else ""


def _names(students: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    owners: dict[str, set[str]] = {}
    for student, row in zip(students, rows, strict=True):
        for cell in row:
            if len(folded := _folded(printable(cell))) >= MIN_ALIAS:
                owners.setdefault(folded, set()).add(student)
    # What several share, such as a section, is nobody's name.
    found = {name: next(iter(owner)) for name, owner in owners.items() if len(owner) == 1}
    return found | {_folded(student): student for student in students}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
