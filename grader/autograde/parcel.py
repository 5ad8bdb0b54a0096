"""A topic's folder as one string of bytes, whose digest says that it arrived as it was sent."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

import msgspec

from grader.core.errors import CourseError

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, bytes]).decode


def pack_folder(folder: Path) -> bytes:
    """Every file in ``folder`` but what tools leave there; equal bytes for equal files. OSError if it can't be read."""
    files = {}
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in inner.parts):
            files[inner.as_posix()] = path.read_bytes()
    return _encode(files)


def unpack_folder(parcel: bytes, folder: Path) -> None:
    """Write the files of ``parcel`` below ``folder``, for the owner alone; CourseError if it is no parcel."""
    try:
        files = _decode(parcel)
    except msgspec.MsgspecError as error:
        raise CourseError(f"the topic's files can't be unpacked: {error}") from None
    folder.mkdir(mode=0o700, parents=True)
    for name, content in files.items():
        inner = PurePosixPath(name)
        if inner.is_absolute() or ".." in inner.parts:
            raise CourseError(f"the topic's files can't be unpacked: {name!r} lies outside of the folder")
        target = folder / inner
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_bytes(content)


def digest_of(parcel: bytes) -> str:
    """SHA-256 of a parcel."""
    return hashlib.sha256(parcel).hexdigest()
