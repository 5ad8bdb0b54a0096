"""Reading one file that a student handed in, whatever it is.

A link is never followed, and what is no regular file is never opened: a FIFO would block, a device could act. Never
more bytes are read than asked for. Names come out printable, since they go into reports and databases.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import stat
import tokenize

_TEXT_ENCODING = re.compile(
    r"utf-8(-sig)?|ascii|iso8859-\d+|cp(437|7\d\d|8\d\d|932|949|950|125\d)|koi8-[rtu]|mac-\w+"
    r"|gb2312|gbk|gb18030|big5|euc_(jp|kr)|shift_jis|johab|tis-620"
)
"""Encodings of characters in which ASCII stays ASCII; Python's others (utf-7, EBCDIC …) hide what a file says."""


class NotGradableError(Exception):
    """A submission can't be graded; the text is one sentence about what was found."""


def printable(name: str) -> str:
    """``name`` with everything escaped that does not print, and the backslash, so that no two names look the same."""
    return "".join(
        letter if letter.isprintable() and letter != "\\" else letter.encode("unicode_escape").decode("ascii")
        for letter in name
    )


def read_regular(path: str, limit: int) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes; NotGradableError says what else it is."""
    try:
        _require_regular(os.lstat(path))
        flags = os.O_RDONLY
        for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
            flags |= getattr(os, name, 0)
        with open(os.open(path, flags), "rb") as file:
            _require_regular(os.fstat(file.fileno()))
            data = file.read(limit + 1)
    except OSError as error:
        raise NotGradableError(f"can't be read: {error.strerror or type(error).__name__}") from None
    if len(data) > limit:
        raise NotGradableError(f"is larger than {limit >> 20} MiB")
    return data


def _require_regular(status: os.stat_result) -> None:
    kinds = {
        stat.S_IFLNK: "is a symbolic link, which is never followed",
        stat.S_IFDIR: "is a folder, not a file",
        stat.S_IFIFO: "is a named pipe, which is never opened",
        stat.S_IFSOCK: "is a socket, which is never opened",
        stat.S_IFCHR: "is a device, which is never opened",
        stat.S_IFBLK: "is a device, which is never opened",
    }
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        raise NotGradableError(kinds.get(kind, "is no regular file"))


def python_text(data: bytes) -> str:
    """The text of a Python file, decoded as Python does it: byte order mark, then cookie (PEP 263), then UTF-8.

    NotGradableError if Python would refuse it too, or if its encoding is not one of plain characters.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotGradableError("is saved as UTF-16; Python reads UTF-8")
    try:
        declared, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        encoding = codecs.lookup(declared).name
    except (SyntaxError, LookupError, ValueError):
        raise NotGradableError("declares an encoding that Python doesn't know, or is not valid UTF-8") from None
    if not _TEXT_ENCODING.fullmatch(encoding):
        raise NotGradableError("declares an encoding that is not one of plain text; save it as UTF-8")
    try:
        text = data.decode(encoding)
    except ValueError as error:
        where = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        raise NotGradableError(f"is not valid {encoding.upper()}{where}") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise NotGradableError(f"holds a NUL byte on line {line}, which Python refuses")
    return text
