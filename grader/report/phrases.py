"""The sentences of :mod:`grader.report.advice`: which sign of an error calls for which next step."""

from __future__ import annotations

from collections.abc import Callable

from grader.core.failure import Failure
from grader.report.phrases_arrays import ARRAYS
from grader.report.phrases_python import PYTHON

RULES = (*ARRAYS, *PYTHON)
"""Libraries' words first, which are the narrower ones."""

SYNTAX: tuple[tuple[str, str], ...] = (
    # Part of why a file can't be read as Python, the next step.
    ("expected an indented block", "indent the lines below the one that ends in `:`, by four spaces"),
    ("unindent does not match", "this line's indentation fits no block above: line it up with one of them"),
    ("unexpected indent", "this line is indented more than the one above it: line it up"),
    ("inconsistent use of tabs", "tabs and spaces are mixed: use four spaces everywhere"),
    ("was never closed", "a bracket is opened and not closed: count them from that line on"),
    ("unmatched", "a bracket is closed that was not opened"),
    ("unterminated", "a string is not closed on its line"),
    ("Maybe you meant '=='", "one `=` gives a name a value, two compare: write `==` in a condition"),
    ("call to 'print'", "`print` is a function: put what it prints in round brackets"),
    ("f-string", "in an f-string each `{` needs its `}`, and quotes inside are of the other kind"),
    ("__future__", "move that import to the first line of the file"),
    ("leading zeros", "write the number without the 0 in front"),
    ("invalid character", "it was pasted from a document: type the keyboard's own quotes, dashes and signs"),
    ("expected ':'", "`def`, `if`, `for`, `while` and `else` end in a colon; `else if` is written `elif`"),
    ("'return' outside function", "this `return` is not inside the function: indent it"),
    ("invalid non-printable character", "a character that can't be seen was pasted in: type the line again"),
    ("UTF-16", "save the file again as UTF-8 (in Notepad: Save as, Encoding)"),
    ("encoding", "save the file again as UTF-8, and remove its `coding:` line if it has one"),
    ("UTF-8", "save the file again as UTF-8 (in Notepad: Save as, Encoding)"),
    ("NUL byte", "save the file again as UTF-8 (in Notepad: Save as, Encoding)"),
    ("is empty", "`course reset` puts the stub back"),
)


STARTS: tuple[tuple[tuple[str, ...], str], ...] = (
    # How the line begins that can't be read, the next step.
    (
        ("<<<<<<<", "=======", ">>>>>>>"),
        "git left both versions: keep one, and delete the three lines of marks",
    ),
    (("%", "!"), "`%…` and `!…` are for notebooks: take the line away"),
    ((">>>", "..."), "a prompt was pasted in: take it away, and the line's output too"),
)


NUMBERS = ("bool", "int", "float", "float64", "float32", "int64", "int32")
"""Types of one number, Python's and NumPy's."""

TYPES: tuple[tuple[Callable[[Failure], bool], str], ...] = (
    # Which wrong type came, the next step.
    (
        lambda f: f.actual == "tuple" and f.expected.startswith("ndarray"),
        "one array is asked for: is a comma left in `return`, or `np.array(…)` missing around several?",
    ),
    (
        lambda f: f.actual == "list" and f.expected.startswith("ndarray"),
        "make it an array: `np.array(…)` around what you return",
    ),
    (
        lambda f: f.actual in ("list", "tuple") and f.expected.startswith("tensor"),
        "make it a tensor: `torch.stack(…)` or `torch.cat(…)` of what you return",
    ),
    (
        lambda f: f.actual.startswith("tensor") and f.expected.startswith("ndarray"),
        "an array is asked for, and this is a tensor: compute with NumPy, or end with `.detach().numpy()`",
    ),
    (
        lambda f: f.actual.startswith("ndarray") and f.expected.startswith("tensor"),
        "a tensor is asked for, and this is an array: stay with torch's functions, or no gradient can flow",
    ),
    (
        lambda f: f.actual in NUMBERS and f.expected.startswith(("ndarray", "tensor")),
        "one number came back where many are asked for: is the `return` inside the loop, or a sum over too many axes?",
    ),
    (
        lambda f: f.actual.startswith(("ndarray", "tensor")) and f.expected == "a number",
        "one number is asked for, and this is an array: sum or average it, or `float(…)` it",
    ),
    (
        lambda f: f.actual == "a generator",
        "`yield` hands out values one by one: collect them, and `return` all",
    ),
    (lambda f: f.actual == "a coroutine", "take `async` away from the `def`: nobody waits for what it computes"),
    (
        lambda f: f.actual == "an array of an unusual dtype",
        "its elements are no plain numbers: look for rows of unequal length, `None` among them, or `dtype=object`",
    ),
    (
        lambda f: f.actual == "a subclass of ndarray",
        "make it a plain array: `np.asarray(…)` around what you return, and `np.array` in place of `np.matrix`",
    ),
    (
        lambda f: f.actual in ("function", "a function", "a class", "an object of another type"),
        "what came back is an object, not its value: is a call's `(…)` missing?",
    ),
    (
        lambda f: f.expected == "an nn.Module",
        "a module is asked for: a `class …(nn.Module)` whose `forward` computes, made and not called",
    ),
    (
        lambda f: (
            f.actual in ("str", "dict", "bytes", "complex", "a set", "a range", "an iterator")
            and f.expected.startswith(("ndarray", "tensor"))
        ),
        "hand over the numbers alone, as one array: look at what stands after `return`",
    ),
)
