"""The parts that nbgrader runs in place of its own.

An assignment that is no topic, such as an instructor's own in the same course, is left to nbgrader's.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearSolutions, Execute, SaveAutoGrades
from nbgrader.utils import is_solution
from traitlets import Dict, Unicode

from grader.autograde.files import NotGradableError, printable, read_regular
from grader.autograde.submissions import MAX_NOTEBOOK_BYTES
from grader.core.course import open_topic
from grader.core.errors import GraderError
from grader.core.grade import Grade
from grader.lms.nbgrader.feedback import comments, outputs, refuse_broken
from grader.lms.nbgrader.folders import is_topic
from grader.lms.nbgrader.master import released_cells
from grader.lms.nbgrader.repair import NOTES, noted, repaired, shown
from grader.lms.nbgrader.whole_class import grade_whole_class
from grader.release.stub import find_regions, make_stub


class ReleaseStubs(ClearSolutions):  # type: ignore[misc]  # nbgrader is untyped
    """Clears solution regions as ``grader release`` does: a region outside of functions goes, a class still imports."""

    course = Unicode("", help="the folder that holds solutions/").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Remember whose notebook it is."""
        self._slug = resources["nbgrader"]["assignment"]
        return super().preprocess(nb, resources)

    def _replace_solution_region(self, cell: Any, language: str) -> bool:
        if not is_topic(self.course, self._slug):
            return bool(super()._replace_solution_region(cell, language))
        # Elsewhere may stand what is no Python: a magic.
        if not (cell.cell_type == "code" and is_solution(cell) and find_regions(cell.source, self._slug)):
            return bool(super()._replace_solution_region(cell, language))
        cell.source = make_stub(cell.source, self._slug).rstrip("\n")
        return True


class GradeByEngine(Execute):  # type: ignore[misc]
    """Fills the grade cells' outputs with what the engine finds; nothing of a submission runs in this process.

    No kernel is started, so nothing in a notebook can patch one. The whole class is graded in parallel when the first
    submission is asked for, and each by the bytes that were handed in.
    """

    course = Unicode("", help="the folder that holds solutions/").tag(config=True)
    sandbox = Unicode("auto", help="auto, full, landlock or none, as in grader grade").tag(config=True)
    _classes = Dict()

    def preprocess(self, nb: Any, resources: Any, retries: int | None = None) -> Any:
        """Write the points into the cells; GraderError if the grader breaks, so that nobody loses points by it."""
        where = resources["nbgrader"]
        if not is_topic(self.course, where["assignment"]):
            return super().preprocess(nb, resources, retries)
        grade = self._grade(where["assignment"], where["student"])
        found = outputs(grade)
        for cell in nb.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if cell.cell_type == "code":
                cell.outputs = [nbformat.from_dict(output) for output in found.get(name, [])]
        if grade.flags:
            if not (nb.cells and nb.cells[0].source.startswith(NOTES)):
                nb.cells.insert(0, new_markdown_cell(NOTES))
            nb.cells[0].source = noted(nb.cells[0].source, grade.flags)
        where["comments"] = comments(grade)
        return nb, resources

    def _grade(self, slug: str, student: str) -> Grade:
        # The exporter, whose parent is nbgrader's converter, registers a preprocessor anew for each notebook.
        converter = self.parent.parent
        known: dict[str, dict[str, Grade]] = converter.__dict__.setdefault("_graded_by_engine", {})
        if slug not in known:
            topic = open_topic(slug, Path(self.course))
            known[slug] = grade_whole_class(topic, Path(converter.coursedir.root), self.sandbox)
        grade = known[slug].get(student)
        if grade is None:
            raise GraderError(f"{student} handed in nothing for {slug} that can be found: is it in submitted/?")
        refuse_broken(grade)
        return grade


class SaveWithComments(SaveAutoGrades):  # type: ignore[misc]
    """Saves the points as nbgrader does, and the engine's comments where nbgrader has at most "No response."."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Save both; a comment also where its cell is no longer there."""
        nb, resources = super().preprocess(nb, resources)
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as book:
            for name, text in where.get("comments", {}).items():
                entry = book.find_comment(name, where["notebook"], where["assignment"], where["student"])
                entry.auto_comment = text
            book.db.commit()
        return nb, resources


def as_released(course: str, assignment: str, student: str, notebooks: list[str]) -> None:
    """What nbgrader calls before a folder is converted: a renamed notebook is looked for under its released name.

    :class:`AnyNotebookExporter` then takes the only one there is.
    """
    if notebooks and is_topic(course, assignment) and not any(Path(name).stem == assignment for name in notebooks):
        notebooks[:] = [str(Path(notebooks[0]).with_name(f"{assignment}.ipynb"))]


class AnyNotebookExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a notebook in any state; what is no notebook becomes one that says so and has all grade cells."""

    course = Unicode("", help="the folder that holds solutions/").tag(config=True)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """As nbconvert's, but for how the file is read."""
        where = resources["nbgrader"]
        if not is_topic(self.course, where["assignment"]):
            return super().from_filename(filename, resources, **kw)
        with Gradebook(where["db_url"]) as book:
            released = released_cells(book, where["notebook"], where["assignment"])
        notebook, notes = repaired(self._read(Path(filename)), released)
        for note in notes:
            self.log.warning("%s: %s", filename, note)
        shown(notebook, {}, notes)
        return self.from_notebook_node(nbformat.from_dict(notebook), resources=resources, **kw)

    def _read(self, file: Path) -> bytes | None:
        """The notebook's bytes, None where it can't be read; the grade's flags say of both what students may read."""
        if not os.path.lexists(file) and len(others := sorted(file.parent.glob("*.ipynb"))) == 1:
            self.log.warning("%s was taken for %s", printable(others[0].name), file)
            file = others[0]
        try:
            return read_regular(str(file), MAX_NOTEBOOK_BYTES)
        except NotGradableError as problem:
            self.log.warning("%s %s", file, problem)
            return None
