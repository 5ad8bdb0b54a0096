"""The gradebook as its callers see it: runs, grades recorded and read, and earlier grades taken over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

import msgspec
import sqlalchemy as sa

from grader.core.errors import GradebookError
from grader.core.grade import Evidence, Grade, Graded
from grader.core.verdict import Verdict
from grader.gradebook.connection import connect, explained
from grader.gradebook.schema import CHECKS, ENTRIES, GRADES, RUNS

_T = TypeVar("_T")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Run(msgspec.Struct, frozen=True):
    """One ``grade`` command on one topic; ``finished`` is None for a run that was killed or is under way.

    ``submissions`` counts the students that have a grade in it. Times are UTC.
    """

    id: int
    topic: str
    suite_digest: str
    engine: str
    sandbox: str
    started: datetime
    finished: datetime | None
    submissions: int


class Gradebook:
    """An open gradebook; every method raises GradebookError, in one sentence, where the database fails it."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self._engine = engine
        self._name = name

    @classmethod
    def open(cls, url_or_path: str) -> Gradebook:
        """Open the gradebook at a file path or an SQLAlchemy URL; make or migrate it where needed."""
        return cls(*connect(url_or_path))

    def close(self) -> None:
        """Give back the database's connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin_run(self, topic: str, suite_digest: str, engine: str, sandbox: str) -> int:
        """Start a run and return its id."""
        row = {"topic": topic, "suite_digest": suite_digest, "engine": engine, "sandbox": sandbox, "started": _now()}
        with explained(self._name), self._engine.begin() as connection:
            return _new_id(connection.execute(sa.insert(RUNS), row))

    def finish_run(self, run_id: int) -> None:
        """Mark a run as complete."""
        with explained(self._name), self._engine.begin() as connection:
            connection.execute(sa.update(RUNS).where(RUNS.c.id == run_id).values(finished=_now()))

    def record(self, run_id: int, graded: Graded) -> None:
        """Store a grade and its evidence in one transaction; on return it survives the death of this process.

        A second grade of the same student in the same run is stored beside the first, and is the one that is read.
        """
        grade = graded.grade
        student = _text(grade.student)
        row = {
            "run_id": run_id,
            "student": student,
            "digest": grade.digest,
            "gradable": grade.gradable,
            "score": grade.score,
            "max_score": grade.max_score,
            "seconds": grade.seconds,
            "reusable": _reusable(graded),
            "recorded": _now(),
            "grade": _encode(grade),
            "evidence": _encode(graded.evidence),
        }
        checks = [
            {
                "position": position,
                "check_id": check.id,
                "task": check.task,
                "verdict": check.verdict.value,
                "points": check.points,
                "max_points": check.max_points,
                "visibility": check.visibility,
            }
            for position, check in enumerate(grade.checks)
        ]
        with explained(self._name), self._engine.begin() as connection:
            grade_id = _new_id(connection.execute(sa.insert(GRADES), row))
            entry = {"run_id": run_id, "grade_id": grade_id, "student": student, "file": _text(grade.file)}
            connection.execute(sa.insert(ENTRIES), entry)
            if checks:
                connection.execute(sa.insert(CHECKS), [{"grade_id": grade_id, **check} for check in checks])

    def find(
        self, topic: str, student: str, digest: str, suite_digest: str, engine: str, sandbox: str
    ) -> Graded | None:
        """The last grade that a run with this topic, suite, engine and sandbox gave to the same bytes of this student.

        None if there is none, or only ones that a fault of the grader left incomplete.
        """
        query = (
            _comparable(topic, suite_digest, engine, sandbox)
            .where(GRADES.c.student == _text(student), GRADES.c.digest == digest)
            .order_by(GRADES.c.id.desc())
            .limit(1)
        )
        return next((graded for _, _, graded in self._read(query)), None)

    def known(self, topic: str, suite_digest: str, engine: str, sandbox: str) -> dict[tuple[str, str], Graded]:
        """All that ``find`` would find, by (student, digest), in one query."""
        query = _comparable(topic, suite_digest, engine, sandbox).order_by(GRADES.c.id)
        return {(student, graded.grade.digest): graded for student, _, graded in self._read(query)}

    def link(self, run_id: int, *reused: Graded) -> None:
        """Make grades that ``find`` or ``known`` returned part of a run, all in one transaction.

        ``grade.file`` may have changed since, and is read back as given here.
        """
        with explained(self._name), self._engine.begin() as connection:
            for graded in reused:
                student = _text(graded.grade.student)
                values = {
                    "the_run": run_id,
                    "the_student": student,
                    "the_digest": graded.grade.digest,
                    "the_file": _text(graded.grade.file),
                }
                if connection.execute(_LINK, values).rowcount != 1:
                    raise GradebookError(
                        f"the gradebook {self._name} has no grade of {student!r} that run {run_id} may reuse"
                    )

    def results(self, topic: str | None = None, run: int | None = None) -> list[Graded]:
        """The grades of a run, in the order of the students' names: of ``run``, else of the latest (of ``topic``)."""
        latest = sa.select(sa.func.max(RUNS.c.id))
        if topic is not None:
            latest = latest.where(RUNS.c.topic == topic)
        query = (
            sa.select(ENTRIES.c.student, ENTRIES.c.file, GRADES.c.grade, GRADES.c.evidence)
            .join(GRADES, GRADES.c.id == ENTRIES.c.grade_id)
            .where(ENTRIES.c.run_id == (latest.scalar_subquery() if run is None else run))
            .order_by(ENTRIES.c.id)
        )
        found = {}
        for student, file, graded in self._read(query):
            found[student] = msgspec.structs.replace(graded, grade=msgspec.structs.replace(graded.grade, file=file))
        return [found[student] for student in sorted(found)]

    def runs(self) -> list[Run]:
        """Every run, oldest first."""
        counted = sa.func.count(ENTRIES.c.student.distinct()).label("submissions")
        query = sa.select(RUNS, counted).outerjoin(ENTRIES).group_by(*RUNS.c).order_by(RUNS.c.id)
        with explained(self._name), self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [Run(**{**row, "started": _utc(row["started"]), "finished": _utc(row["finished"])}) for row in rows]

    def topics(self) -> list[str]:
        """The topics that have a run, by name."""
        with explained(self._name), self._engine.connect() as connection:
            return sorted(connection.scalars(sa.select(RUNS.c.topic).distinct()))

    def _read(self, query: sa.Select[Any]) -> Iterator[tuple[str, str, Graded]]:
        """Student, file and graded of each row of (student, file, grade, evidence)."""
        with explained(self._name), self._engine.connect() as connection:
            for student, file, grade, evidence in connection.execute(query):
                yield student, file, Graded(self._decode(grade, Grade), self._decode(evidence, Evidence))

    def _decode(self, blob: bytes, type_: type[_T]) -> _T:
        try:
            return msgspec.json.decode(blob, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise GradebookError(f"the gradebook {self._name} is damaged: a grade can't be read ({error})") from None


def _link_statement() -> sa.Insert:
    origin = RUNS.alias("origin")
    same = [RUNS.c[key] == origin.c[key] for key in ("topic", "suite_digest", "engine", "sandbox")]
    query = (
        sa.select(
            RUNS.c.id,
            GRADES.c.id,
            sa.bindparam("the_student", type_=sa.String),
            sa.bindparam("the_file", type_=sa.String),
        )
        .select_from(GRADES)
        .join(origin, origin.c.id == GRADES.c.run_id)
        .join(RUNS, sa.and_(*same))
        .where(
            RUNS.c.id == sa.bindparam("the_run", type_=sa.Integer),
            GRADES.c.reusable,
            GRADES.c.student == sa.bindparam("the_student", type_=sa.String),
            GRADES.c.digest == sa.bindparam("the_digest", type_=sa.String),
        )
        .order_by(GRADES.c.id.desc())
        .limit(1)
    )
    return sa.insert(ENTRIES).from_select(["run_id", "grade_id", "student", "file"], query)


_LINK = _link_statement()


def _comparable(topic: str, suite_digest: str, engine: str, sandbox: str) -> sa.Select[Any]:
    """Rows of (student, "", grade, evidence) that may be reused by a run of these four."""
    return (
        sa.select(GRADES.c.student, sa.literal(""), GRADES.c.grade, GRADES.c.evidence)
        .join(RUNS, RUNS.c.id == GRADES.c.run_id)
        .where(RUNS.c.topic == topic, RUNS.c.suite_digest == suite_digest, RUNS.c.engine == engine)
        .where(RUNS.c.sandbox == sandbox, GRADES.c.reusable)
    )


def _reusable(graded: Graded) -> bool:
    seen = [check.verdict for check in graded.grade.checks] + [outcome.verdict for outcome in graded.evidence.outcomes]
    return Verdict.INTERNAL_ERROR not in seen


def _encode(value: Grade | Evidence) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # a file name that is not UTF-8 arrives as lone surrogates
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text).encode()


def _text(name: str) -> str:
    """``name`` as a database can store it, and as ``_encode`` writes it."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _utc(time: datetime | None) -> datetime | None:
    return time and time.replace(tzinfo=UTC)


def _new_id(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
