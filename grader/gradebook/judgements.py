"""What people decided: adjustments, and what was published. Rows are only ever added; a revocation is one, too."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from grader.core.errors import GradebookError
from grader.core.grade import Results
from grader.core.judgement import Adjustment, Change
from grader.gradebook.opened import Opened, encoded, new_id, now, stored, utc
from grader.gradebook.schema import ADJUSTMENTS, PUBLICATIONS, RUNS


class Publication(msgspec.Struct, frozen=True):
    """A run that students were shown, and when (UTC)."""

    id: int
    run: int
    topic: str
    published: datetime


class Judgements(Opened):
    """The part of a gradebook that people write."""

    def adjust(
        self,
        topic: str,
        student: str,
        task: str = "",
        points: float | None = None,
        *,
        change: Change = "add",
        why: str = "",
        comment: str = "",
    ) -> int:
        """Record a decision, or a comment where ``points`` is None; returns its id."""
        row = {
            "topic": topic,
            "student": stored(student),
            "task": task,
            "change": change,
            "points": points,
            "why": stored(why),
            "comment": stored(comment),
            "recorded": now(),
        }
        with self.writing() as connection:
            return new_id(connection.execute(sa.insert(ADJUSTMENTS), row))

    def revoke(self, adjustment: int, why: str) -> Adjustment:
        """Take back a decision, which stays on record; returns it as it was."""
        found = {each.id: each for each in self.adjustments(revoked=True)}.get(adjustment)
        if found is None:
            raise GradebookError(
                f"the gradebook {self.name} has no adjustment {adjustment}: see `grader adjust --list`"
            )
        if found.revoked is not None:
            raise GradebookError(f"adjustment {adjustment} was revoked before: see `grader adjust --list`")
        row = {
            "topic": found.topic,
            "student": found.student,
            "task": found.task,
            "change": found.change,
            "why": stored(why),
            "comment": "",
            "recorded": now(),
            "revokes": adjustment,
        }
        with self.writing() as connection:
            connection.execute(sa.insert(ADJUSTMENTS), row)
        return found

    def adjustments(
        self, topic: str | None = None, student: str | None = None, *, revoked: bool = False
    ) -> list[Adjustment]:
        """Decisions, oldest first: those in force, or with ``revoked`` all of them."""
        query = sa.select(ADJUSTMENTS).order_by(ADJUSTMENTS.c.id)
        if topic is not None:
            query = query.where(ADJUSTMENTS.c.topic == topic)
        if student is not None:
            query = query.where(ADJUSTMENTS.c.student == stored(student))
        with self.reading() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        taken_back = {row["revokes"]: row for row in rows if row["revokes"] is not None}
        found = []
        for row in rows:
            if row.pop("revokes") is not None:
                continue
            back = taken_back.get(row["id"])
            if back is None:
                found.append(Adjustment(**{**row, "recorded": utc(row["recorded"])}))
            elif revoked:
                times = {"recorded": utc(row["recorded"]), "revoked": utc(back["recorded"])}
                found.append(Adjustment(**{**row, **times, "revoked_why": back["why"]}))
        return found

    def publish(self, run_id: int, results: Results) -> Publication:
        """Freeze ``results``, those of run ``run_id`` with all judgement, as what its students see."""
        row = {"run_id": run_id, "published": now(), "results": encoded(results)}
        with self.writing() as connection:
            number = new_id(connection.execute(sa.insert(PUBLICATIONS), row))
        return next(each for each in self.publications() if each.id == number)

    def publications(self) -> list[Publication]:
        """Every publication, oldest first."""
        query = (
            sa.select(PUBLICATIONS.c.id, PUBLICATIONS.c.run_id.label("run"), RUNS.c.topic, PUBLICATIONS.c.published)
            .join(RUNS, RUNS.c.id == PUBLICATIONS.c.run_id)
            .order_by(PUBLICATIONS.c.id)
        )
        with self.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [Publication(**{**row, "published": utc(row["published"])}) for row in rows]

    def published(self, topic: str) -> Results | None:
        """What students see of ``topic``: the results that were published last, as they were then."""
        query = (
            sa.select(PUBLICATIONS.c.results)
            .join(RUNS, RUNS.c.id == PUBLICATIONS.c.run_id)
            .where(RUNS.c.topic == topic)
            .order_by(PUBLICATIONS.c.id.desc())
            .limit(1)
        )
        with self.reading() as connection:
            blob = connection.execute(query).scalar()
        return None if blob is None else self.decode(blob, Results)
