"""Where in a student's folder the answer lies, told by names alone; nothing is opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from grader.autograde.files import NotGradableError, printable

MAX_FOLDER_ENTRIES = 1_000
"""A student's folder is not searched further: whoever grades must find what lies in it, too."""

SUFFIXES = (".py", ".ipynb")
COMPANIONS = frozenset({"support.py", "probes.py", "test_public.py", "conftest.py", "__init__.py"})
"""Files that are released beside a stub, or that tools add, and that so come back beside an answer."""

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
_LEFT_BY_TOOLS = frozenset({"__pycache__", "__MACOSX"})
_BEGUN_BY_TOOLS = ("._", ".#", ".~")
"""How the names of second files begin that macOS, Emacs and Jupyter write beside the first."""


def search(base: Path, folder: str, slug: str) -> tuple[list[str], tuple[str, ...]]:
    """The files in ``folder`` that could be the submission, one of each kind at most, and a note if renamed.

    NotGradableError if it can't be told which of several it is.
    """
    for place in (folder, f"{folder}/{slug}", f"{folder}/exercises/{slug}"):
        if os.path.lexists(base / place) and stat.S_ISDIR(os.lstat(base / place).st_mode):
            named = [f"{place}/{slug}{suffix}" for suffix in SUFFIXES]
            if present := [file for file in named if os.path.lexists(base / file)]:
                return present, ()
    files, folders = _look_into(base, folder)
    deeper = [found for inner in folders if (found := _try_to_look_into(base, f"{folder}/{inner}"))]
    named_deeper = [place for place in deeper if any(stem(file) == slug for file in place)]
    if len(named_deeper) > 1:
        places = listed([place[0].split("/")[-2] for place in named_deeper])
        raise NotGradableError(f"several folders hold a file called {slug}: {places}")
    if named_deeper:
        return [file for file in named_deeper[0] if stem(file) == slug], ()
    others = files or [file for place in deeper for file in place]
    if not others:
        return [], ()
    if len(others) > 1:
        raise NotGradableError(f"no file is called {slug}, and there are several: {listed(map(leaf, others))}")
    return others, (f"{printable(leaf(others[0]))} was taken for {slug}, the only file there is",)


def archives_in(base: Path, folder: str) -> list[str]:
    """The archives in ``folder``, as paths relative to ``base``."""
    found = listing(base / folder, MAX_FOLDER_ENTRIES)
    return [f"{folder}/{entry.name}" for entry in found if is_archive(entry.name) and not is_folder(entry)]


def is_archive(name: str) -> bool:
    """Whether a file of that name holds others, packed in whatever way; only ``.zip`` is opened."""
    return name.lower().endswith(_ARCHIVES)


def _look_into(base: Path, folder: str) -> tuple[list[str], list[str]]:
    """The candidates in ``folder``, as paths relative to ``base``, and the names of the folders in it."""
    entries = listing(base / folder, MAX_FOLDER_ENTRIES + 1)
    if len(entries) > MAX_FOLDER_ENTRIES:
        raise NotGradableError(
            f"the folder holds more than {MAX_FOLDER_ENTRIES} files, none of them named for the topic"
        )
    candidates = [entry.name for entry in entries if is_candidate(entry.name) and entry.name not in COMPANIONS]
    folders = [entry.name for entry in entries if is_folder(entry) and not is_candidate(entry.name)]
    return [f"{folder}/{name}" for name in candidates], folders


def _try_to_look_into(base: Path, folder: str) -> list[str]:
    try:
        return _look_into(base, folder)[0]
    except (OSError, NotGradableError):
        return []


def listed(names: Iterable[str]) -> str:
    """A few names, for a sentence."""
    shown = [printable(name) for name in names]
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")


def listing(folder: Path, limit: int | None = None) -> list[os.DirEntry[str]]:
    """What a folder holds, by name, without what tools leave behind; at most ``limit`` entries."""
    with os.scandir(folder) as found:
        kept = (entry for entry in found if not entry.name.startswith(".") and entry.name not in _LEFT_BY_TOOLS)
        return sorted(islice(kept, limit), key=lambda entry: entry.name)


def hidden_answers(folder: Path) -> list[os.DirEntry[str]]:
    """What else in a class's folder could be somebody's answer, although its name begins with a dot."""
    with os.scandir(folder) as found:
        hidden = [each for each in found if each.name.startswith(".") and is_candidate(each.name)]
    kept = (each for each in hidden if not each.name.startswith(_BEGUN_BY_TOOLS))
    return sorted(kept, key=lambda entry: entry.name)


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder itself, and not a link to one."""
    return entry.is_dir(follow_symlinks=False)


def is_candidate(name: str) -> bool:
    """Whether a file of that name could be an answer."""
    return name.lower().endswith(SUFFIXES)


def leaf(file: str) -> str:
    """A file's name without its folders."""
    return file.rpartition("/")[2]


def stem(file: str) -> str:
    """A file's name without its folders, and without the suffix of an answer."""
    name = leaf(file)
    return os.path.splitext(name)[0] if is_candidate(name) else name
