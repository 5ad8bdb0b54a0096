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
import stat
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from grader.autograde.files import NotGradableError, printable, python_text, read_regular
from grader.autograde.intake.archives import unpacked
from grader.autograde.intake.downloads import Handed, original_name, read_downloads
from grader.autograde.intake.roster import Roster
from grader.autograde.notebook import read_cells
from grader.core.errors import CourseError
from grader.wire.messages import Cell

__all__ = ["Cell", "Submission", "discover"]

MAX_PYTHON_BYTES = 1 << 20
MAX_NOTEBOOK_BYTES = 64 << 20
MAX_FOLDER_ENTRIES = 1_000
"""A student's folder is not searched further: whoever grades must find what lies in it, too."""

SUFFIXES = (".py", ".ipynb")
COMPANIONS = frozenset({"support.py", "probes.py", "test_public.py", "conftest.py", "__init__.py"})
"""Files that are released beside a stub, or that tools add, and that so come back beside an answer."""

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")

_LEFT_BY_TOOLS = frozenset({"__pycache__", "__MACOSX"})
_NBGRADER = frozenset({"submitted", "source", "release", "autograded", "feedback", "nbgrader_config.py"})

_COURSE_MARKS = ("nbgrader_config.py", "gradebook.db", "source")


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in.

    ``file`` is relative to the folder given; ``digest`` the SHA-256 of the bytes read, or of ``problem`` where none
    were; ``problem`` one sentence on why it is not gradable (then ``cells`` is empty). Names are printable.
    """

    student: str
    file: str
    digest: str
    cells: tuple[Cell, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()

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
        parent, name = os.path.split(os.path.abspath(path))
        owner = os.path.basename(parent) if _stem(name) == slug else ""
        return [_read(Path(parent), name, printable(owner or _stem(name)), slug)]
    return _found(path, slug, str(path))


def _found(path: Path, slug: str, shown: str) -> list[Submission]:
    """The submissions in a folder, which errors call ``shown``."""
    try:
        within = "submitted/" if _is_nbgrader_course(path, slug) else ""
        assignments = bool(within) or _is_nbgraders_submitted(path)
        entries = _entries(path / within)
        named = _assignments_of(entries, slug) if assignments else frozenset()
        downloads = None if assignments else read_downloads(path)
    except OSError as error:
        raise CourseError(f"{shown} can't be listed: {error.strerror}") from None
    if downloads is not None:
        return _chosen([_handed(path, each, slug) for each in downloads], slug)
    own = [entry.name for entry in entries if _is_candidate(entry.name) and entry.name not in COMPANIONS]
    if own and all(_stem(name) == slug for name in own) and not any(map(_is_folder, entries)):
        student = printable(path.resolve().name)
        return [_choose([_read(path, within + name, student, slug) for name in own], slug)]

    found: list[Submission] = []
    for entry in entries:
        if _is_candidate(entry.name):
            submission = _read(path, within + entry.name, printable(_stem(entry.name)), slug)
        elif _is_folder(entry):
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
        archives = any(entry.name.lower().endswith(_ARCHIVES) for entry in entries)
        more = "; archives in it are not opened, so unpack each into a folder named for the student" if archives else ""
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
    files = [(file, *original_name(name)) for file, name in handed.files if _is_candidate(name)]
    files = [each for each in files if each[1] not in COMPANIONS]
    notes = handed.notes
    if named := [each for each in files if _stem(each[1]) == slug]:
        # Of each kind the one that was handed in last.
        files = [max((each for each in named if each[1] == name), key=lambda each: each[2]) for _, name, _ in named]
    elif len(files) == 1:
        notes += (f"{printable(files[0][1])} was taken for {slug}, the only file there is",)
    else:
        several = _listed(name for _, name, _ in files)
        problem = f"no file is called {slug}, and there are several: {several}" if files else ""
        given = _listed(name for _, name in handed.files)
        return _not_gradable(
            handed.student,
            printable(handed.files[0][0]),
            problem or f"no such file: {given} is no {slug}.py or {slug}.ipynb; archives in a download are not opened",
        )
    chosen = _choose(
        [_read(base, file, handed.student, slug) for file in dict.fromkeys(each[0] for each in files)], slug
    )
    return msgspec.structs.replace(chosen, notes=(*notes, *chosen.notes))


def _is_nbgrader_course(path: Path, slug: str) -> bool:
    """Whether ``path`` holds nbgrader's folders and no student's, so that a student may be called "submitted"."""
    names = {entry.name for entry in _entries(path) if _is_folder(entry) or _is_candidate(entry.name)}
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
    inner = (each for student in students if _is_folder(student) for each in _folders_in(student.path))
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
        return [entry for entry in _entries(Path(folder), MAX_FOLDER_ENTRIES) if _is_folder(entry)]
    except OSError:
        return []


def _entries(folder: Path, limit: int | None = None) -> list[os.DirEntry[str]]:
    """What a folder holds, by name, without what tools leave behind; at most ``limit`` entries."""
    with os.scandir(folder) as listing:
        kept = (entry for entry in listing if not entry.name.startswith(".") and entry.name not in _LEFT_BY_TOOLS)
        return sorted(islice(kept, limit), key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _is_candidate(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _leaf(file: str) -> str:
    return file.rpartition("/")[2]


def _stem(file: str) -> str:
    name = _leaf(file)
    return os.path.splitext(name)[0] if _is_candidate(name) else name


def _in_folder(base: Path, folder: str, student: str, slug: str) -> Submission:
    """The submission in a student's folder, or in an assignment's folder in it; ``folder`` is relative to ``base``."""
    shown = printable(folder)
    try:
        files, note = _search(base, folder, slug)
    except NotGradableError as problem:
        return _not_gradable(student, shown, str(problem))
    except OSError as error:
        return _not_gradable(student, shown, f"the folder can't be read: {error.strerror}")
    chosen = _choose([_read(base, file, student, slug) for file in files], slug)
    return msgspec.structs.replace(chosen, notes=(*note, *chosen.notes))


def _search(base: Path, folder: str, slug: str) -> tuple[list[str], tuple[str, ...]]:
    """The files in ``folder`` that could be the submission, one of each kind at most, and a note if renamed."""
    for place in (folder, f"{folder}/{slug}", f"{folder}/exercises/{slug}"):
        if os.path.lexists(base / place) and stat.S_ISDIR(os.lstat(base / place).st_mode):
            named = [f"{place}/{slug}{suffix}" for suffix in SUFFIXES]
            if present := [file for file in named if os.path.lexists(base / file)]:
                return present, ()
    files, folders = _look_into(base, folder)
    deeper = [found for inner in folders if (found := _try_to_look_into(base, f"{folder}/{inner}"))]
    named_deeper = [place for place in deeper if any(_stem(file) == slug for file in place)]
    if len(named_deeper) > 1:
        places = _listed([place[0].split("/")[-2] for place in named_deeper])
        raise NotGradableError(f"several folders hold a file called {slug}: {places}")
    if named_deeper:
        return [file for file in named_deeper[0] if _stem(file) == slug], ()
    others = files or [file for place in deeper for file in place]
    if not others:
        raise NotGradableError(f"no such file: the folder holds no {slug}.py or {slug}.ipynb")
    if len(others) > 1:
        raise NotGradableError(f"no file is called {slug}, and there are several: {_listed(map(_leaf, others))}")
    return others, (f"{printable(_leaf(others[0]))} was taken for {slug}, the only file there is",)


def _look_into(base: Path, folder: str) -> tuple[list[str], list[str]]:
    """The candidates in ``folder``, as paths relative to ``base``, and the names of the folders in it."""
    entries = _entries(base / folder, MAX_FOLDER_ENTRIES + 1)
    if len(entries) > MAX_FOLDER_ENTRIES:
        raise NotGradableError(
            f"the folder holds more than {MAX_FOLDER_ENTRIES} files, none of them named for the topic"
        )
    candidates = [entry.name for entry in entries if _is_candidate(entry.name) and entry.name not in COMPANIONS]
    folders = [entry.name for entry in entries if _is_folder(entry) and not _is_candidate(entry.name)]
    return [f"{folder}/{name}" for name in candidates], folders


def _try_to_look_into(base: Path, folder: str) -> list[str]:
    try:
        return _look_into(base, folder)[0]
    except (OSError, NotGradableError):
        return []


def _listed(names: Iterable[str]) -> str:
    shown = [printable(name) for name in names]
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")


def _read(base: Path, file: str, student: str, slug: str) -> Submission:
    """Read one file, whose path is relative to ``base``."""
    name, shown = printable(_leaf(file)), printable(file)
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
