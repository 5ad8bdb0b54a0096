"""Grades as tables: plain CSV, Canvas's gradebook and Moodle's grading worksheet.

Canvas and Moodle match rows by their own ids, so their own export is the template: every column and row of it stays as
it is, and only the cells of this assignment change. Formats: Canvas, "How do I import grades in the Gradebook"; Moodle,
"Offline grading worksheet".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.core.errors import GraderError
from grader.core.final import CourseGrade
from grader.core.grade import Grade
from grader.lms.grades import TopicGrades, keys, points
from grader.report import plain

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE_COLUMNS = (
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
)

_PARTICIPANT = re.compile(r"\D*(\d+)\Z")
_ASSIGNMENT_ID = re.compile(r" \(\d+\)\Z")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Table = list[list[str]]


class Filled(msgspec.Struct, frozen=True):
    """A table as text, and the students that no row of its template is for."""

    text: str
    unplaced: tuple[str, ...] = ()


def plain_csv(topics: Sequence[TopicGrades]) -> str:
    """One row a student and topic: score, tasks, flags and named mistakes."""
    tasks = [f"{each.topic}.{task}" for each in topics for task in _tasks(each.grades)]
    rows = [["student", "topic", "file", "gradable", "score", "max_score", "flags", "mistakes", *tasks]]
    for each in topics:
        for grade in each.grades:
            earned = {f"{each.topic}.{task.name}": points(task.points) for task in grade.tasks}
            rows.append(
                [
                    harmless(grade.student),
                    each.topic,
                    harmless(grade.file),
                    "yes" if grade.gradable else "no",
                    points(grade.score),
                    points(grade.max_score),
                    harmless("; ".join(map(plain.line, grade.flags))),
                    "; ".join(mistake.id for mistake in grade.mistakes),
                    *(earned.get(task, "") for task in tasks),
                ]
            )
    return _written(rows)


def course_csv(grades: Sequence[CourseGrade]) -> str:
    """One row a student: the course and each topic in per cent, then what is missing and dropped, and late days.

    A topic is empty where nothing could be earned; what was not handed in is 0.
    """
    topics = list(dict.fromkeys(topic for grade in grades for topic in (*grade.topics, *grade.missing)))
    rows = [["student", "course", *topics, "missing", "dropped", "late_days"]]
    for grade in grades:
        shares = (points(100 * grade.topics[topic]) if topic in grade.topics else "" for topic in topics)
        listed = ("; ".join(grade.missing), "; ".join(grade.dropped), str(grade.late_days))
        rows.append([harmless(grade.student), points(100 * grade.share), *shares, *listed])
    return _written(rows)


def canvas_csv(topics: Sequence[TopicGrades], titles: Mapping[str, str], template: Table | None = None) -> Filled:
    """Canvas's gradebook import, one column an assignment; ``titles`` names the assignment of each topic."""
    if template is None:
        header = [*CANVAS_COLUMNS, *(titles[each.topic] for each in topics)]
        everybody = sorted({grade.student for each in topics for grade in each.grades})
        most = {each.topic: max((grade.max_score for grade in each.grades), default=0.0) for each in topics}
        top = ["    Points Possible", "", "", "", "", *(points(most[each.topic]) for each in topics)]
        rows = [[harmless(name), _id_of(name), "", harmless(name), ""] + [""] * len(topics) for name in everybody]
        template = [header, top, *rows]
    table = [list(row) for row in template]
    header = table[0] if table else []
    named = [header.index(column) for column in CANVAS_COLUMNS[:4] if column in header]
    if "Student" not in header or len(named) < 2:
        raise GraderError("the template is no gradebook of Canvas's: it needs the columns Student and ID")
    unplaced: set[str] = set()
    for each in topics:
        column = _canvas_column(header, titles[each.topic])
        rows_of = _rows_by_key(table, named)
        for grade in each.grades:
            found = _row_for(grade.student, rows_of)
            if found is None:
                unplaced.add(grade.student)
            else:
                _put(table[found], column, points(grade.score))
    return Filled(_written(table), tuple(sorted(unplaced)))


def moodle_csv(topic: TopicGrades, template: Table | None = None) -> Filled:
    """Moodle's grading worksheet for one assignment: the grade, and what a student may read in one comment."""
    if template is None:
        rows = [
            [
                f"Participant {_id_of(grade.student)}".strip(),
                harmless(grade.student),
                *("", "Submitted for grading", ""),
                points(grade.max_score),
                *("Yes", "-", "-", ""),
            ]
            for grade in topic.grades
        ]
        template = [list(MOODLE_COLUMNS), *rows]
    table = [list(row) for row in template]
    header = table[0] if table else []
    if "Identifier" not in header or "Grade" not in header:
        raise GraderError("the template is no grading worksheet of Moodle's: it needs the columns Identifier and Grade")
    named = [
        header.index(name)
        for name in ("Identifier", "Full name", "ID number", "Username", "Email address")
        if name in header
    ]
    rows_of = _rows_by_key(table, named)
    unplaced = []
    for grade in topic.grades:
        found = _row_for(grade.student, rows_of)
        if found is None:
            unplaced.append(grade.student)
            continue
        _put(table[found], header.index("Grade"), points(grade.score))
        if "Feedback comments" in header:
            _put(table[found], header.index("Feedback comments"), _remark(grade))
    return Filled(_written(table), tuple(unplaced))


def read_table(file: Path) -> Table:
    """A CSV file's rows; GraderError if it is none."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except OSError as error:
        raise GraderError(f"{file} can't be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise GraderError(f"{file} is no CSV file in UTF-8: {error}") from None
    if not rows:
        raise GraderError(f"{file} is empty: export it again")
    return rows


def harmless(text: str) -> str:
    """``text`` so that a spreadsheet takes it for text: what could be a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _remark(grade: Grade) -> str:
    tasks = ", ".join(f"{task.name} {points(task.points)}/{points(task.max_points)}" for task in grade.tasks)
    notes = [plain.line(flag) for flag in grade.flags] + [plain.line(mistake.hint) for mistake in grade.mistakes]
    return harmless(". ".join([tasks, *notes]))


def _tasks(grades: Iterable[Grade]) -> list[str]:
    return list(dict.fromkeys(task.name for grade in grades for task in grade.tasks))


def _id_of(student: str) -> str:
    return keys(student)[1] if len(keys(student)) > 1 else ""


def _canvas_column(header: Sequence[str], title: str) -> int:
    """The column of an assignment, whose name Canvas follows by its id in parentheses."""
    wanted = title.casefold()
    names = [name.casefold() for name in header]
    if wanted in names:
        return names.index(wanted)
    found = [number for number, name in enumerate(names) if _ASSIGNMENT_ID.sub("", name) == wanted]
    if len(found) == 1:
        return found[0]
    there = [name for name in header if _ASSIGNMENT_ID.search(name)]
    problem = "more than one" if found else "no"
    raise GraderError(
        f"the template has {problem} assignment called {title!r}: name its column by --assignment; "
        f"there are {', '.join(there) or 'none'}"
    )


def _rows_by_key(table: Table, columns: Sequence[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, row in enumerate(table[1:], start=1):
        # Every id as it stands, without our own apostrophe, and the number of Moodle's "Participant 12".
        cells = {row[column].strip().removeprefix("'").casefold() for column in columns if column < len(row)}
        cells |= {each[1] for cell in cells if cell.startswith("participant ") and (each := _PARTICIPANT.match(cell))}
        for cell in cells - {""}:
            found.setdefault(cell, []).append(number)
    return found


def _row_for(student: str, rows_of: Mapping[str, list[int]]) -> int | None:
    """The one row for a student; None where no row, or more than one, could be it."""
    for key in reversed(keys(student)):
        if len(found := rows_of.get(key, [])) == 1:
            return found[0]
    return None


def _put(row: list[str], column: int, value: str) -> None:
    row.extend([""] * (column + 1 - len(row)))
    row[column] = value


def _written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
