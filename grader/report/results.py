"""``results.json``: the struct's own field order is the contract's."""

from __future__ import annotations

import json
import re

import msgspec

from grader.core.grade import Results

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def results_json(results: Results) -> str:
    r"""``results`` as indented JSON, in which characters that a terminal would obey are ``\uXXXX`` escapes."""
    try:
        text = msgspec.json.encode(results).decode()
    except UnicodeEncodeError:  # a file name that is not UTF-8 arrives as lone surrogates
        text = json.dumps(msgspec.to_builtins(results), ensure_ascii=False)
        text = _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text)
    text = msgspec.json.format(text, indent=2)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
