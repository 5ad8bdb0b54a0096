"""JSON: ``results.json``, in which the struct's own field order is the contract's, and what other commands print."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from grader.core.grade import Results

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def results_json(results: Results) -> str:
    """``results`` as ``tame_json`` writes it."""
    return tame_json(results)


def tame_json(value: Any) -> str:
    r"""``value`` as indented JSON, in which characters that a terminal would obey are ``\uXXXX`` escapes."""
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a file name that is not UTF-8 arrives as lone surrogates
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        text = _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text)
    text = msgspec.json.format(text, indent=2)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
