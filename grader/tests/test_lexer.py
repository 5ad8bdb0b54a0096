"""Normal tokens, and the line that shows a mistake."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core import lexer
from grader.core.lexer import normal_lines, normal_tokens
from grader.diagnosis.line import telling_line


def texts(source: str) -> list[str]:
    """The normal forms alone."""
    return [token.text for token in normal_tokens(source)]


def test_names_comments_docstrings_and_layout_are_forgotten() -> None:
    """Keywords, built-in names, attributes and numbers stay."""
    one = '''
def f(x):
    """What it does."""
    return np.sum(len(x), axis=0) + 1.5  # so
'''
    other = "def   g( long_name ) :\n\n  # another\n  return lib.sum(\n   len(long_name),\n  axis = 0) \\\n  + 1.5"
    assert texts(one) == texts(other)
    assert "def name ( name ) : return name . sum ( len ( name ) , name = 0 ) + 1.5".split() == texts(one)


def test_a_token_knows_its_line() -> None:
    """Strings of several lines and continued lines count."""
    source = 'a = """\n\n"""\nb = 1 + \\\n    c\n'
    assert [1, 1, 1, 4, 4, 4, 4, 5] == [token.line for token in normal_tokens(source)]


@pytest.mark.parametrize(
    "source", ['"', "'''", 'f"{x', "\\", "\x00", "0x", '"""\\', "'\\", "é = ñ", "🙂", "((((", "\r\n"]
)
def test_what_is_no_python_yields_tokens(source: str) -> None:
    """Nothing is refused."""
    assert all(token.line >= 1 for token in normal_tokens(source))


@given(st.text())
def test_any_text_at_all_is_read(source: str) -> None:
    """Every token stands on a line that there is."""
    assert all(1 <= token.line <= source.count("\n") + 1 for token in normal_tokens(source))


@pytest.mark.parametrize("piece", ['"""\\', "'''\\'", '"\\', "((", "#", 'f"{', "\\\n", " ", "a"])
def test_a_megabyte_of_anything_takes_linear_time(piece: str) -> None:
    """A pattern that backtracks would take days."""
    normal_tokens(piece * (1_000_000 // len(piece)))


def test_it_agrees_with_pythons_tokenizer_on_this_engine() -> None:
    """As many tokens, on the same lines, for a file that is Python."""
    source = Path(lexer.__file__).read_text(encoding="utf-8")
    wanted = {tokenize.NAME, tokenize.NUMBER, tokenize.OP}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    expected = [token.start[0] for token in tokens if token.type in wanted]
    assert expected == [token.line for token in normal_tokens(source) if token.text != lexer.STRING]


def test_at_most_so_many_tokens_are_read() -> None:
    """Of a file that never ends."""
    assert 10 == len(normal_tokens("a " * 1_000, most=10))
    assert {2: "name = 1"} == normal_lines("\nx = 1\n\n# nothing\n")


WRONG = "def f(img, k):\n    k = k[::-1, ::-1]\n    return (img * k).sum()\n"
RIGHT = ["def f(a, b):\n    return (a * b).sum()\n"]


def test_the_line_that_makes_the_mistake_is_found_under_other_names() -> None:
    """Though the rest is written differently."""
    text = "def f(image, kernel):\n    total = 0\n    turned = kernel[::-1, ::-1]\n    return total\n"
    assert "turned = kernel[::-1, ::-1]" == telling_line(text, WRONG, RIGHT)


def test_a_mistake_that_leaves_something_out_has_no_line() -> None:
    """Nor has a right answer, or what is no Python."""
    assert "" == telling_line(RIGHT[0], "def f(a, b):\n    return (a * b).sum()\n", RIGHT)
    assert "" == telling_line(RIGHT[0], WRONG, RIGHT)
    assert "" == telling_line("\x00 ''' (", WRONG, RIGHT)
