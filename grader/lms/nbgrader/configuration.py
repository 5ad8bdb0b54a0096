"""What an exported course's ``nbgrader_config.py`` calls: nbgrader's own extension points, set to ours."""

from __future__ import annotations

from functools import partial
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import ClearSolutions, Execute, SaveAutoGrades

from grader.lms.nbgrader.plugins import AnyNotebookExporter, GradeByEngine, ReleaseStubs, SaveWithComments, as_released

VALIDATE_SECONDS = 600


COURSE_ID = "stride"


def configure(c: Any, *, course: str) -> None:
    """Set nbgrader's configuration ``c`` up for the course in folder ``course``, the one that holds ``solutions/``.

    A course that has an id keeps it. Solution regions become the course's own stubs, a notebook in any state is read,
    and no kernel is started for grading: the grade cells' outputs come from the engine.
    """
    if "course_id" not in c.CourseDirectory:
        c.CourseDirectory.course_id = COURSE_ID
    c.GenerateAssignment.preprocessors = _replaced(GenerateAssignment.preprocessors, {ClearSolutions: ReleaseStubs})
    c.Autograde.autograde_preprocessors = _replaced(
        Autograde.autograde_preprocessors, {Execute: GradeByEngine, SaveAutoGrades: SaveWithComments}
    )
    c.Autograde.exporter_class = AnyNotebookExporter
    c.Autograde.pre_convert_hook = partial(as_released, course)
    for part in (c.ReleaseStubs, c.GradeByEngine, c.AnyNotebookExporter):
        part.course = course
    # `nbgrader validate` does run a kernel, and a cell there waits for a whole public suite.
    c.Execute.timeout = VALIDATE_SECONDS


def _replaced(trait: Any, new: dict[type, type]) -> list[type]:
    return [new.get(kind, kind) for kind in trait.default()]
