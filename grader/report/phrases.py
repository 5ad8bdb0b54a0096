"""The sentences of :mod:`grader.report.advice`: which sign of an error calls for which next step."""

from __future__ import annotations

from collections.abc import Callable

from grader.core.failure import Failure

NAME = r"([A-Za-z_]\w{0,59})"
SHAPE = r"\([\d, ]{1,60}\)"

RULES: tuple[tuple[str, str, str], ...] = (
    # Built-in exception, a pattern found in its text, the next step; the first that fits is taken.
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
        r"Cannot cast ufunc '\w+' output from dtype\('(\w+)'\) to dtype\('(\w+)'\)",
        "`+=` and its like keep the array's dtype, here {1}: make the array float64 first, by "
        "`np.zeros(shape)` or `x.astype(np.float64)`",
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
        "TypeError",
        r"'(?:numpy\.)?float(?:64)?' object cannot be interpreted as an integer|expected a sequence of integers",
        "sizes and steps are integers: divide with `//`, not `/`",
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
        "a {0} has no `{1}`: look for a misspelling, or for a value of another type than you think",
    ),
    (
        "ValueError",
        rf"operands could not be broadcast together with shapes ({SHAPE}) ({SHAPE})",
        "shapes {0} and {1} can't be combined: print both `.shape`s above this line, and compare from the last axis",
    ),
    (
        "ValueError",
        r"could not broadcast input array from shape (\([\d,]+\)) into shape (\([\d,]+\))",
        "the slice on the left has shape {1}, the values on the right {0}: compare its bounds with the docstring",
    ),
    (
        "ValueError",
        r"matmul: Input operand|shapes \([\d,]+\) and \([\d,]+\) not aligned",
        "a matrix product needs (a, b) @ (b, c): print both `.shape`s, and transpose or reshape one",
    ),
    (
        "ValueError",
        r"cannot reshape array of size (\d+) into shape (\([\d,]+\))",
        "{0} elements can't fill {1}: the new shape must have as many, so look at the axes before it",
    ),
    (
        "ValueError",
        "truth value of an array",
        "`if`, `and`, `or` need one truth, an array holds many: use `np.where`, `&`, `|`, or `.all()` and `.any()`",
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
    ("IndexError", r"only integers, slices", "an index must be an integer: divide with `//`, not `/`"),
    (
        "IndexError",
        r"index -?\d+ is out of bounds for axis (\d+) with size (\d+)",
        "axis {0} has {1} entries, numbered from 0: look at where your loop ends",
    ),
    (
        "IndexError",
        "too many indices",
        "the array has fewer axes than indices here: print its `.shape` above this line",
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
    (
        "RuntimeError",
        r"must match the size of tensor b",
        "the two tensors' shapes don't fit: print both `.shape`s above this line, and compare from the last axis",
    ),
    (
        "RuntimeError",
        r"mat1 and mat2 shapes cannot be multiplied",
        "the input's last axis must be the layer's `in_features`: print the `.shape` before the layer",
    ),
    (
        "RuntimeError",
        r"a leaf Variable that requires grad",
        "weights can't be changed in place while gradients are recorded: do it inside `with torch.no_grad():`",
    ),
    ("AssertionError", "", "an `assert` of your own does not hold here"),
)

SYNTAX: tuple[tuple[str, str], ...] = (
    # Part of why a file can't be read as Python, the next step.
    ("expected an indented block", "indent the lines below the one that ends in `:`, by four spaces"),
    ("unindent does not match", "this line's indentation fits no block above: line it up with one of them"),
    ("unexpected indent", "this line is indented more than the one above it: line it up"),
    ("inconsistent use of tabs", "tabs and spaces are mixed: use four spaces everywhere"),
    ("was never closed", "a bracket is opened and not closed: count them from that line on"),
    ("unmatched", "a bracket is closed that was not opened"),
    ("unterminated", "a string is not closed on its line"),
    ("expected ':'", "`def`, `if`, `for`, `while` and `else` end in a colon"),
    ("'return' outside function", "this `return` is not inside the function: indent it"),
    ("invalid non-printable character", "a character that can't be seen was pasted in: type the line again"),
    ("UTF-16", "save the file again as UTF-8 (in Notepad: Save as, Encoding)"),
    ("encoding", "save the file again as UTF-8, and remove its `coding:` line if it has one"),
    ("UTF-8", "save the file again as UTF-8 (in Notepad: Save as, Encoding)"),
    ("NUL byte", "save the file again as UTF-8 (in Notepad: Save as, Encoding)"),
    ("is empty", "`course reset` puts the stub back"),
)


TYPES: tuple[tuple[Callable[[Failure], bool], str], ...] = (
    # Which wrong type came, the next step.
    (
        lambda f: f.actual in ("list", "tuple") and f.expected.startswith("ndarray"),
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
        lambda f: f.actual in ("int", "float") and f.expected.startswith(("ndarray", "tensor")),
        "one number came back where many are asked for: is the `return` inside the loop, or a sum over too many axes?",
    ),
    (
        lambda f: f.actual.startswith(("ndarray", "tensor")) and f.expected == "a number",
        "one number is asked for, and this is an array: sum or average it, or `float(…)` it",
    ),
    (
        lambda f: f.actual in ("function", "an object of another type"),
        "what came back is an object, not its value: is a call's `(…)` missing?",
    ),
)
