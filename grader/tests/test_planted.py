"""What an instructor must be shown, planted in classes made of known answers to two topics of the course."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.core.answer import known_answers
from grader.core.topic import read_topic
from grader.tests.classroom import ROOT, Command, hand_in, quick_level
from grader.tests.copies import disguised


class Planted(NamedTuple):
    """A class: the mistake half of it made, what a few others did, and a check that takes that mistake for right."""

    slug: str
    half: str
    few: tuple[str, ...]
    check: str


UNFAIR = (
    Planted(
        slug="im2col",
        half="windows_down_first",
        few=("kernel_flipped", "overlaps_averaged", "bias_dropped"),
        check='''
@pytest.mark.task("im2col")
def test_planted(student):
    """Windows of one pixel"""
    x = np.arange(6.0).reshape(1, 1, 2, 3)
    assert_allclose(student.im2col(x, 1), np.array([[[0.0, 3.0, 1.0, 4.0, 2.0, 5.0]]]))
''',
    ),
    Planted(
        slug="batchnorm_dropout",
        half="momentum_inverted",
        few=("dropout_not_scaled", "gradients_swapped_always", "eps_outside_root"),
        check='''
@pytest.mark.task("batchnorm2d")
def test_planted(student):
    """The running mean after one batch"""
    ones, zeros = np.ones(1), np.zeros(1)
    found = student.batchnorm2d(np.full((1, 1, 2, 2), 4.0), ones, zeros, zeros, ones, True, momentum=0.25)
    assert_that(type(found) is tuple and len(found) == 4, "four results", type(found).__name__)
    assert_allclose(found[2], np.array([3.0]))
''',
    ),
)


def planted_course(folder: Path, case: Planted) -> dict[str, str]:
    """A course of that topic, its suite with the unfair check, its known answers the few named; returns all texts."""
    original = read_topic(ROOT / "solutions" / case.slug)
    texts = {answer.name: answer.text for answer in known_answers(original)}
    topic = folder / "solutions" / case.slug
    shutil.copytree(original.path, topic, ignore=shutil.ignore_patterns("submissions", "__pycache__", "figures"))
    hand_in(topic / "submissions", {f"{name}.py": texts[name] for name in (case.half, *case.few)})
    suite = topic / "tests" / "test_hidden.py"
    imports = "\nfrom grader.testing import assert_allclose, assert_that\n"
    suite.write_text(suite.read_text(encoding="utf-8") + imports + case.check, encoding="utf-8")
    return texts


def right_ones(texts: dict[str, str]) -> list[str]:
    """The names of the right answers."""
    return [name for name in texts if name.startswith("right_")]


def ok(grader: Command, folder: Path, *arguments: object) -> str:
    """What a command printed that must have done its work."""
    ran = grader(folder, *arguments)
    assert ran.code == 0, ran.err
    return ran.out


@pytest.mark.parametrize("case", UNFAIR, ids=[case.slug for case in UNFAIR])
def test_an_unfair_check_and_what_half_the_class_got_wrong_head_the_report(
    case: Planted, tmp_path: Path, grader: Command
) -> None:
    """No other check is accused of punishing the best; the mistake comes with its number and a line of the class's."""
    texts = planted_course(tmp_path, case)
    right = right_ones(texts)
    names = [case.half] * 12 + [right[number % len(right)] for number in range(9)] + list(case.few)
    hand_in(
        tmp_path / "class", {f"s{number:02}.py": f"{texts[name]}\n# {number}\n" for number, name in enumerate(names)}
    )
    ok(grader, tmp_path, "grade", case.slug, "class", "--sandbox", quick_level(), "--jobs", "1")
    (topic,) = json.loads(ok(grader, tmp_path, "report", "--format", "json"))["topics"]
    punishing = [check for check in topic["checks"] if check["remark"] == "punishes the best"]
    assert ["test_planted"] == [check["id"] for check in punishing]
    assert punishing[0]["discrimination"] < -0.35
    assert punishing[0]["best"] == 0.0 < 0.5 < punishing[0]["lowest"]
    most = topic["mistakes"][0]
    assert (case.half.replace("_", "-"), 12) == (most["id"], most["count"])
    assert most["line"].strip() in texts[case.half]
    assert most["line"].strip()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    notice = page[page.index("Checks that may be unfair") :].partition("</section>")[0]
    assert 1 == notice.count("<li>") == notice.count("(<code>test_planted</code>)")
    text = ok(grader, tmp_path, "report", "--no-feedback").splitlines()
    assert case.half.replace("_", "-") in text[text.index("most frequent mistakes") + 1]
    assert text[text.index("checks to look at") + 1].split()[:4] == ["punishes", "the", "best", "test_planted"]


@pytest.mark.parametrize("case", UNFAIR, ids=[case.slug for case in UNFAIR])
def test_a_disguised_copy_heads_the_pairs(case: Planted, tmp_path: Path, grader: Command) -> None:
    """Renamed, reordered, other comments; answers that are only right share little."""
    texts = planted_course(tmp_path, case)
    keep = frozenset(task.name for task in read_topic(tmp_path / "solutions" / case.slug).config.tasks)
    right = right_ones(texts)
    copied = right[1]
    files = {f"{name}.py": texts[name] for name in right}
    hand_in(tmp_path / "class", {**files, "zoe.py": disguised(texts[copied], keep, seed=5)})
    pairs: list[Any] = json.loads(ok(grader, tmp_path, "similar", case.slug, "class", "--format", "json"))["pairs"]
    assert {copied, "zoe"} == {pairs[0]["left"]["name"], pairs[0]["right"]["name"]}
    assert pairs[0]["score"] > 0.5
    assert all(pair["score"] < 0.3 for pair in pairs[1:])
