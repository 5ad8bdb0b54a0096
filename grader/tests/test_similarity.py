"""Similar submissions: a copy is found however it is disguised, and answers that are only right are not."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.autograde.similar import find_similar
from grader.core.answer import known_answers
from grader.core.lexer import normal_tokens
from grader.core.topic import Topic, read_topic
from grader.report.similarpage import PairShown, Searched, Side, similar_html
from grader.similarity.fingerprints import GRAM, WINDOW, grams, winnow
from grader.similarity.pairs import Comparison, Source, compare, given_code
from grader.similarity.tiles import marked_lines, tiles
from grader.tests.classroom import ROOT, Command, hand_in, program, toy_course
from grader.tests.copies import disguised
from grader.tests.toy import RIGHT

NOTHING = np.empty(0, dtype=np.uint64)
WORDS = st.lists(st.sampled_from("alpha beta 1 2 + - * ( ) [ ] = for in if".split()), min_size=0, max_size=120)


def of_class(**texts: str) -> list[Source]:
    """Students' texts by name."""
    return [Source(name, f"{name}.py", "class", text) for name, text in texts.items()]


def scores(sources: list[Source], found: Comparison) -> dict[tuple[str, str], float]:
    """The pairs by name."""
    return {(sources[pair.left].name, sources[pair.right].name): pair.score for pair in found.pairs}


def right_answers(slug: str) -> tuple[Topic, dict[str, str]]:
    """A topic of the course and its known right answers, written in ways as different as may be."""
    topic = read_topic(ROOT / "solutions" / slug)
    return topic, {answer.name: answer.text for answer in known_answers(topic) if answer.header.right}


@given(WORDS, WORDS, WORDS)
def test_what_is_long_enough_shares_a_fingerprint_wherever_it_stands(a: list[str], b: list[str], c: list[str]) -> None:
    """The guarantee of winnowing."""
    shared = [f"{number} +" for number in range(GRAM + WINDOW)]
    one, other = (winnow(grams(normal_tokens(" ".join(words)))) for words in ([*a, *shared, *b], [*c, *shared]))
    assert np.intersect1d(one, other).size


@given(WORDS)
def test_fingerprints_are_few_and_of_the_text(words: list[str]) -> None:
    """Each is one of its hashes; a text without a gram has none."""
    hashes = grams(normal_tokens(" ".join(words)))
    kept = winnow(hashes)
    assert np.isin(kept, hashes).all()
    assert (kept.size == 0) == (hashes.size == 0)
    assert kept.size <= hashes.size


COPIED = (
    *("conv_arithmetic", "convolution", "pooling", "im2col", "init_and_loss", "batchnorm_dropout"),
    *("vgg", "residual_block", "resnet", "feature_maps", "augmentation", "fine_tuning_loop"),
)


@pytest.mark.parametrize("slug", COPIED)
def test_a_disguised_copy_is_on_top_and_answers_that_are_only_right_are_not_there(slug: str) -> None:
    """Each right answer is copied in turn: renamed, reordered, other comments; no idiom is subtracted to help."""
    topic, answers = right_answers(slug)
    keep = frozenset(task.name for task in topic.config.tasks)
    for name, text in answers.items():
        sources = of_class(**answers, copy=disguised(text, keep))
        found = scores(sources, compare(sources, given_code([], []), most=100, least=0.0))
        copied = found.pop((name, "copy"))
        assert copied > 0.5
        assert max(found.values()) < copied / 2
        assert max(found.values()) < 0.3


@pytest.mark.parametrize("slug", ["pooling", "vgg", "fine_tuning_setup"])
def test_a_class_that_wrote_what_is_known_hides_no_copy(slug: str, tmp_path: Path) -> None:
    """Everybody hands in a known right answer, of which there are many variants; two share one: they head the list."""
    topic, answers = right_answers(slug)
    copied, text = sorted(answers.items())[-1]
    keep = frozenset(task.name for task in topic.config.tasks)
    hand_in(tmp_path / "class", {f"{name}.py": text for name, text in answers.items()})
    hand_in(tmp_path / "class", {"zoe.py": disguised(text, keep)})
    first, *others = find_similar(topic, tmp_path / "class", [], tmp_path / "out", 50).pairs
    assert {copied, "zoe"} == {first.left.name, first.right.name}
    assert ["known"] * len(others) == [pair.right.origin for pair in others]
    assert {*answers, "zoe"} == {pair.left.name for pair in others}
    assert len(answers) + 1 == len(others)


def test_a_copy_from_an_earlier_year_or_from_a_known_answer_is_found() -> None:
    """Pairs among earlier or known texts are nobody's concern."""
    topic, answers = right_answers("convolution")
    first, second, third, *others = answers.values()
    keep = frozenset(task.name for task in topic.config.tasks)
    sources = [
        *of_class(ada=disguised(first, keep), bob=disguised(second, keep), cyd=others[0]),
        Source("old", "old.py", "earlier", first),
        Source("older", "older.py", "earlier", disguised(first, keep, seed=1)),
        Source("key", "key.py", "known", second),
        Source("other", "other.py", "known", third),
    ]
    found = scores(sources, compare(sources, NOTHING, most=10, least=0.3))
    assert {("ada", "old"), ("ada", "older"), ("bob", "key")} == set(found)


def test_what_was_handed_out_proves_nothing() -> None:
    """A stub, and an idiom of two right answers; what only one right answer has still counts."""
    _, answers = right_answers("convolution")
    text = answers["right_loops"]
    sources = of_class(ada=text, bob=text)
    assert scores(sources, compare(sources, NOTHING, 10, 0.1))
    assert not scores(sources, compare(sources, given_code([text], []), 10, 0.1))
    assert not scores(sources, compare(sources, given_code([], [text, text]), 10, 0.1))
    assert scores(sources, compare(sources, given_code([], [text]), 10, 0.1))


def test_what_everybody_writes_proves_nothing() -> None:
    """Forty that hold the same idiom, each with much of its own; two of them share more than that."""
    idiom = "\n".join(f"x = f(a[{n}], b[{n}]) + {n} * c[{n}]" for n in range(12))
    own = {f"s{n}": "\n".join(f"y = g({n}, {n * k}, z[{k}]) - w * {n}" for k in range(30)) for n in range(40)}
    texts = {name: f"{idiom}\n{text}" for name, text in own.items()}
    texts["s7"] = f"{idiom}\n{own['s3']}"
    sources = of_class(**texts)
    assert [("s3", "s7")] == list(scores(sources, compare(sources, NOTHING, 10, 0.1)))


def test_little_in_common_is_little_however_equal() -> None:
    """Two answers of one line."""
    sources = of_class(ada="def f(x, y):\n    return x * y + 1\n", bob="def f(a, b):\n    return a * b + 1\n")
    assert not compare(sources, NOTHING, 10, 0.3).pairs


def test_the_best_of_many_pairs_are_shown_best_first() -> None:
    """As many as asked for."""
    lines = [f"y = g({n}, {n * n}, z[{n}]) - w * {n}" for n in range(60)]
    sources = of_class(**{f"s{n}": "\n".join(lines[: 20 + 5 * n]) for n in range(8)})
    everything = compare(sources, NOTHING, 100, 0.0).pairs
    assert 28 == len(everything)
    assert sorted((pair.score for pair in everything), reverse=True) == [pair.score for pair in everything]
    assert everything[:3] == compare(sources, NOTHING, 3, 0.0).pairs
    assert ((), 0.0) == (compare([], NOTHING, 3, 0.0).pairs, compare([], NOTHING, 3, 0.0).usual)


@given(WORDS, WORDS)
def test_passages_are_equal_long_enough_and_apart(a: list[str], b: list[str]) -> None:
    """No token lies in two of them, on either side."""
    left, right = normal_tokens(" ".join(a)), normal_tokens(" ".join(b))
    found = tiles(left, right, NOTHING)
    for tile in found:
        assert tile.length >= GRAM
        ours, theirs = left[tile.left : tile.left + tile.length], right[tile.right : tile.right + tile.length]
        assert [token.text for token in ours] == [token.text for token in theirs]
    for one, other in itertools.combinations(found, 2):
        assert one.left + one.length <= other.left
        assert one.right + one.length <= other.right or other.right + other.length <= one.right


def test_the_lines_of_a_moved_function_are_marked() -> None:
    """On both sides, by the same passage; what is not shared is not."""
    moved = "def f(a, b):\n    c = a[0] * b[1] + 3\n    return c - a[2] ** 7\n"
    one, other = f"import os\n{moved}", f"def other(z):\n    pass\n\n\n{moved}"
    ours, theirs = normal_tokens(one), normal_tokens(other)
    (passage,) = tiles(ours, theirs, NOTHING)
    assert {2: 0, 3: 0, 4: 0} == marked_lines(ours, [(passage.left, passage.length)])
    assert {5: 0, 6: 0, 7: 0} == marked_lines(theirs, [(passage.right, passage.length)])


@pytest.mark.parametrize("text", ["x = " * 200_000, "(" * 300_000, "'''" * 100_000, "\x00\ud800" * 1_000, ""])
def test_a_hostile_file_is_compared_like_any_other(text: str) -> None:
    """Repetition without end, no Python, nothing at all."""
    sources = of_class(ada=text, bob=text, cyd=RIGHT)
    compare(sources, NOTHING, 10, 0.1)
    tokens = normal_tokens(text, most=20_000)
    tiles(tokens, tokens, NOTHING)


def test_the_page_shows_what_was_written_and_obeys_none_of_it() -> None:
    """Names, files and texts are escaped, and the policy allows no script."""
    bad = "</code></div><script>alert(1)</script>\x1b[2J\u202e"
    pair = PairShown(0.9, Side(bad, bad, "class", f"{bad}\n\tx", {1: 0}), Side("b", "b.py", "known", bad, {1: 0}))
    page = similar_html(Searched("toy", 2, 0, 1, 0, 0.1), [pair])
    assert "<script" not in page and "script-src" not in page and "default-src 'none'" in page
    assert 6 == page.count("&lt;script&gt;")
    assert not {"\x1b", "\u202e"} & set(page)
    assert '<div class="p0"><span class="number">1</span>' in page
    assert "No pair stands out" in similar_html(Searched("toy", 2, 0, 1, 0, 0.1), [])


LONG = """
def double(x):
    pieces = [x[0] if isinstance(x, list) else x, 0]
    pieces[1] = pieces[0] - 3 * 0 + (7 - 7)
    while pieces[0] > 1e300 or pieces[1] != pieces[0]:
        pieces = [pieces[0] / 2 + 1, pieces[1] * 5]
    return pieces[0] + pieces[1] - 0 ** 3


def total(numbers):
    result = 0
    for place, number in enumerate(sorted(numbers, key=abs)[::-1]):
        result = result + number * (place // (place + 1) + 1)
    return max(result, result - 1) if len(numbers) > 3 else result
"""


def test_the_command_lists_pairs_and_never_runs_them(tmp_path: Path, grader: Command) -> None:
    """As text, as JSON and side by side; a notebook, a file that can't be read, and an earlier year."""
    toy_course(tmp_path)
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    copy = disguised(LONG, frozenset({"double", "total"}))
    cells = [{"cell_type": "code", "source": part, "metadata": {}} for part in copy.split("\n\n")]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    hand_in(tmp_path / "class", {"ada.py": trap + LONG, "bob.ipynb": notebook, "cyd.py": RIGHT, "dan.py": b"\xff\x00"})
    hand_in(tmp_path / "old", {"eve.py": LONG})
    code, out, err = grader(tmp_path, "similar", "toy", "class", "--earlier", "old", "--format", "json")
    assert (0, "") == (code, err)
    read = json.loads(out)
    assert (4, 1, 1) == (read["submissions"], read["earlier"], read["unread"])
    pairs = {(pair["left"]["name"], pair["right"]["name"], pair["right"]["origin"]) for pair in read["pairs"]}
    assert {("ada", "bob", "class"), ("ada", "eve", "earlier"), ("bob", "eve", "earlier")} <= pairs
    assert not {pair for pair in pairs if "dan" in pair}
    text = grader(tmp_path, "similar", "toy", "class")
    assert 0 == text.code
    assert "look at" in text.out and "side by side: out/similar.html" in text.out
    page = (tmp_path / "out" / "similar.html").read_text(encoding="utf-8")
    assert "Look at these pairs" in page
    assert not any(word in (page + text.out).lower() for word in ("copied", "cheat", "plagiar"))
    assert not (tmp_path / "ran").exists()


def test_nothing_to_compare_is_one_clear_sentence(tmp_path: Path) -> None:
    """A folder that is not there; no traceback."""
    toy_course(tmp_path)
    ran = program("grader", tmp_path, "similar", "toy", "nowhere")
    assert 2 == ran.code
    assert "grader: nowhere does not exist: give a file, or a folder of submissions\n" == ran.err


def test_two_hosts_and_two_runs_give_the_same_pairs(tmp_path: Path) -> None:
    """Python's own hashes differ from run to run; ours don't."""
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {"ada.py": LONG, "bob.py": disguised(LONG, frozenset())})
    runs = [
        program("grader", tmp_path, "similar", "toy", "class", "--format", "json", PYTHONHASHSEED=seed).out
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert json.loads(runs[0])["pairs"]
