"""What a terminal is given: lines that fit it, broken between words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from course.cli.form import fitted

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
LINES = st.builds(lambda indent, words: " " * indent + " ".join(words), st.integers(0, 6), st.lists(WORDS, max_size=20))


@given(st.lists(LINES, min_size=1), st.integers(1, 60))
def test_lines_are_broken_between_words_only(lines: list[str], columns: int) -> None:
    """All words are there, in order and whole; what fits stays, and a line is too long only for a word that is."""
    shown = list(fitted("\n".join(lines), columns))
    assert " ".join(shown).split() == " ".join(lines).split()
    assert all(len(line) <= columns or len(line.split()) == 1 for line in shown)
    assert list(fitted("\n".join(lines), max(map(len, lines)))) == lines


def test_what_follows_is_indented_further() -> None:
    """A line's continuation can't be taken for the next line, nor a number for two."""
    shown = fitted("  pad2d: expected [[4.0, -1.0],\n  [7.0]]", 20)
    assert list(shown) == ["  pad2d: expected", "    [[4.0, -1.0],", "  [7.0]]"]
