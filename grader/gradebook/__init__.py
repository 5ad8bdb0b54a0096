"""The gradebook: every run and every grade, one transaction a submission, nothing ever overwritten.

Reading order: ``schema`` (the tables), ``gradebook`` (runs and grades), ``judgements`` (what people decided and
published), ``naming``, ``opened`` and ``connection`` (SQLite's settings, PostgreSQL's driver, migrations, and errors in
words). Imports grader.core, SQLAlchemy and, only when a schema must change, Alembic.
"""

from grader.gradebook.gradebook import Gradebook, Run, Suite
from grader.gradebook.judgements import Publication
from grader.gradebook.naming import find_run

__all__ = ["Gradebook", "Publication", "Run", "Suite", "find_run"]
