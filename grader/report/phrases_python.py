"""What Python's own exceptions ask for: which sign of which one calls for which next step, first fit first."""

from __future__ import annotations

from typing import Final

NAME: Final = r"([A-Za-z_]\w{0,59})"

PYTHON: Final[tuple[tuple[str, str, str], ...]] = (
    # Built-in exception, a pattern found in its text, the next step.
    (
        "TypeError",
        rf"{NAME}\.__init__\(\) takes 1 positional argument but \d+ were given",
        "`{0}` takes no arguments: write `__init__` with two underscores on each side, and `self` first",
    ),
    (
        "TypeError",
        rf"{NAME}\.{NAME}\(\) takes (\d+) positional arguments? but (\d+) were given",
        "`{1}` of `{0}` takes {2}, and {3} come: a method's first parameter is `self`, the stub's follow",
    ),
    (
        "TypeError",
        r"'([\w.]{1,60})' object does not support item assignment",
        "a {0} can't be changed: make a list or an array of it, or build a new one",
    ),
    (
        "TypeError",
        r"'?(?:int|float)'? object is not iterable|non-iterable (?:int|float)|type '(?:int|float)' has no len",
        "one number stands where several are asked for: `range(n)` counts up to n, `.shape` gives all sizes",
    ),
    (
        "TypeError",
        r"can only concatenate|must be str, not",
        "text and numbers don't add up: put the number into text by an f-string, or take the quotes away",
    ),
    (
        "ValueError",
        r"not enough values to unpack \(expected (\d+), got (\d+)\)",
        "{0} names stand on the left, {1} values on the right: print what stands there, such as a `.shape`",
    ),
    (
        "ValueError",
        r"too many values to unpack \(expected (\d+)",
        "{0} names stand on the left, and more values on the right: print what stands there, such as a `.shape`",
    ),
    (
        "FileNotFoundError",
        "",
        "no file is there to read: take every value from the function's arguments",
    ),
    (
        "PermissionError",
        "",
        "files can't be written here: return what you compute",
    ),
    (
        "NotImplementedError",
        "",
        "this is still the stub: put your own code in place of `raise NotImplementedError`, down to its `return`",
    ),
    (
        "TypeError",
        rf"{NAME}\(\) takes .{{1,60}} positional arguments? but \d+ (?:was|were) given",
        "keep the stub's `def {0}(…)` line as it is: the checks pass every argument it names",
    ),
    (
        "TypeError",
        rf"{NAME}\(\) got an unexpected keyword argument '{NAME}'",
        "`{0}` has no parameter called `{1}`: keep the names in the stub's `def` line",
    ),
    (
        "TypeError",
        rf"{NAME}\(\) missing \d+ required (?:positional|keyword-only) arguments?: '{NAME}'",
        "`{0}` is called without `{1}`: keep the stub's `def` line with its defaults, and pass all it needs",
    ),
    (
        "TypeError",
        r"'NoneType' object is not (?:subscriptable|iterable)|unsupported operand type\(s\) for .{1,6}: 'NoneType'",
        "something is None here: most often a function of yours that ends without `return`",
    ),
    (
        "TypeError",
        r"'([\w.]{1,60})' object is not callable",
        "round brackets call, square ones index: is a `[…]` meant, or was a function's name given to a {0}?",
    ),
    (
        "AttributeError",
        r"'NoneType' object has no attribute",
        "something is None here: most often a function of yours that ends without `return`",
    ),
    (
        "AttributeError",
        rf"module '([\w.]{{1,60}})' has no attribute '{NAME}'",
        "{0} has no `{1}`: look for a misspelling, or for the name in the library's documentation",
    ),
    (
        "AttributeError",
        rf"'([\w.]{{1,60}})' object has no attribute '{NAME}'",
        "`{0}` has no `{1}`: look for a misspelling, or for a value of another type than you think",
    ),
    (
        "TypeError",
        r"unsupported operand type\(s\) for (.{1,3}): '([\w.]{1,60})' and '([\w.]{1,60})'",
        "a {1} and a {2} can't be combined by `{0}`: print both above this line",
    ),
    ("EOFError", "", "`input()` has nobody to ask here: take every value from the function's arguments"),
    (
        "ImportError",
        "attempted relative import",
        "your file is no package: write `from support import …`, without the dot",
    ),
    (
        "ModuleNotFoundError",
        r"No module named '([\w.]{1,60})'",
        "there is no module {0} here: the lesson's vocabulary needs none but the ones the stub imports",
    ),
    ("IndexError", "", "an index lies outside: print the index and the length above this line"),
    ("KeyError", "", "the dict has no such key: print its keys above this line"),
    ("ZeroDivisionError", "", "something divides by zero: print the divisor above this line"),
    ("RecursionError", "", "the function calls itself without end: which call should be the last?"),
    ("SystemExit", "", "`exit()` ends the program before it answers: use `return`"),
    ("KeyboardInterrupt", "", "`KeyboardInterrupt` ends the program before it answers: use `return`"),
    (
        "UnboundLocalError",
        rf"local variable '{NAME}'",
        "`{0}` is used before this function gives it a value: set it above the `if` or the loop",
    ),
    ("AssertionError", "", "an `assert` of your own does not hold here: print what it compares above this line"),
)
