"""Renderers: text, JSON and the summary, whatever a grade contains."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from grader.core.grade import Results
from grader.report import plain
from grader.report.classdata import ClassTopic, read_course
from grader.report.classtext import course_json, course_text
from grader.report.results import results_json
from grader.report.summary import summarise
from grader.report.text import class_table, grade_text
from grader.tests.report_samples import ANYTHING, grade, graded, unsafe


def texts(word: str) -> list[str]:
    """Every text, full of ``word``."""
    course = read_course([ClassTopic(word, "abc", "0.1", "full", [graded(word)])])
    return [
        grade_text(grade(word), topic="toy"),
        class_table(Results("toy", "abc", "0.1", (grade(word),))),
        course_text(course),
        course_json(course),
    ]


# Text


def test_feedback_text_is_as_a_student_reads_it() -> None:
    """A whole one."""
    expected = """\
toy · ada · ada.py
Score: 4 of 10
Note: flag ada

Tasks
  add  4  of  8
  mul  0  of  2

Likely mistakes
  • sign-lost: Mind ada
    evidence ada

1 of 4 checks passed
  ✗ Adds below zero — wrong ada
      help: mind
  ! Multiplies — The grader broke
  – Odd ones — not run
"""
    assert expected == grade_text(grade(), topic="toy")


def test_what_is_not_gradable_says_so() -> None:
    """Without a list of checks."""
    expected = """\
ada · ada.py
Score: 0 of 10

This submission is not gradable, so no check was run on it.
Note: line 3: invalid syntax
"""
    bare: dict[str, Any] = {"tasks": (), "checks": (), "mistakes": (), "score": 0.0, "gradable": False}
    assert expected == grade_text(grade(flags=("line 3: invalid syntax",), **bare))


def test_a_class_is_an_aligned_table() -> None:
    """Wide characters take two columns; what is too long is cut."""
    grades = (
        grade(),
        grade("山田太郎", score=10.0, mistakes=(), checks=grade().checks[:1]),
        grade("x" * 40, score=9.999, gradable=False, mistakes=(), checks=()),
    )
    expected = """\
toy: 3 submissions

student                           score  of    %  checks
ada                                   4  10   40     1/4  grader broke on 1 check, sign-lost
山田太郎                             10  10  100     1/1
xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…     10  10   99       –  not gradable

mean 79 %, median 99 %, full marks 1, not gradable 1
the grader broke on 1 check (ada)
"""
    assert expected == class_table(Results("toy", "abc", "0.1", grades))


def test_a_large_class_is_cut_and_an_empty_one_is_no_error() -> None:
    """The first fifty rows, and how many more."""
    table = class_table(Results("toy", "abc", "0.1", (grade(),) * 60))
    assert "… and 10 more" in table
    assert 50 == table.count("sign-lost")
    assert "toy: 0 submissions" in class_table(Results("toy", "abc", "0.1", ()))


@given(ANYTHING)
@settings(deadline=None)
def test_no_text_steers_a_terminal(word: str) -> None:
    """No control, bidirectional or surrogate character gets through, and none adds a line."""
    for text, tame in zip(texts(word), texts("tame"), strict=True):
        assert not unsafe(text)
        if "\n" not in word:
            assert text.count("\n") == tame.count("\n")


def test_every_control_character_of_unicode_is_replaced() -> None:
    """All of them, but for line breaks and tabs; the joiners that names need stay."""
    everything = "".join(map(chr, range(0x110000)))
    assert not unsafe(plain.text(everything))
    assert "علی\u200cرضا" == plain.line("علی\u200cرضا")
    assert "a b" == plain.line("a\r\n\t b")


def test_the_table_is_coloured_without_moving_a_column() -> None:
    """Rows by how they stand: our own fault first, then full marks and less than half."""
    fine = grade("bob", score=10.0, checks=grade().checks[:1])
    poor = grade("cyd", score=1.0, checks=grade().checks[:1])
    results = Results("toy", "abc", "0.1", (grade("ada"), fine, poor))
    tones: list[str] = []

    def paint(line: str, tone: str) -> str:
        tones.append(tone)
        return f"<{line}>"

    text = class_table(results, paint)
    assert ["idle", "ours", "good", "bad"] == sorted(tones, key="idle ours good bad".split().index)
    assert class_table(results) == text.replace("<", "").replace(">", "")


# JSON


def test_json_has_the_fields_in_the_order_of_the_contract() -> None:
    """Every key of DESIGN section 6, in its order."""
    read = json.loads(results_json(Results("toy", "abc", "0.1", (grade(),))), object_pairs_hook=list)
    assert ["topic", "suite_digest", "engine", "submissions"] == [key for key, _ in read]
    entry = dict(read)["submissions"][0]
    fields = "student file digest gradable score max_score seconds mistakes flags tasks checks"
    assert fields.split() == [key for key, _ in entry]
    parts = {key: [name for name, _ in dict(entry)[key][0]] for key in ("mistakes", "tasks", "checks")}
    assert {
        "mistakes": ["id", "hint", "evidence"],
        "tasks": ["name", "points", "max_points"],
        "checks": ["id", "task", "title", "verdict", "points", "max_points", "visibility", "message"],
    } == parts


@given(ANYTHING)
@settings(deadline=None)
def test_json_is_read_back_as_it_was_and_steers_no_terminal(word: str) -> None:
    """Escapes mean the characters that they stand for."""
    results = Results("toy", "abc", "0.1", (grade(word),))
    text = results_json(results)
    assert not unsafe(text)
    assert results == msgspec.json.decode(text, type=Results)


@pytest.mark.parametrize("students", [(), ("one",), ("one", '"submissions": []\n', "three\u200b")])
def test_json_in_pieces_is_json_as_a_whole(students: tuple[str, ...]) -> None:
    """Indented as the whole would be, whatever a name looks like."""
    results = Results("toy", "abc", "0.1", tuple(grade(student) for student in students))
    read = json.loads(text := results_json(results))
    assert json.dumps(read, indent=2, ensure_ascii=False).replace("\u200b", "\\u200b") + "\n" == text


def test_json_writes_a_stray_byte_of_a_file_name_as_an_escape() -> None:
    """Lone surrogates are no JSON."""
    read = json.loads(results_json(Results("toy", "abc", "0.1", (grade("a\udcff\N{BROCCOLI}"),))))
    assert "a\\udcff\N{BROCCOLI}" == read["submissions"][0]["student"]


# Summary


def test_a_summary_counts_faults_of_ours_for_nobody() -> None:
    """A check's pass rate leaves them out, and so does it what is not gradable."""
    summary = summarise([grade(), grade(score=10.0, checks=grade().checks[:2]), grade(gradable=False, score=0.0)])
    rates = {rate.check.id: rate.rate for rate in summary.checks}
    assert {"test_sum": 1.0, "test_neg": 0.0, "test_big": None, "test_odd": 0.0} == rates
    assert (1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1) == summary.buckets
    assert (3, 1, 0.4) == (summary.submissions, summary.full, summary.median)
    assert (("sign-lost", 3),) == summary.mistakes
    assert 1 == len(summary.not_gradable)


def test_only_full_marks_read_a_hundred() -> None:
    """Per cent are rounded down, rounding errors apart."""
    assert ["0", "99", "100", "29"] == [plain.per_cent(share) for share in (0.0, 0.9999, 1 - 1e-12, 0.29)]
