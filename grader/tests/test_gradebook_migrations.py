"""A gradebook of every earlier schema is read and goes on."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from grader.core.grade import Results
from grader.gradebook import Gradebook, Suite, connection
from grader.gradebook.checkup import problems
from grader.gradebook.schema import HEAD, METADATA
from grader.tests.records import cut_off, graded


def made_by(revision: str, gradebook_url: str) -> None:
    """A gradebook as the release with schema ``revision`` left it, with one grade in it."""
    from alembic import command
    from alembic.config import Config

    engine, _ = connection.connect(gradebook_url)
    engine.dispose()
    config = Config()
    config.set_main_option("script_location", str(connection.MIGRATIONS).replace("%", "%%"))
    engine = sa.create_engine(connection._url(gradebook_url))
    with engine.begin() as database:
        METADATA.drop_all(database)
        database.execute(sa.text("DROP TABLE alembic_version"))
        config.attributes["connection"] = database
        command.upgrade(config, revision)
        tables = sa.MetaData()
        tables.reflect(database)
        one = graded()
        values: dict[str, dict[str, Any]] = {
            "runs": {"topic": "toy", "suite_digest": "s1", "engine": "e1", "sandbox": "full"},
            "grades": {
                "id": 1,
                "run_id": 1,
                "student": "ada",
                "digest": "d1",
                "gradable": True,
                "score": 5.0,
                "max_score": 10.0,
                "seconds": 0.25,
                "reusable": True,
            },
            "entries": {"run_id": 1, "grade_id": 1, "student": "ada", "file": "toy.py"},
        }
        values["runs"]["started"] = values["grades"]["recorded"] = datetime(2026, 9, 1)
        values["grades"]["grade"] = connection_json(one.grade)
        values["grades"]["evidence"] = connection_json(one.evidence)
        for table, row in values.items():
            database.execute(sa.insert(tables.tables[table]), row)
        for position, check in enumerate(one.grade.checks):
            row = {"grade_id": 1, "position": position, "check_id": check.id, "task": check.task}
            row |= {"verdict": check.verdict.value, "points": check.points, "max_points": check.max_points}
            database.execute(sa.insert(tables.tables["checks"]), {**row, "visibility": check.visibility})
    engine.dispose()


def structure(engine: sa.Engine) -> dict[str, Any]:
    """Every table with its columns, keys and indexes, as the database itself tells them."""
    inspector = sa.inspect(engine)
    return {
        table: {
            "columns": [{**column, "type": str(column["type"])} for column in inspector.get_columns(table)],
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(inspector.get_foreign_keys(table), key=str),
            "indexes": sorted(inspector.get_indexes(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
        }
        for table in sorted(inspector.get_table_names())
    }


def test_a_new_gradebook_is_what_all_migrations_make(gradebook_url: str) -> None:
    """To the last index and the migration tool's own table, which names the newest migration."""
    engine, _ = connection.connect(gradebook_url)
    new = structure(engine)
    with engine.begin() as database:
        assert [HEAD] == list(database.scalars(sa.text("SELECT version_num FROM alembic_version")))
        METADATA.drop_all(database)
        database.execute(sa.text("DROP TABLE alembic_version"))
        connection._migrate(database)
    assert new == structure(engine)
    engine.dispose()


def connection_json(value: Any) -> bytes:
    """A value as the first release wrote it."""
    import msgspec

    return msgspec.json.encode(value)


def revisions() -> list[str]:
    """Every schema before today's."""
    names = sorted((connection.MIGRATIONS / "versions").glob("v*.py"))
    return [found[1] for path in names if (found := re.match(r"v(\d+)_", path.name)) and found[1] < HEAD]


@pytest.mark.parametrize("revision", revisions())
def test_a_gradebook_of_every_earlier_schema_is_read_and_goes_on(gradebook_url: str, revision: str) -> None:
    """Its grades are there, may be reused, adjusted and published, and the schema is today's."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    made_by(revision, gradebook_url)
    with Gradebook.open(gradebook_url) as book:
        assert [graded()] == book.results()
        assert [] == problems(book)
        assert {} == book.received(1)
        assert [Suite("s1")] == book.suites("toy", "e1", "full")
        book.link(1, *book.known("toy", "s1", "e1", "full").values())
        book.adjust("toy", "ada", "add", 1.0, why="x")
        book.publish(1, Results("toy", "s1", "e1", ()))
        with book.engine.connect() as database:
            assert [] == compare_metadata(MigrationContext.configure(database), METADATA)


def test_a_migration_that_is_cut_off_is_begun_again(gradebook_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gradebook stays as the earlier release left it."""
    made_by(revisions()[0], gradebook_url)
    cut_off(monkeypatch, "_migrate")
    with pytest.raises(KeyboardInterrupt):
        Gradebook.open(gradebook_url)
    engine = sa.create_engine(connection._url(gradebook_url))
    with engine.connect() as database:
        assert revisions()[0] == database.scalar(sa.text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    monkeypatch.undo()
    with Gradebook.open(gradebook_url) as book:
        assert [graded()] == book.results()
