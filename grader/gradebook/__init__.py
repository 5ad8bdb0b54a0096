"""The gradebook: every run and every grade, one transaction a submission, nothing ever overwritten.

Reading order: ``schema`` (the tables), ``gradebook`` (what callers use), ``connection`` (SQLite's settings, migrations
and errors in words). Imports grader.core, SQLAlchemy and, only when a schema must change, Alembic.
"""

from grader.gradebook.gradebook import Gradebook, Run

__all__ = ["Gradebook", "Run"]
