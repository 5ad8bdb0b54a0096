"""JSON: ``results.json``, in which the struct's own field order is the contract's, and what other commands print."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from grader.core.grade import Results

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def results_json(results: Results) -> str:
    """``results`` as ``results_pieces`` writes it."""
    return "".join(results_pieces(results))


def results_pieces(results: Results) -> Iterator[str]:
    """What ``tame_json`` writes, in pieces, one a submission: a large class's would be held several times over."""
    whole = _indented(msgspec.structs.replace(results, submissions=()), 0)
    before, empty, after = whole.rpartition('"submissions": []')
    yield before + empty.removesuffix("]")
    for number, grade in enumerate(results.submissions):
        yield (",\n    " if number else "\n    ") + _indented(grade, 4)
    yield ("\n  " if results.submissions else "") + "]" + after + "\n"


def tame_json(value: Any) -> str:
    r"""``value`` as indented JSON, in which characters that a terminal would obey are ``\uXXXX`` escapes."""
    return _indented(value, 0) + "\n"


def _indented(value: Any, by: int) -> str:
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a file name that is not UTF-8 arrives as lone surrogates
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        text = _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text)
    # No string holds a line break of its own.
    text = msgspec.json.format(text, indent=2).replace("\n", "\n" + " " * by)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
