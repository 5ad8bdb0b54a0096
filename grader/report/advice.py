"""What a beginner should do next about an error, in a sentence.

Read are the exception's built-in name and, by narrow patterns, its text: of what a submission wrote only names, digits
and shapes are repeated. For public checks and for one's own machine; hidden checks never come here.
"""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Sequence

from grader.core.failure import Failure
from grader.report.phrases import RULES, STARTS, SYNTAX, TYPES
from grader.report.phrases_python import NAME

IMPORTS = {
    "np": "import numpy as np",
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "from torch.nn import functional as F",
    "math": "import math",
}

MODULES = ("numpy", "torch", "math", "itertools", "functools", "collections", "typing", "dataclasses")
"""What exercises import."""

MOST_NAMES = 2_000
"""With how many names a misspelt one is compared."""


def on_exception(name: str, detail: str, lines: Sequence[str]) -> str:
    """What to do about an exception: its built-in ``name``, what is known of its text, the submission's ``lines``."""
    if name == "NameError":
        return _on_name(detail, lines)
    if name == "ModuleNotFoundError" and (meant := _misspelt_module(detail)):
        return meant
    if name.endswith("Warning"):
        return "a warning is raised as an error: take away what asks for that, such as `simplefilter('error')`"
    if "array of dimension 0" in detail and any(re.match(r"\s*from (numpy|torch) import \*", line) for line in lines):
        return "`import *` puts the library's `min`, `max` and `sum` in place of Python's: import the library by name"
    for kind, pattern, words in RULES:
        if kind == name and (found := re.search(pattern, detail)):
            groups = [group or "" for group in found.groups()]
            return words.format(*groups)
    return ""


def on_problem(problem: str, lines: Sequence[str] = ()) -> str:
    """What to do about a file that can't be read as Python; empty where nothing better than the problem is known.

    ``lines`` are those of the file, or of the cell, that the problem is about.
    """
    found = re.search(r"\bline (\d{1,6})\b", problem)
    line = lines[int(found[1]) - 1].strip() if found and 0 < int(found[1]) <= len(lines) else ""
    for starts, words in STARTS:
        if line.startswith(starts):
            return words
    for sign, words in SYNTAX:
        if sign in problem:
            return words
    return (
        "look at that line and at the one above it: a bracket, a colon or a quote is missing"
        if "syntax" in problem
        else ""
    )


def on_timeout() -> str:
    """What to do about code that does not come to its end."""
    return "look for a loop that never ends (does what `while` tests change?), or for work done again and again"


def on_memory() -> str:
    """What to do about code that wants too much memory."""
    return "print the shapes above the line that makes the array: one of them is far larger than the inputs"


def on_uncallable(name: str) -> str:
    """What to do about a name that is no function."""
    return f"`{name}` is given another value after its `def`: call that value something else"


def on_missing(name: str, lines: Sequence[str]) -> str:
    """What to do about a function that is not there: the nearest name that is."""
    defined = [found[1] for line in lines if (found := re.match(rf"(?:def|class) {NAME}", line))]
    others = [other for other in defined if other != name][:MOST_NAMES]
    close = difflib.get_close_matches(name, others, n=1, cutoff=0.5)
    if close:
        return f"your file defines `{close[0]}`: call it `{name}` again"
    inner = any(re.match(rf"\s+def {name}\b", line) for line in lines)
    if inner:
        return f"`def {name}` is indented, so it belongs to the block above it: move it to the left margin"
    return f"keep the stub's `def {name}(…)`, spelt as it is, at the left margin"


def on_failure(failure: Failure, called: str, lines: Sequence[str]) -> str:
    """What to do about a value of the wrong type; empty where the author's own help says more."""
    if failure.stage == "dtype":
        return _on_dtype(failure)
    if failure.stage == "shape" and failure.actual.startswith("()"):
        return "one number came back where many are asked for: is the `return` inside the loop, or a sum over all axes?"
    if failure.stage != "type":
        return ""
    # A class of PascalCase is what the stub has itself.
    is_class = called[:1].islower() and any(re.match(rf"class {called}\b", line) for line in lines)
    if failure.actual == "an object of another type" and is_class:
        return f"`{called}` is a class here: keep the stub's `def {called}(…)`, which returns the result"
    for sign, words in TYPES:
        if sign(failure):
            return words
    if failure.actual == "None":
        return _on_none(called, lines)
    return ""


def _on_dtype(failure: Failure) -> str:
    if failure.expected.startswith("float") and failure.actual.startswith(("int", "uint", "bool")):
        dtype = failure.expected
        return (
            f"make the result {dtype} before you fill it: `np.zeros(shape)` is, `np.zeros_like(x)` of integers is not"
        )
    if "ndarray" in failure.expected or not failure.expected.isidentifier():
        return ""
    dtype = failure.expected
    return f"convert what you return: an array by `.astype(np.{dtype})`, a tensor by `.to(torch.{dtype})`"


def _on_none(called: str, lines: Sequence[str]) -> str:
    body = _body(called, lines)
    returns = any(re.match(r"\s+return\s+\S", line) for line in body)
    if any(re.search(r"\bprint\s*\(", line) for line in body) and not returns:
        return "the function prints its result: `print` shows a value to you, only `return` hands it to the caller"
    if returns:
        return (
            "some way through the function ends without `return`: look at each `if` and at where `return` is indented"
        )
    return "the function ends without `return`: put `return` before its result"


def _body(name: str, lines: Sequence[str]) -> list[str]:
    """The lines of a top-level function, by their indentation; nothing is parsed."""
    body: list[str] = []
    inside = False
    for line in lines:
        if re.match(rf"def {re.escape(name)}\b", line):
            inside, body = True, []
        elif inside and line[:1].strip() and not line.startswith((")", "#")):
            inside = False
        elif inside:
            body.append(line)
    return body


def _misspelt_module(detail: str) -> str:
    found = re.search(rf"No module named '{NAME}", detail)
    close = difflib.get_close_matches(found[1], MODULES, n=1, cutoff=0.7) if found else []
    return f"no module is called `{found[1]}`: is `{close[0]}` meant?" if found and close else ""


def _on_name(detail: str, lines: Sequence[str]) -> str:
    found = re.search(rf"name '{NAME}' is not defined", detail)
    if found is None:
        return ""
    name = found[1]
    if name in IMPORTS:
        return f"`{name}` is not imported: put `{IMPORTS[name]}` at the top of the file"
    if name in ("exit", "quit"):
        return f"`{name}()` would end the program before it answers: use `return`"
    words = {word for line in lines for word in re.findall(r"\b[A-Za-z_]\w{0,59}\b", line.partition("#")[0])}
    known = sorted(word for word in words - {name} if not keyword.iskeyword(word))[:MOST_NAMES]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    meant = f": is `{close[0]}` meant?" if close else ": set it above this line, or look for a misspelling"
    return f"nothing is called `{name}` here{meant}"
