"""The cells that ``nbgrader generate_assignment`` released, as nbgrader's gradebook keeps them."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from grader.core.errors import GradebookError
from grader.lms.nbgrader.repair import Released


def released_cells(book: Gradebook, notebook: str, assignment: str) -> list[Released]:
    """Every marked cell of a released notebook, in its order; GradebookError if it was never released."""
    try:
        found: Any = book.find_notebook(notebook, assignment)
    except MissingEntry:
        raise GradebookError(
            f"nbgrader's gradebook knows no assignment {assignment!r} with a notebook {notebook!r}: "
            f"run `nbgrader generate_assignment {assignment}` in the course's folder first"
        ) from None
    points = {cell.name: cell.max_score for cell in found.grade_cells}
    solutions = {cell.name for cell in found.solution_cells}
    return [
        Released(
            name=cell.name,
            kind=cell.cell_type,
            text=cell.source,
            locked=cell.locked,
            solution=cell.name in solutions,
            points=points.get(cell.name),
            checksum=cell.checksum,
        )
        for cell in found.source_cells
    ]
