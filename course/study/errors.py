"""What can go wrong while studying.

::

    GraderError
     └── StudyError                  what a student asked for can't be done here
          └── MissingExtra           it needs a library that the base installation leaves out
"""

from __future__ import annotations

from grader.core.errors import GraderError


class StudyError(GraderError):
    """What was asked for can't be done; the text is one sentence that says what to do."""


class MissingExtra(StudyError):
    """A library of the ``study`` extra is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(f"this needs {library}: run `pip install -e '.[study]'` in the course's folder")
