"""The gradebook as its callers see it: runs, grades recorded and read, and earlier grades taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from grader.core.errors import GradebookError
from grader.core.grade import Evidence, Grade, Graded
from grader.core.verdict import Verdict
from grader.gradebook.judgements import Judgements
from grader.gradebook.opened import as_stored, encoded, new_id, now, stored, utc
from grader.gradebook.schema import CHECKS, ENTRIES, GRADES, RUNS

# Made once: a grade is recorded for every submission.
_INSERT_GRADE, _INSERT_ENTRY = (sa.insert(table) for table in (GRADES, ENTRIES))


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


class Suite(msgspec.Struct, frozen=True):
    """What a run graded with: the suite's digest, and its parts, encoded by whoever compares them (None: unknown)."""

    digest: str
    parts: bytes | None = None


class Gradebook(Judgements):
    """An open gradebook; every method raises GradebookError, in one sentence, where the database fails it."""

    def begin_run(
        self, topic: str, suite_digest: str, engine: str, sandbox: str, suite_parts: bytes | None = None
    ) -> int:
        """Start a run and return its id."""
        row = {
            "topic": topic,
            "suite_digest": suite_digest,
            "engine": engine,
            "sandbox": sandbox,
            "started": now(),
            "suite_parts": suite_parts,
        }
        with self.writing() as connection:
            return new_id(connection.execute(sa.insert(RUNS), row))

    def finish_run(self, run_id: int) -> None:
        """Mark a run as complete."""
        with self.writing() as connection:
            connection.execute(sa.update(RUNS).where(RUNS.c.id == run_id).values(finished=now()))

    def record(self, run_id: int, graded: Graded, received: datetime | None = None) -> None:
        """Store a grade and its evidence in one transaction; on return it survives the death of this process.

        A second grade of the same student in the same run is stored beside the first, and is the one that is read.
        ``received`` is when the submission came in, where that is known.
        """
        grade = graded.grade
        student = stored(grade.student)
        row = {
            "run_id": run_id,
            "student": student,
            "digest": grade.digest,
            "gradable": grade.gradable,
            "score": grade.score,
            "max_score": grade.max_score,
            "seconds": grade.seconds,
            "reusable": _reusable(graded),
            "recorded": now(),
            "grade": encoded(grade),
            "evidence": encoded(graded.evidence),
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
        with self.writing() as connection:
            grade_id = new_id(connection.execute(_INSERT_GRADE, row))
            entry = {
                "run_id": run_id,
                "grade_id": grade_id,
                "student": student,
                "file": stored(grade.file),
                "received": as_stored(received),
            }
            connection.execute(_INSERT_ENTRY, entry)
            if checks:
                self.insert_plain(connection, CHECKS, [{"grade_id": grade_id, **check} for check in checks])

    def find(
        self, topic: str, student: str, digest: str, suite_digest: str, engine: str, sandbox: str
    ) -> Graded | None:
        """The last grade that a run with this topic, suite, engine and sandbox gave to the same bytes of this student.

        None if there is none, or only ones that a fault of the grader left incomplete.
        """
        query = (
            _comparable(topic, suite_digest, engine, sandbox)
            .where(GRADES.c.student == stored(student), GRADES.c.digest == digest)
            .order_by(GRADES.c.id.desc())
            .limit(1)
        )
        return next((graded for _, _, graded in self._read(query)), None)

    def known(
        self, topic: str, suite_digest: str, engine: str, sandbox: str, parts: bytes | None = None
    ) -> dict[tuple[str, str], Graded]:
        """All that ``find`` would find, by (student, digest), in one query; only by a suite of ``parts``, if given."""
        query = _comparable(topic, suite_digest, engine, sandbox).order_by(GRADES.c.id)
        if parts is not None:
            query = query.where(RUNS.c.suite_parts == parts)
        return {(student, graded.grade.digest): graded for student, _, graded in self._read(query)}

    def suites(self, topic: str, engine: str, sandbox: str) -> list[Suite]:
        """The suites with which this engine graded ``topic`` in this sandbox, the latest first."""
        query = (
            sa.select(RUNS.c.suite_digest, RUNS.c.suite_parts)
            .where(RUNS.c.topic == topic, RUNS.c.engine == engine, RUNS.c.sandbox == sandbox)
            .order_by(RUNS.c.id.desc())
        )
        with self.reading() as connection:
            return list(dict.fromkeys(Suite(digest, parts) for digest, parts in connection.execute(query)))

    def link(
        self,
        run_id: int,
        *reused: Graded,
        received: Mapping[str, datetime] | None = None,
        suite: Suite | None = None,
    ) -> None:
        """Make grades that ``find`` or ``known`` returned part of a run, all in one transaction.

        ``grade.file`` may have changed since, and is read back as given here. They are grades by ``suite``, which is
        the run's own unless the caller knows that another one gives the same; ``received`` is as in ``record``.
        """
        # PostgreSQL's driver forgets how many rows an INSERT made, unless it is asked to remember.
        statement = _link_statement(suite).execution_options(preserve_rowcount=True)
        with self.writing() as connection:
            for graded in reused:
                student = stored(graded.grade.student)
                values = {
                    "the_run": run_id,
                    "the_student": student,
                    "the_digest": graded.grade.digest,
                    "the_file": stored(graded.grade.file),
                    "the_time": as_stored((received or {}).get(graded.grade.student)),
                }
                if connection.execute(statement, values).rowcount != 1:
                    raise GradebookError(
                        f"the gradebook {self.name} has no grade of {student!r} that run {run_id} may reuse"
                    )

    def received(self, run_id: int) -> dict[str, datetime]:
        """When each student's submission in a run came in (UTC), where that is known."""
        query = sa.select(ENTRIES.c.student, ENTRIES.c.received).where(ENTRIES.c.run_id == run_id)
        with self.reading() as connection:
            rows = connection.execute(query.order_by(ENTRIES.c.id)).all()
        return {student: time for student, received in rows if (time := utc(received)) is not None}

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

    def grades(self, run: int) -> list[Grade]:
        """The grades of a run without their evidence, which is most of a gradebook; by the students' names."""
        query = (
            sa.select(ENTRIES.c.student, ENTRIES.c.file, GRADES.c.grade)
            .join(GRADES, GRADES.c.id == ENTRIES.c.grade_id)
            .where(ENTRIES.c.run_id == run)
            .order_by(ENTRIES.c.id)
        )
        with self.reading() as connection:
            latest = {student: (file, blob) for student, file, blob in connection.execute(query)}
        return [
            msgspec.structs.replace(self.decode(blob, Grade), file=file) for _, (file, blob) in sorted(latest.items())
        ]

    def runs(self) -> list[Run]:
        """Every run, oldest first."""
        columns = [RUNS.c[name] for name in Run.__struct_fields__ if name in RUNS.c]
        counted = sa.func.count(ENTRIES.c.student.distinct()).label("submissions")
        query = sa.select(*columns, counted).outerjoin(ENTRIES).group_by(*columns).order_by(RUNS.c.id)
        with self.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [Run(**{**row, "started": utc(row["started"]), "finished": utc(row["finished"])}) for row in rows]

    def topics(self) -> list[str]:
        """The topics that have a run, by name."""
        with self.reading() as connection:
            return sorted(connection.scalars(sa.select(RUNS.c.topic).distinct()))

    def _read(self, query: sa.Select[Any]) -> Iterator[tuple[str, str, Graded]]:
        """Student, file and graded of each row of (student, file, grade, evidence)."""
        with self.reading() as connection:
            for student, file, grade, evidence in connection.execute(query):
                yield student, file, Graded(self.decode(grade, Grade), self.decode(evidence, Evidence))


def _link_statement(suite: Suite | None) -> sa.Insert:
    origin = RUNS.alias("origin")
    same = [RUNS.c[key] == origin.c[key] for key in ("topic", "engine", "sandbox")]
    same.append(origin.c.suite_digest == (RUNS.c.suite_digest if suite is None else suite.digest))
    if suite is not None and suite.parts is not None:
        same.append(origin.c.suite_parts == suite.parts)
    query = (
        sa.select(
            RUNS.c.id,
            GRADES.c.id,
            sa.bindparam("the_student", type_=sa.String),
            sa.bindparam("the_file", type_=sa.String),
            sa.bindparam("the_time", type_=sa.DateTime),
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
    return sa.insert(ENTRIES).from_select(["run_id", "grade_id", "student", "file", "received"], query)


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
