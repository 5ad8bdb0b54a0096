"""What beginners do wrong, each met in words: the cause, the next step, and no line of the grader's own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
RIGHT = (ROOT / "solutions" / "convolution" / "convolution.py").read_text(encoding="utf-8")
RESIDUAL = (ROOT / "solutions" / "residual_block" / "residual_block.py").read_text(encoding="utf-8")


class Slip(NamedTuple):
    """A file as a beginner leaves it, what names the cause, and what names the next step."""

    file: str | bytes
    cause: str
    step: str


def but(code: str, right: str = RIGHT) -> str:
    """A right file in which ``code`` defines some names again."""
    return f"{right}\n\n{dedent(code)}"


def above(code: str) -> str:
    """A right file with ``code`` among its imports."""
    return RIGHT.replace("import numpy as np", f"import numpy as np\n{code}", 1)


def block(
    made: str = "self.n = nn.Identity()",
    result: str = "self.n(x)",
    start: str = "super().__init__()",
    forward: str = "def forward(self, x):",
) -> str:
    """A right file whose BasicBlock is a module that makes and returns this."""
    return (
        f"{RESIDUAL}\n\nclass BasicBlock(nn.Module):\n    def __init__(self, *a, **k):\n        {start or 'pass'}\n"
        f"        {made}\n\n    {forward}\n        return {result}\n"
    )


PAD = "def pad2d(x, pad, value=0.0):\n"

SLIPS: Mapping[str, Slip] = {
    "still_the_stub": Slip(
        but(PAD + "    raise NotImplementedError('convolution: pad2d')\n"), "NotImplementedError", "still the stub"
    ),
    "function_renamed": Slip(
        RIGHT.replace("def cross_correlate2d", "def crosscorrelate2d"),
        "defines no cross_correlate2d",
        "your file defines `crosscorrelate2d`: call it `cross_correlate2d` again",
    ),
    "function_indented": Slip(
        "import numpy as np\n\nif False:\n    def pad2d(x, pad):\n        return x\n", "defines no pad2d", "left margin"
    ),
    "function_gone": Slip("import numpy as np\n", "defines no pad2d", "keep the stub's `def pad2d(…)`"),
    "returns_none": Slip(but(PAD + "    y = np.zeros(3)\n"), "not None", "ends without `return`"),
    "one_way_without_return": Slip(
        but(PAD + "    if value:\n        return x\n"), "not None", "look at each `if` and at where `return` is"
    ),
    "prints_the_result": Slip(
        but(PAD + "    print(np.pad(x, ((0, 0), (0, 0), pad[:2], pad[2:])))\n"), "not None", "only `return` hands it"
    ),
    "returns_a_list": Slip(but(PAD + "    return [[1.0, 2.0]]\n"), "not list", "`np.array(…)` around what you return"),
    "returns_a_number": Slip(but(PAD + "    return 3.0\n"), "not float", "is the `return` inside the loop"),
    "returns_a_function": Slip(but(PAD + "    return np.pad\n"), "another type", "is a call's `(…)` missing?"),
    "too_few_parameters": Slip(
        but("def pad2d(x):\n    return x\n"), "TypeError", "keep the stub's `def pad2d(…)` line as it is"
    ),
    "parameter_renamed": Slip(
        but("def conv2d(x, w, b=None, step=1, padding=0, dilation=1):\n    return x\n"),
        "TypeError",
        "`conv2d` has no parameter called `stride`",
    ),
    "argument_forgotten": Slip(
        but(PAD + "    return cross_correlate2d(x)\n"), "TypeError", "`cross_correlate2d` is called without `k`"
    ),
    "syntax_error": Slip(but("def pad2d(x, pad:\n    return x\n"), "line", "a bracket is opened and not closed"),
    "missing_colon": Slip(but("def pad2d(x, pad)\n    return x\n"), "expected ':'", "end in a colon"),
    "not_indented": Slip(but("def pad2d(x, pad):\nreturn x\n"), "expected an indented block", "by four spaces"),
    "indented_oddly": Slip(
        but("def pad2d(x, pad):\n    y = x\n  return y\n"), "unindent does not match", "line it up with one of them"
    ),
    "tabs_and_spaces": Slip(
        but("def pad2d(x, pad):\n        y = x\n\treturn y\n"), "tabs", "use four spaces everywhere"
    ),
    "return_at_the_margin": Slip(but("return 3\n"), "'return' outside function", "indent it"),
    "name_misspelt": Slip(
        but(PAD + "    bordr = 1\n    return border\n"),
        "NameError",
        "nothing is called `border` here: is `bordr` meant?",
    ),
    "numpy_not_imported": Slip(
        "def pad2d(x, pad, value=0.0):\n    return np.zeros(3)\n", "NameError", "put `import numpy as np` at the top"
    ),
    "broadcast": Slip(
        but(PAD + "    return np.zeros((2, 3)) + np.zeros((2, 4))\n"),
        "ValueError",
        "shapes (2,3) and (2,4) can't be combined: print both `.shape`s",
    ),
    "slice_too_small": Slip(
        but(PAD + "    y = np.zeros((2, 2))\n    y[:1] = np.ones((2, 2))\n    return y\n"),
        "ValueError",
        "the slice on the left has shape (1,2), the values on the right (2,2)",
    ),
    "infinite_loop": Slip(
        but(PAD + "    while True:\n        pass\n"), "took longer than its limit", "look for a loop that never ends"
    ),
    "wrong_dtype": Slip(
        but(PAD + "    t, b, l, r = pad\n    return np.pad(x, ((0, 0), (0, 0), (t, b), (l, r))).astype(int)\n"),
        "expected dtype float64, not int64",
        "the result is float64",
    ),
    "in_place_on_integers": Slip(
        but(PAD + "    y = np.zeros((2, 2), int)\n    y += 0.5\n    return y\n"),
        "TypeError",
        "keep the array's dtype, here int64: make the array float64 first",
    ),
    "wrong_shape": Slip(but(PAD + "    return np.zeros((1, 1, 2, 2))\n"), "expected shape", "axis 2 differs"),
    "wrong_values": Slip(
        but("def cross_correlate2d(img, k):\n    return np.zeros((2, 3))\n"), "100% of the elements differ", "[0]"
    ),
    "banned_import": Slip(above("import torch"), "uses torch, which this topic bans", "use NumPy instead"),
    "input_at_the_top": Slip(above("size = input('size? ')"), "EOFError", "from the function's arguments"),
    "relative_import": Slip(above("from .support import pad"), "ImportError", "without the dot"),
    "module_not_there": Slip(above("import nosuchmodule"), "ModuleNotFoundError", "no module nosuchmodule here"),
    "no_such_function": Slip(
        but(PAD + "    return np.zeroes(3)\n"), "AttributeError", "numpy has no `zeroes`: look for a misspelling"
    ),
    "index_out_of_bounds": Slip(
        but(PAD + "    return np.zeros(3)[5]\n"), "IndexError", "axis 0 has 3 entries, numbered from 0"
    ),
    "float_as_size": Slip(but(PAD + "    return np.zeros(4 / 2)\n"), "TypeError", "divide with `//`, not `/`"),
    "array_as_truth": Slip(
        but(PAD + "    if x > 0:\n        return x\n"), "ValueError", "`if`, `and`, `or` need one truth"
    ),
    "brackets_mixed_up": Slip(but(PAD + "    return x(0)\n"), "TypeError", "round brackets call, square ones index"),
    "exits": Slip(but(PAD + "    exit()\n"), "NameError", "use `return`"),
    "raises_system_exit": Slip(but("import sys\n" + PAD + "    sys.exit(0)\n"), "SystemExit", "use `return`"),
    "calls_itself": Slip(but(PAD + "    return pad2d(x, pad)\n"), "RecursionError", "which call should be the last?"),
    "misspelt_module": Slip(
        RIGHT.replace("import numpy as np", "import nunpy as np"), "ModuleNotFoundError", "is `numpy` meant?"
    ),
    "import_star": Slip(above("from numpy import *"), "ValueError", "`import *` puts the library's `min`"),
    "git_merge": Slip(but("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> main\n"), "invalid syntax", "git left both"),
    "magic_in_a_file": Slip(above("%matplotlib inline"), "invalid syntax", "are for notebooks"),
    "prompt_pasted": Slip(but(">>> pad2d\n"), "invalid syntax", "a prompt was pasted in"),
    "print_of_python_2": Slip(but(PAD + "    print x\n"), "Missing parentheses", "in round brackets"),
    "quotes_of_a_document": Slip(but("name = “x”\n"), "invalid character", "the keyboard's own quotes"),
    "one_equals_sign": Slip(but(PAD + "    if value = 0:\n        return x\n"), "invalid syntax", "write `==`"),
    "else_if": Slip(
        but(PAD + "    if value:\n        return x\n    else if pad:\n        return x\n"), "expected ':'", "`elif`"
    ),
    "yields": Slip(but(PAD + "    for n in range(3):\n        yield n\n"), "not a generator", "collect them"),
    "async_function": Slip(but("async " + PAD + "    return x\n"), "not a coroutine", "take `async` away"),
    "class_for_a_function": Slip(
        but("class pad2d:\n    def __init__(self, x, pad, value=0.0):\n        self.y = x\n"),
        "not an object of another type",
        "`pad2d` is a class here",
    ),
    "method_without_self": Slip(
        but("class Padder:\n    def go(x, pad):\n        return x\n\n" + PAD + "    return Padder().go(x, pad)\n"),
        "TypeError",
        "a method's first parameter is `self`",
    ),
    "dtype_object": Slip(but(PAD + "    return np.array([[1, None]])\n"), "unusual dtype", "`None` among them"),
    "ragged_rows": Slip(
        but(PAD + "    return np.array([[1.0, 2.0], [3.0]])\n"), "ValueError", "rows must be of one length"
    ),
    "matrix": Slip(but(PAD + "    return np.matrix([[1.0]])\n"), "a subclass of ndarray", "make it a plain array"),
    "no_axes": Slip(but(PAD + "    return np.array(3.0)\n"), "expected shape (1, 1, 3, 4), not ()", "inside the loop"),
    "numpy_number": Slip(but(PAD + "    return np.float64(3)\n"), "not float64", "is the `return` inside the loop"),
    "several_results": Slip(but(PAD + "    return x, pad\n"), "not tuple", "is a comma left in `return`"),
    "a_text": Slip(but(PAD + "    return 'done'\n"), "not str", "look at what stands after `return`"),
    "complex_numbers": Slip(but(PAD + "    return np.zeros((1, 1, 3, 4), complex)\n"), "not complex128", "help: "),
    "name_given_away": Slip(
        but("pad2d = np.zeros(3)\n"), "something that can't be called as pad2d", "call that value something else"
    ),
    "tuple_changed": Slip(but(PAD + "    pad[0] = 1\n"), "TypeError", "a tuple can't be changed"),
    "names_and_sizes": Slip(
        but(PAD + "    n, c, h, w, d = x.shape\n"), "ValueError", "5 names stand on the left, 4 values on the right"
    ),
    "shape_in_two_arguments": Slip(but(PAD + "    return np.zeros(2, 3)\n"), "TypeError", "`np.zeros((2, 3))`"),
    "joined_without_a_list": Slip(but(PAD + "    return np.concatenate(x, x)\n"), "TypeError", "belongs in one list"),
    "number_gone_through": Slip(
        but(PAD + "    for i in x.shape[0]:\n        pass\n"), "TypeError", "`range(n)` counts"
    ),
    "axis_too_many": Slip(but(PAD + "    return x.sum(axis=7)\n"), "ValueError", "the array has 4 axes here"),
    "letters_of_einsum": Slip(
        but(PAD + "    return np.einsum('ij,jk', x, x)\n"), "ValueError", "one letter for each axis"
    ),
    "view_written_to": Slip(
        but(PAD + "    y = np.broadcast_to(x, x.shape)\n    y[...] = 0\n"), "ValueError", "change a `.copy()` of it"
    ),
    "file_opened": Slip(above("data = open('data.txt')"), "FileNotFoundError", "from the function's arguments"),
    "too_large": Slip(but(PAD + "    return np.ones((300_000, 300_000))\n"), "more memory", "print the shapes"),
    "input_in_a_function": Slip(but(PAD + "    return input('? ')\n"), "EOFError", "from the function's arguments"),
    "exits_at_the_top": Slip(above("import sys; sys.exit()"), "SystemExit", "use `return`"),
    "prints_a_book": Slip(
        but(PAD + "    for n in range(50_000):\n        print(n)\n"), "39\n… and ", "only `return` hands it"
    ),
    "saved_as_utf_16": Slip(RIGHT.encode("utf-16"), "is saved as UTF-16", "save the file again as UTF-8"),
    "saved_as_latin_1": Slip("# naïve\nx = 1\n".encode("latin-1"), "not valid UTF-8", "save the file again as UTF-8"),
    "empty_file": Slip("", "no pad2d", "keep the stub's `def pad2d(…)`"),
}

TORCH_SLIPS: Mapping[str, Slip] = {
    "array_for_a_tensor": Slip(
        but(
            """
            class _Numpy(nn.Module):
                def forward(self, x):
                    return x.detach().numpy()

            def BasicBlock(*args, **kwargs):
                return _Numpy()
            """,
            RESIDUAL,
        ),
        "expected tensor",
        "a tensor is asked for, and this is an array",
    ),
    "no_super": Slip(block("self.n = nn.Identity()", start=""), "AttributeError", "`super().__init__()` first"),
    "forward_misspelt": Slip(
        block(forward="def foward(self, x):"), "NotImplementedError", "the module has no `forward`"
    ),
    "forward_without_self": Slip(block(forward="def forward(x):"), "TypeError", "a method's first parameter is `self`"),
    "init_misspelt": Slip(block().replace("__init__(self, *", "_init_(self, *"), "TypeError", "`BasicBlock` takes no"),
    "function_for_a_class": Slip(
        but("def BasicBlock(n, *a, **k):\n    return n\n", RESIDUAL), "an nn.Module", "class …"
    ),
    "other_channels": Slip(block("self.n = nn.Conv2d(9, 9, 1)"), "RuntimeError", "made for 9 channels, and 1 come in"),
    "other_dtype": Slip(block("self.n = nn.Conv2d(1, 1, 1).double()"), "RuntimeError", "the weights of type double"),
    "layers_class": Slip(block("self.n = nn.Sequential(nn.ReLU)"), "TypeError", "as in `nn.ReLU()`"),
    "on_a_gpu": Slip(block(result="x.cuda()"), "the code raised", "there is no GPU here"),
    "functional_not_imported": Slip(block(result="F.relu(x)") + "\n\ndel F\n", "NameError", "functional as F"),
    "one_number_of_many": Slip(block(result="x.item()"), "RuntimeError", "take one number"),
    "list_of_tensors": Slip(block(result="[x, x]"), "not list", "`torch.stack(…)`"),
    "still_part_of_a_graph": Slip(
        block("self.w = nn.Parameter(torch.ones(1))", result="(self.w * x).numpy()"),
        "expected tensor",
        "stay with torch's",
    ),
}


def checked(topic: str, slips: Mapping[str, Slip], folder: Path) -> dict[str, str]:
    """What checking each slip's file says."""
    for name, slip in slips.items():
        content = slip.file.encode() if isinstance(slip.file, str) else slip.file
        (folder / f"{name}.py").write_bytes(content)
    ran = subprocess.run(
        [sys.executable, "-m", "course.tests.checking", str(ROOT / "exercises" / topic), str(folder)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=400,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    said: dict[str, str] = json.loads(ran.stdout)
    return said


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What checking says of each slip in a NumPy topic."""
    return checked("convolution", SLIPS, tmp_path_factory.mktemp("slips"))


def assert_met_in_words(slip: Slip, text: str) -> None:
    """The cause, the next step, and nothing that only the grader's authors understand."""
    assert slip.cause in text
    assert slip.step in text
    assert not re.search(r"(grader|pytest|msgspec)[/\\.]\w+", text)
    assert "Traceback" not in text


@pytest.mark.parametrize("name", SLIPS)
def test_a_beginners_slip_is_met_in_words(name: str, said: dict[str, str]) -> None:
    """The message names the cause and the next step, and shows the student's own frames only."""
    assert_met_in_words(SLIPS[name], said[f"{name}.py"])


@pytest.fixture(scope="module")
def said_of_torch(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What checking says of each slip in a torch topic."""
    return checked("residual_block", TORCH_SLIPS, tmp_path_factory.mktemp("torch_slips"))


@pytest.mark.slow
@pytest.mark.parametrize("name", TORCH_SLIPS)
def test_a_slip_in_a_torch_topic_is_met_in_words(name: str, said_of_torch: dict[str, str]) -> None:
    """As in a NumPy topic."""
    assert_met_in_words(TORCH_SLIPS[name], said_of_torch[f"{name}.py"])


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""], ids=["byte order mark", "plain"])
def test_what_windows_editors_save_is_read(start: bytes, tmp_path: Path) -> None:
    """A byte order mark and Windows' line ends cost nothing."""
    slip = Slip(start + RIGHT.replace("\n", "\r\n").encode(), "", "")
    assert "9 of 9 checks passed" in checked("convolution", {"windows": slip}, tmp_path)["windows.py"]


def test_warnings_are_shown_and_cost_nothing(tmp_path: Path) -> None:
    """NumPy's warning reaches the student, with the line, and no check fails for it."""
    noisy = but("_limit = np.float64(1) / np.float64(0)\n")
    text = checked("convolution", {"noisy": Slip(noisy, "", "")}, tmp_path)["noisy.py"]
    assert "9 of 9 checks passed" in text
    assert "RuntimeWarning: divide by zero" in text
