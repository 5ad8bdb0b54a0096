"""A zip archive unpacked without trusting it: no path leaves the folder, nothing is a link, and sizes are bounded."""

from __future__ import annotations

import io
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.autograde.files import NotGradableError, read_regular
from grader.core.errors import CourseError

MAX_MEMBERS = 200_000
MAX_FILE_BYTES = 65 << 20
"""One byte more than any submission may have would do: what is larger is cut there, and refused when it is read."""

MAX_TOTAL_BYTES = 4 << 30
MAX_OWN_BYTES = 16 << 20
MAX_OWN_MEMBERS = 1_000
MAX_OWN_TOTAL_BYTES = 128 << 20
"""Of an archive that a student made: what it has itself, how many files, and what they unpack to."""

MAX_PATH = 400
CHUNK = 1 << 20


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """A temporary folder with the files of ``archive``, without a folder that wraps all others.

    A member whose name leads out of the folder, or that is a link or a device, is left out. CourseError if the archive
    can't be read, or holds more than any class hands in.
    """
    with tempfile.TemporaryDirectory(prefix="submissions-") as temporary:
        # Called as the archive is: where that holds one student's files, it is that student's name.
        folder = Path(temporary) / (archive.stem.strip(".") or "submission")
        try:
            folder.mkdir()
            with zipfile.ZipFile(archive) as opened:
                _unpack(opened, folder, MAX_MEMBERS, MAX_TOTAL_BYTES)
        except OSError as error:
            raise CourseError(f"{archive} can't be unpacked: {error.strerror or error}") from None
        except Exception as error:
            # Of broken bytes zipfile raises what its parts raise: zlib's and lzma's own errors, an IndexError.
            raise CourseError(f"{archive} is no zip archive that can be read ({error}): download it again") from None
        yield _within_wrapper(folder)


@contextmanager
def students_own(archive: Path) -> Iterator[Path]:
    """A temporary folder with what a student packed, without a folder around all of it.

    What is left out of a class's archive is left out of it, too. NotGradableError if it can't be read.
    """
    if archive.suffix.lower() != ".zip":
        raise NotGradableError("is an archive of a kind that is not opened: hand in the file itself, or a .zip")
    data = read_regular(str(archive), MAX_OWN_BYTES)
    with tempfile.TemporaryDirectory(prefix="submission-") as temporary:
        folder = Path(temporary) / "own"
        folder.mkdir()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as opened:
                _unpack(opened, folder, MAX_OWN_MEMBERS, MAX_OWN_TOTAL_BYTES)
        except OSError as error:
            raise NotGradableError(f"can't be unpacked: {error.strerror or error}") from None
        except Exception as error:
            # As above.
            raise NotGradableError(f"is no zip archive that can be read ({error})") from None
        yield _within_wrapper(folder)


def _unpack(archive: zipfile.ZipFile, folder: Path, most: int, most_bytes: int) -> None:
    members = archive.infolist()
    if len(members) > most:
        raise ValueError(f"it holds more than {most} files")
    total = 0
    for member in members:
        parts = _safe_parts(member)
        if not parts:
            continue
        target = folder.joinpath(*parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                continue
            opened = open(target, "xb")  # noqa: SIM115  closed by the with below
        except (OSError, ValueError):
            # Another member stands where a folder would have to be, or the name is none on this system.
            continue
        with opened, archive.open(member) as source:
            size = 0
            # A member's own word on its size is not taken.
            while size < MAX_FILE_BYTES and (chunk := source.read(CHUNK)):
                size += len(chunk)
                total += len(chunk)
                if total > most_bytes:
                    raise ValueError(f"it unpacks to more than {most_bytes >> 20} MiB")
                opened.write(chunk)


def _safe_parts(member: zipfile.ZipInfo) -> tuple[str, ...]:
    """The member's path in parts; empty for what is no plain file, or has a name that could lead elsewhere."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if member.is_dir() or kind not in (0, stat.S_IFREG) or len(member.filename) > MAX_PATH:
        return ()
    parts = tuple(member.filename.replace("\\", "/").split("/"))
    unsafe = any(part in ("", ".", "..") or "\0" in part or ":" in part for part in parts)
    return () if unsafe or parts[0] == "__MACOSX" else parts


def _within_wrapper(folder: Path) -> Path:
    """The one folder in ``folder`` if that holds a class: folders of its own, not just one student's files."""
    entries = list(folder.iterdir())
    if len(entries) == 1 and entries[0].is_dir() and any(inner.is_dir() for inner in entries[0].iterdir()):
        return entries[0]
    return folder
