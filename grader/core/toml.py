"""TOML as authors write it, read into frozen structs; every fault is one sentence.

An unknown key is an error that names the nearest right one, because a misspelt ``atol`` that is silently
ignored changes grades.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from grader.core.errors import CourseError

_T = TypeVar("_T", bound=msgspec.Struct)


def read_toml(file: Path, struct: type[_T]) -> _T:
    """What ``file`` says; CourseError says what is wrong with it. A missing file is as in :func:`read_table`."""
    return convert_table(read_table(file), struct, str(file))


def read_table(file: Path) -> dict[str, Any]:
    """The table that ``file`` holds; CourseError if it can't be read or holds none.

    That there is no such file is the caller's to judge: FileNotFoundError or NotADirectoryError.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")  # Notepad marks its files
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise CourseError(f"{file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CourseError(f"{file} is no valid TOML: {error}") from None
    return decode_toml(text, str(file))


def parse_toml(text: str, struct: type[_T], where: str) -> _T:
    """What ``text`` says; CourseError says what is wrong with it, and ``where``."""
    return convert_table(decode_toml(text, where), struct, where)


def decode_toml(text: str, where: str) -> dict[str, Any]:
    """The table that ``text`` is; CourseError if it is none."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: a number of 5000 digits is a plain ValueError.
        raise CourseError(f"{where} is no valid TOML: {error}") from None


def convert_table(table: dict[str, Any], struct: type[_T], where: str) -> _T:
    """``table`` as a ``struct``; CourseError names a key that is unknown, or of the wrong type."""
    _refuse_unknown_keys(table, struct, where)
    try:
        return msgspec.convert(table, struct)
    except msgspec.ValidationError as error:
        raise CourseError(f"{where}: {error}") from None


def _refuse_unknown_keys(raw: Any, struct: Any, where: str) -> None:
    hints = get_type_hints(struct)
    for key, value in raw.items():
        if key not in hints:
            close = difflib.get_close_matches(key, hints, n=1, cutoff=0.4)
            right = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(hints)}"
            raise CourseError(f"{where}: unknown key {key!r}; {right}")
        hint = hints[key]
        inner = get_args(hint)[0] if get_origin(hint) is tuple else hint
        if not (isinstance(inner, type) and issubclass(inner, msgspec.Struct)):
            continue
        for number, item in enumerate(value if isinstance(value, list) else [value], start=1):
            if isinstance(item, dict):
                place = f"{where}, {key} {number}" if isinstance(value, list) else f"{where}, [{key}]"
                _refuse_unknown_keys(item, inner, place)
