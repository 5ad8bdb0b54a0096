"""What an exported course's ``nbgrader_config.py`` calls: nbgrader's own extension points, set to ours."""

from __future__ import annotations

from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import ClearSolutions, Execute, SaveAutoGrades

from grader.lms.nbgrader.plugins import AnyNotebookExporter, GradeByEngine, ReleaseStubs, SaveWithComments, as_released

VALIDATE_SECONDS = 600


def configure(c: Any, *, course: str, course_id: str = "stride") -> None:
    """Set nbgrader's configuration ``c`` up for the course in folder ``course``, the one that holds ``solutions/``.

    Solution regions become the course's own stubs, a notebook in any state is read, and no kernel is started for
    grading: the grade cells' outputs come from the engine.
    """
    c.CourseDirectory.course_id = course_id
    c.GenerateAssignment.preprocessors = _replaced(GenerateAssignment.preprocessors, {ClearSolutions: ReleaseStubs})
    c.Autograde.autograde_preprocessors = _replaced(
        Autograde.autograde_preprocessors, {Execute: GradeByEngine, SaveAutoGrades: SaveWithComments}
    )
    c.Autograde.exporter_class = AnyNotebookExporter
    c.Autograde.pre_convert_hook = as_released
    c.GradeByEngine.course = course
    # `nbgrader validate` does run a kernel, and a cell there waits for a whole public suite.
    c.Execute.timeout = VALIDATE_SECONDS


def _replaced(trait: Any, new: dict[type, type]) -> list[type]:
    return [new.get(kind, kind) for kind in trait.default()]
