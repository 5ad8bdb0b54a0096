"""Finding what students handed in, and reading it without trusting any of it.

Three layouts are told apart by looking, and may be mixed in one folder; beside them zip archives, and the downloads of
Canvas, Moodle and Gradescope and folders of git clones (``intake.downloads``) are known by their names::

    DIR/<student>.py                           one file a student
    DIR/<student>/<slug>.py                    one folder a student
    submitted/<student>/<assignment>/<slug>.py nbgrader's

Everywhere ``.ipynb`` serves as ``.py`` does. Whatever a student wrote, it yields one entry under the student's name:
with its cells, or with the problem that makes it not gradable. No code is parsed here: what breaks a parser breaks
it in the sandbox.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from grader.autograde.files import NotGradableError, printable, python_text, read_regular
from grader.autograde.intake.archives import students_own, unpacked
from grader.autograde.intake.downloads import Handed, original_name, read_downloads
from grader.autograde.intake.places import (
    COMPANIONS,
    MAX_FOLDER_ENTRIES,
    SUFFIXES,
    archives_in,
    hidden_answers,
    is_archive,
    is_candidate,
    is_folder,
    leaf,
    listed,
    listing,
    search,
    stem,
)
from grader.autograde.intake.roster import Roster
from grader.autograde.notebook import read_cells
from grader.core.errors import CourseError
from grader.wire.messages import SEED, Cell

__all__ = ["Cell", "Submission", "discover"]

MAX_PYTHON_BYTES = 1 << 20
MAX_NOTEBOOK_BYTES = 64 << 20
_NBGRADER = frozenset({"submitted", "source", "release", "autograded", "feedback", "nbgrader_config.py"})

_COURSE_MARKS = ("nbgrader_config.py", "gradebook.db", "source")


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in.

    ``file`` is relative to the folder given; ``digest`` the SHA-256 of the bytes read, or of ``problem`` where none
    were; ``problem`` one sentence on why it is not gradable (then ``cells`` is empty). Names are printable. ``seed``,
    see :class:`grader.wire.messages.Load`, is another one only where an audit looks for chance.
    """

    student: str
    file: str
    digest: str
    cells: tuple[Cell, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    seed: int = SEED

    @property
    def notebook(self) -> bool:
        """Whether the cells are a notebook's, in IPython's syntax."""
        return self.file.lower().endswith(".ipynb")


def discover(path: Path, slug: str) -> list[Submission]:
    """Every submission for topic ``slug`` in ``path`` (a file, an archive or a folder in any layout), by student.

    Raises CourseError if ``path`` does not exist, can't be listed, or holds nothing of the kind.
    """
    if not os.path.lexists(path):
        raise CourseError(f"{path} does not exist: give a file, or a folder of submissions")
    if not path.is_dir():
        if path.suffix.lower() == ".zip":
            with unpacked(path) as folder:
                return _found(folder, slug, str(path))
        if is_archive(path.name) and path.is_file():
            raise CourseError(f"{path} is an archive of a kind that is not opened: unpack it, and give the folder")
        parent, name = os.path.split(os.path.abspath(path))
        owner = os.path.basename(parent) if stem(name) == slug else ""
        return [_read(Path(parent), name, printable(owner or stem(name)), slug)]
    return _found(path, slug, str(path))


def _found(path: Path, slug: str, shown: str) -> list[Submission]:
    """The submissions in a folder, which errors call ``shown``."""
    try:
        within = "submitted/" if _is_nbgrader_course(path, slug) else ""
        assignments = bool(within) or _is_nbgraders_submitted(path)
        entries = listing(path / within)
        hidden = hidden_answers(path / within)
        named = _assignments_of(entries, slug) if assignments else frozenset()
        downloads = None if assignments else read_downloads(path)
    except OSError as error:
        raise CourseError(f"{shown} can't be listed: {error.strerror}") from None
    if downloads is not None:
        return _chosen([_handed(path, each, slug) for each in downloads], slug)
    own = [entry.name for entry in entries if is_candidate(entry.name) and entry.name not in COMPANIONS]
    if own and all(stem(name) == slug for name in own) and not any(map(is_folder, entries)):
        student = printable(path.resolve().name)
        return [_choose([_read(path, within + name, student, slug) for name in own], slug)]

    found: list[Submission] = []
    for entry in (*entries, *hidden):
        if is_candidate(entry.name):
            submission = _read(path, within + entry.name, printable(stem(entry.name)), slug)
        elif is_folder(entry):
            place = _assignment_folder(entry, named, slug) if named else entry.name
            if not place:
                # Other assignments only: this student did not hand in this one.
                continue
            submission = _in_folder(path, within + place, printable(entry.name), slug)
        elif entry.is_symlink() and ("." not in entry.name or os.path.isdir(entry.path)):
            submission = _read(path, within + entry.name, printable(entry.name), slug)
        else:
            continue
        found.append(submission)
    if not found:
        archives = [entry.name for entry in entries if is_archive(entry.name)]
        if len(archives) > 1:
            # One alone is rather the class's own, which was to be given itself.
            return _chosen(
                [_in_archive(path, within + name, printable(Path(name).stem), slug) for name in archives], slug
            )
        more = f"; to grade what is in {listed(archives)}, give that file" if archives else ""
        raise CourseError(f"{shown} holds no submission: no .py or .ipynb file, and no student's folder{more}")
    return _chosen(found, slug)


def renamed(found: Iterable[Submission], roster: Roster, slug: str) -> list[Submission]:
    """The submissions under their names on the roster; who is not on it keeps the name, with a note."""
    named = []
    for submission in found:
        student = roster.find(submission.student)
        notes = submission.notes if student else (*submission.notes, "not on the roster")
        named.append(msgspec.structs.replace(submission, student=student or submission.student, notes=notes))
    return _chosen(named, slug)


def _chosen(found: Iterable[Submission], slug: str) -> list[Submission]:
    by_student: dict[str, list[Submission]] = {}
    for submission in found:
        by_student.setdefault(submission.student, []).append(submission)
    return [_choose(by_student[student], slug) for student in sorted(by_student)]


def _handed(base: Path, handed: Handed, slug: str) -> Submission:
    """The submission in what a download holds of one student."""
    if handed.folder:
        chosen = _in_folder(base, handed.folder, handed.student, slug)
        return msgspec.structs.replace(chosen, notes=(*handed.notes, *chosen.notes))
    files = [(file, *original_name(name)) for file, name in handed.files if is_candidate(name)]
    files = [each for each in files if each[1] not in COMPANIONS]
    notes = handed.notes
    if named := [each for each in files if stem(each[1]) == slug]:
        # Of each kind the one that was handed in last.
        files = [max((each for each in named if each[1] == name), key=lambda each: each[2]) for _, name, _ in named]
    elif len(files) == 1:
        notes += (f"{printable(files[0][1])} was taken for {slug}, the only file there is",)
    elif archive := _only_archive(handed.files) if not files else "":
        chosen = _in_archive(base, archive, handed.student, slug)
        return msgspec.structs.replace(chosen, notes=(*notes, *chosen.notes))
    else:
        several = listed(name for _, name, _ in files)
        problem = f"no file is called {slug}, and there are several: {several}" if files else ""
        given = listed(name for _, name in handed.files)
        problem = problem or f"no such file: {given} is no {slug}.py or {slug}.ipynb"
        refused = _not_gradable(handed.student, printable(handed.files[0][0]), problem)
        return msgspec.structs.replace(refused, notes=notes)
    chosen = _choose(
        [_read(base, file, handed.student, slug) for file in dict.fromkeys(each[0] for each in files)], slug
    )
    return msgspec.structs.replace(chosen, notes=(*notes, *chosen.notes))


def _is_nbgrader_course(path: Path, slug: str) -> bool:
    """Whether ``path`` holds nbgrader's folders and no student's, so that a student may be called "submitted"."""
    names = {entry.name for entry in listing(path) if is_folder(entry) or is_candidate(entry.name)}
    submitted = path / "submitted"
    return (
        "submitted" in names
        and (names <= _NBGRADER or "nbgrader_config.py" in names)
        and submitted.is_dir()
        and not any((submitted / (slug + suffix)).exists() for suffix in SUFFIXES)
    )


def _is_nbgraders_submitted(path: Path) -> bool:
    """Whether ``path`` is the folder ``submitted`` of an nbgrader course."""
    course = path.resolve().parent
    return path.resolve().name == "submitted" and any((course / name).exists() for name in _COURSE_MARKS)


def _assignments_of(students: Iterable[os.DirEntry[str]], slug: str) -> frozenset[str]:
    """What the assignment's folder is called: as the topic, or so that somebody's holds a file called so."""
    inner = (each for student in students if is_folder(student) for each in _folders_in(student.path))
    return frozenset(
        folder.name
        for folder in inner
        if folder.name == slug or any(os.path.lexists(f"{folder.path}/{slug}{suffix}") for suffix in SUFFIXES)
    )


def _assignment_folder(student: os.DirEntry[str], named: frozenset[str], slug: str) -> str:
    """Where in a student's folder to look, relative to all students'; empty if it holds other assignments only."""
    inner = [folder.name for folder in _folders_in(student.path)]
    if slug in inner:
        return f"{student.name}/{slug}"
    mine = [name for name in inner if name in named]
    if not mine and inner and not any(os.path.lexists(f"{student.path}/{slug}{suffix}") for suffix in SUFFIXES):
        return ""
    return f"{student.name}/{mine[0]}" if len(mine) == 1 else student.name


def _folders_in(folder: str) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in listing(Path(folder), MAX_FOLDER_ENTRIES) if is_folder(entry)]
    except OSError:
        return []


def _in_folder(base: Path, folder: str, student: str, slug: str, *, packed: bool = True) -> Submission:
    """The submission in a student's folder, or in an assignment's folder in it; ``folder`` is relative to ``base``.

    An archive is opened only if nothing else could be the answer, and ``packed``.
    """
    shown = printable(folder)
    try:
        files, note = search(base, folder, slug)
        archives = [] if files else archives_in(base, folder)
    except NotGradableError as problem:
        return _not_gradable(student, shown, str(problem))
    except OSError as error:
        return _not_gradable(student, shown, f"the folder can't be read: {error.strerror}")
    if len(archives) == 1 and packed:
        return _in_archive(base, archives[0], student, slug)
    if not files:
        left = f"; not opened: {listed(map(leaf, archives))}" if archives else ""
        return _not_gradable(student, shown, f"no such file: the folder holds no {slug}.py or {slug}.ipynb{left}")
    chosen = _choose([_read(base, file, student, slug) for file in files], slug)
    return msgspec.structs.replace(chosen, notes=(*note, *chosen.notes))


def _only_archive(files: Iterable[tuple[str, str]]) -> str:
    """The one archive among loose files, of several attempts the last; empty where there is none, or more."""
    archives = [(*original_name(name), file) for file, name in files if is_archive(name)]
    return max(archives, key=lambda each: each[1])[2] if len({name for name, _, _ in archives}) == 1 else ""


def _in_archive(base: Path, file: str, student: str, slug: str) -> Submission:
    """The submission in an archive that the student made; archives in that one stay closed."""
    shown, name = printable(file), printable(leaf(file))
    try:
        with students_own(base / file) as folder:
            found = _in_folder(folder.parent, folder.name, student, slug, packed=False)
            place = shown + found.file.removeprefix(printable(folder.name))
    except NotGradableError as problem:
        return _not_gradable(student, shown, f"{name} {problem}")
    if found.problem:
        return msgspec.structs.replace(found, file=place, problem=f"{name}: {found.problem}")
    return msgspec.structs.replace(found, file=place, notes=(f"it was handed in within {name}", *found.notes))


def _read(base: Path, file: str, student: str, slug: str) -> Submission:
    """Read one file, whose path is relative to ``base``."""
    name, shown = printable(leaf(file)), printable(file)
    is_notebook = file.lower().endswith(".ipynb")
    notes: tuple[str, ...] = ()
    try:
        data = read_regular(os.path.join(base, file), MAX_NOTEBOOK_BYTES if is_notebook else MAX_PYTHON_BYTES)
    except NotGradableError as problem:
        return _not_gradable(student, shown, f"{name} {problem}")
    digest = hashlib.sha256(data).hexdigest()
    try:
        if is_notebook:
            cells, notes = read_cells(data, f"{slug}.ipynb")
        else:
            cells = (Cell(python_text(data), f"{slug}.py"),)
    except NotGradableError as problem:
        return Submission(student, shown, digest, problem=f"{name} {problem}")
    return Submission(student, shown, digest, cells, notes=notes)


def _not_gradable(student: str, file: str, problem: str) -> Submission:
    return Submission(student, file, hashlib.sha256(problem.encode()).hexdigest(), problem=problem)


def _choose(claims: Sequence[Submission], slug: str) -> Submission:
    """The one entry of a student: what can be read, then what leaves least of the stub, then ``.py``, then by name.

    A stub and a notebook are released together, so one of the two often comes back as it was.
    """
    marker = f'NotImplementedError("{slug}: '

    def rank(claim: Submission) -> tuple[bool, int, bool, str]:
        unfilled = sum(cell.text.count(marker) for cell in claim.cells)
        return bool(claim.problem), unfilled, claim.notebook, claim.file

    best, *others = sorted(claims, key=rank)
    if not others:
        return best
    note = f"{best.file} was graded, and not {' or '.join(claim.file for claim in others[:5])}"
    return msgspec.structs.replace(best, notes=(*best.notes, note))
