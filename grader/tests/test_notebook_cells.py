"""The worker's IPython syntax: the same Python as IPython makes of it, line for line."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from grader.worker import notebook
from grader.worker.notebook import MAX_CELL_MAGICS, transform_cell

LINES = [
    "%matplotlib inline",
    "%load_ext autoreload",
    "!pip install numpy",
    "!!ls",
    "!echo it's fine \"",
    "! ls",
    "files = !ls",
    "files = !!ls",
    "files=!ls",
    "out = %time f(x)",
    "out = % time f(x)",
    "a, b = %magic",
    "d['k'] = %who_ls int",
    "d[f(x=1)] = !ls",
    "y: int = %magic",
    "f(x=1).y = %magic",
    "a = b = 3",
    "a = 7 % b",
    "a == b",
    "a %= b",
    "a != b",
    "a = b != c",
    "a = (b\n  % c\n  )",
    "a = [1,\n%who\n2]",
    "a = 7 \\\n  % b",
    "a = \\\n  !ls",
    "a = \\\n  %who",
    "x?",
    "x??",
    "?x",
    "??x",
    "?",
    "np.linalg?",
    "x[0].y?",
    "x[-1][2]??",
    "%time?",
    "1?",
    "f()?",
    "x ?",
    "print(x)",
    "print('100% sure?')",
    "print('a') # why?",
    "s = '''\n%who\n!ls\nx?\n'''",
    's = """\n%%time\n"""',
    "s = 'it\\'s' + \"%\"",
    "s = 'a\\\n%who\\\nb'",
    "s = f'{a:>5}' # %",
    "# %matplotlib inline",
    "# it's",
    "%time f(x) \\\n  and more",
    "!echo a \\\n  b \\\n  c",
    "if a:\n    %time f(x)",
    "if a:\n    !ls\nelse:\n    b = !ls\n    c?",
    "if a: files = !ls",
    "def f(a, b=3):\n    'doc?'\n\n    %time f(x)\n    return a % b",
    "class A:\n\t!ls",
    "for i in x: pass",
    "with a as b:\n    c = %who",
    "x = 1; y = 2",
    "x = 1; %who",
    "a = {1: 2}['?']",
    "lambda x=1: x",
    "a = lambda b=3: b",
    "@wraps\ndef g(): pass",
    ",f a b",
    ";f a b",
    "/f a b",
    "a // b",
    "",
    "   ",
    "\\\n%who",
    "r'\\' + '%'",
    "b = rb'\\'' % c",
    "x = '''it's''' % y",
    "(a)\n(b)",
    "a = '''%s''' \\\n  % b",
    "x = )",
    "x = (",
    "'unfinished",
    "'''unfinished",
]

WHOLE_CELLS = [
    "",
    "\n\n",
    "\n\n  x = 1\n  y = %who\n",
    "    if a:\n        b\n    c",
    "\tx = 1\n\t!ls",
    "  x\n y",
    ">>> x = 1\n>>> !ls\n>>> y = 2",
    ">>> def f():\n...     return 1\n",
    "In [1]: x = 1\nIn [2]: !ls\n",
    "In [12]: def f():\n   ....:     return 1\n",
    "def f():\n    '''\n    >>> f()\n    1\n    '''\n    return 1\n",
    "%%time?\nx = 1",
    "%who\r\nx = 1\r\n!ls\r\n",
    "x = 1\n%who",
    "x = 1\n%%bash\ny = 2",
    "from __future__ import annotations\n%who\nx: Unknown",
    "%who\nfrom __future__ import annotations\n",
]


IPYTHON = TransformerManager()  # type: ignore[no-untyped-call]  # it has no types


class _Neutral(ast.NodeTransformer):
    """What IPython runs becomes ``pass`` or None, as it does here."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        value = node.value
        if isinstance(value, ast.Call) and (_is_ipython(value) or _is_autocall(value)):
            return ast.Pass()
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return ast.Constant(None) if _is_ipython(node) else self.generic_visit(node)


def _is_ipython(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "get_ipython()"


def _is_autocall(node: ast.Call) -> bool:
    return ast.unparse(node) in ("f('a', 'b')", "f('a b')", "f(a, b)")


def _meaning(text: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            tree = ast.parse(text)
            compile(tree, "cell", "exec")
        except (SyntaxError, ValueError):
            return None
    return ast.dump(_Neutral().visit(tree))


def _by_ipython(cell: str) -> str | None:
    try:
        return _meaning(IPYTHON.transform_cell(cell))
    except SyntaxError:
        return None


WHOLE_LINES = [line for line in LINES if _by_ipython(line) is not None]
"""An unfinished line would make IPython read a question mark below it as a question about both lines."""


@pytest.mark.parametrize("cell", [*LINES, *WHOLE_CELLS])
def test_a_cell_means_what_ipython_makes_of_it(cell: str) -> None:
    """One sample: compiles if and only if IPython's version does, and all plain statements are equal."""
    assert _meaning(transform_cell(cell)[0]) == _by_ipython(cell)


def test_pairs_of_samples_mean_what_ipython_makes_of_them() -> None:
    """Each sample before each other one: what follows a command is read as if the command were plain Python."""
    differing = []
    for first, second in itertools.product(WHOLE_LINES, WHOLE_LINES):
        cell = f"{first}\n{second}\n"
        if _meaning(transform_cell(cell)[0]) != _by_ipython(cell):
            differing.append(cell)
    assert [] == differing


@given(st.lists(st.sampled_from(WHOLE_LINES), max_size=6), st.sampled_from(["", "  ", "\t"]))
def test_random_cells_mean_what_ipython_makes_of_them(lines: list[str], indent: str) -> None:
    """Several samples in one cell, indented as a whole: the same meaning wherever IPython's version compiles."""
    cell = "\n".join(indent + line for line in "\n".join(lines).split("\n"))
    expected = _by_ipython(cell)
    if expected is not None:
        assert expected == _meaning(transform_cell(cell)[0])


@given(st.text(st.sampled_from(list("%!?='\"\\\n()[]{}#ax1 \t;,/*.:>f")), max_size=60))
def test_garbage_is_never_an_error(cell: str) -> None:
    """Any mixture of the characters that matter comes back with its number of lines, and plain Python as it was."""
    python, notes = transform_cell(cell)
    assert cell.count("\n") == python.count("\n")
    if _meaning(cell) is not None and not cell.lstrip().startswith("%%"):
        assert _meaning(cell) == _meaning(python)
    assert all(len(note) < 200 for note in notes)


@given(st.text())
def test_any_text_is_taken(cell: str) -> None:
    """NUL, surrogates, odd line ends: text comes back."""
    python, _ = transform_cell(cell)
    assert cell.replace("\r\n", "\n").replace("\r", "\n").count("\n") == python.count("\n")


@pytest.mark.parametrize("name", ["time", "timeit", "capture", "prun"])
def test_the_body_of_a_timing_magic_runs(name: str) -> None:
    """The magic's line goes, its body stays, with its own commands replaced."""
    python, notes = transform_cell(f"\n%%{name} -n 3\nx = 1\n!ls\n")
    assert "\n\nx = 1\npass\n" == python
    assert ("the IPython command on line 4 was not run",) == notes


def test_stacked_cell_magics_run_their_body() -> None:
    """``%%capture`` over ``%%time`` over indented code runs the code."""
    python, notes = transform_cell("%%capture out\n%%time\n\n  x = 1\n  if x:\n      y = 2\n")
    assert "\n\n\nx = 1\nif x:\n    y = 2\n" == python
    assert () == notes


@pytest.mark.parametrize("name", ["%%bash", "%%html", "%%writefile", "%%javascript", "%%python2"])
def test_another_cell_magic_skips_the_cell(name: str) -> None:
    """What is no Python becomes empty lines and a note that says why."""
    python, notes = transform_cell(f"{name} arg\nx = 1\n")
    assert "\n\n" == python
    assert (f"cell magic {name} skipped: not Python",) == notes


@pytest.mark.parametrize("first", ["%%", "%% time", "%%" + "x" * 500, "%%<b>"])
def test_a_magic_without_a_proper_name_is_not_repeated(first: str) -> None:
    """The note never holds more of the student's text than a short word."""
    assert ("\n", ("cell magic %% skipped: not Python",)) == transform_cell(f"{first}\nx = 1")


def test_a_skipped_magic_below_a_run_one_skips_the_rest() -> None:
    """``%%capture`` over ``%%bash``: nothing is left to run."""
    assert ("\n\n", ("cell magic %%bash skipped: not Python",)) == transform_cell("%%capture\n%%bash\nls")


@pytest.mark.parametrize("count", [MAX_CELL_MAGICS, MAX_CELL_MAGICS + 1, 5_000])
def test_a_tower_of_cell_magics_has_an_end(count: int) -> None:
    """Up to the limit the body runs; above it the cell is skipped."""
    python, notes = transform_cell("%%time\n" * count + "x = 1")
    assert count == python.count("\n")
    assert (count <= MAX_CELL_MAGICS) == python.endswith("x = 1")
    assert (count > MAX_CELL_MAGICS) == bool(notes)


def test_a_cell_of_magics_only_is_empty() -> None:
    """A cell that ends with its cell magics holds no Python."""
    assert ("", ()) == transform_cell("%%time")


def test_a_command_is_never_read_as_python() -> None:
    """Brackets and quotes of a shell command or a magic stay open for nobody."""
    python, _ = transform_cell("!echo ( it's [\nx?\na = %who (\ny = 1\n")
    assert "pass\npass\na = None\ny = 1\n" == python


def test_notes_count_the_commands() -> None:
    """Many commands make one note that names the first line."""
    _, notes = transform_cell("x = 1\n%who\n" + "!ls\n" * 7)
    assert ("the IPython command on line 2 was not run, nor 7 more",) == notes


@pytest.mark.parametrize(
    "hostile",
    ["'" * 9, "x=\\\n" * 9, "!ls\\\n" * 9, "(" * 9, "\\" * 9, "x[1]" * 9 + "?", '"\\"' * 9, "= " * 9, "%%time\n" * 9],
)
def test_work_grows_with_the_length(hostile: str) -> None:
    """Sixteen times the text makes at most twenty times the function calls: nothing is walked again and again."""

    def calls(text: str) -> int:
        count = 0

        def counting(frame: object, event: str, arg: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counting)
        try:
            transform_cell(text)
        finally:
            sys.setprofile(None)
        return count

    assert calls(hostile * 160) <= 20 * calls(hostile * 10)


def test_the_module_needs_nothing_but_the_standard_library() -> None:
    """It runs in ``python -I -S``, where no package is installed."""
    code = "import runpy, sys; runpy.run_path(sys.argv[1])['transform_cell']('%who')"
    file = Path(notebook.__file__)
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(file)], check=True)
