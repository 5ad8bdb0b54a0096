"""Whether a gradebook is sound: the database's own tests, and that whatever is written twice says the same."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa

from grader.core.errors import GradebookError
from grader.core.grade import Evidence, Grade, Results
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.opened import stored
from grader.gradebook.schema import CHECKS, ENTRIES, GRADES, PUBLICATIONS, RUNS

ROWS = 500


def problems(book: Gradebook) -> list[str]:
    """What is wrong with ``book``, one sentence each; empty where all is well."""
    found: list[str] = []
    try:
        found += _database(book)
        if not found:
            found += _grades(book)
            found += _entries(book)
            found += _publications(book)
    except GradebookError as error:
        found.append(str(error))
    return found


def _database(book: Gradebook) -> Iterator[str]:
    if book.engine.dialect.name != "sqlite":
        return  # PostgreSQL checks pages and keys itself, whenever it reads and writes them
    with book.reading() as connection:
        for (text,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if text != "ok":
                yield f"the database file is damaged: {' '.join(str(text).split())}"
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"row {row} of {table} belongs to a row of {parent} that is not there"


def _grades(book: Gradebook) -> Iterator[str]:
    checks = sa.select(CHECKS).order_by(CHECKS.c.grade_id, CHECKS.c.position)
    with book.reading() as connection, book.reading() as other:
        rows = iter(other.execution_options(yield_per=ROWS).execute(checks).mappings())
        row = next(rows, None)
        query = sa.select(GRADES).order_by(GRADES.c.id)
        for grade in connection.execution_options(yield_per=ROWS).execute(query).mappings():
            columns = []
            while row is not None and row["grade_id"] <= grade["id"]:
                columns.append((row["check_id"], row["task"], row["verdict"], row["points"]))
                row = next(rows, None)
            try:
                read = msgspec.json.decode(grade["grade"], type=Grade)
                msgspec.json.decode(grade["evidence"], type=Evidence)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                yield f"grade {grade['id']} of {grade['student']} can't be read: {error}"
                continue
            told = (stored(read.student), read.digest, read.gradable, read.score, read.max_score)
            if told != tuple(grade[name] for name in ("student", "digest", "gradable", "score", "max_score")):
                yield f"grade {grade['id']} of {grade['student']} says something else than its columns"
            if columns != [(check.id, check.task, check.verdict.value, check.points) for check in read.checks]:
                yield f"the checks of grade {grade['id']} of {grade['student']} are not those of the grade"


def _entries(book: Gradebook) -> Iterator[str]:
    origin = RUNS.alias("origin")
    query = (
        sa.select(ENTRIES.c.id, ENTRIES.c.student, RUNS.c.id)
        .join(RUNS, RUNS.c.id == ENTRIES.c.run_id)
        .join(GRADES, GRADES.c.id == ENTRIES.c.grade_id)
        .join(origin, origin.c.id == GRADES.c.run_id)
        .where(sa.or_(RUNS.c.topic != origin.c.topic, ENTRIES.c.student != GRADES.c.student))
        .order_by(ENTRIES.c.id)
    )
    with book.reading() as connection:
        for number, student, run in connection.execute(query):
            yield f"entry {number} gives {student} in run {run} a grade of another student or topic"


def _publications(book: Gradebook) -> Iterator[str]:
    with book.reading() as connection:
        query = sa.select(PUBLICATIONS.c.id, PUBLICATIONS.c.results).order_by(PUBLICATIONS.c.id)
        for number, results in connection.execute(query):
            try:
                msgspec.json.decode(results, type=Results)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                yield f"publication {number} can't be read: {error}"
