"""Renderers: what a student may read, and that nothing from outside steers a terminal or a page."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.failure import Failure, Stage
from grader.core.grade import CheckGrade, CheckSpec, Evidence, Grade, Graded, Mistake, Outcome, Results, TaskGrade
from grader.core.judgement import Judgement, Lateness
from grader.core.verdict import Verdict
from grader.report import plain
from grader.report.classdata import MOST_EVIDENCE, ClassTopic, read_course, remarks
from grader.report.classpage import class_html, script, script_hash
from grader.report.classtext import course_json, course_text
from grader.report.html import feedback_html
from grader.report.message import Source, check_message, shown_line
from grader.report.reading import NO_READING, Reading, next_reading
from grader.report.results import results_json
from grader.report.summary import summarise
from grader.report.text import class_table, grade_text

HOSTILE = "</style></pre><script>alert('1')</script>\x1b[2J\x9b1m\u202eevil\u2028\x00\ud800\"'&{{ 7*7 }}"
ANYTHING = st.one_of(st.text(min_size=1), st.text(alphabet="<>&\"'/!-=x \n\x1b\u202e", min_size=1))


def grade(word: str = "ada", **changes: Any) -> Grade:
    """A grade in which every text from outside holds ``word``."""
    one_line = " ".join(word.split())  # a message's own line breaks are markup
    checks = (
        CheckGrade("test_sum", "add", f"Adds {word}", Verdict.PASSED, 4.0, 4.0, "public"),
        CheckGrade(
            "test_neg", "add", "Adds below zero", Verdict.FAILED, 0.0, 4.0, "public", f"wrong {one_line}\nhelp: mind"
        ),
        CheckGrade("test_big", "mul", "Multiplies", Verdict.INTERNAL_ERROR, 0.0, 0.0, "hidden", "The grader broke"),
        CheckGrade("test_odd", "mul", "Odd ones", Verdict.SKIPPED, 0.0, 2.0, "hidden", "not run"),
    )
    made = Grade(
        student=word,
        file=f"{word}.py",
        digest="0123456789abcdef",
        gradable=True,
        score=4.0,
        max_score=10.0,
        seconds=0.25,
        mistakes=(Mistake("sign-lost", f"Mind {word}", f"evidence {word}"),),
        flags=(f"flag {word}",),
        tasks=(TaskGrade("add", 4.0, 8.0), TaskGrade("mul", 0.0, 2.0)),
        checks=checks,
    )
    return msgspec.structs.replace(made, **changes)


def graded(word: str = "ada") -> Graded:
    """The same with evidence."""
    failure = Failure(stage="values", expected="1", actual=f"actual {word}", call="add(1)", help=f"help {word}")
    outcomes = (
        Outcome(check="test_neg", verdict=Verdict.FAILED, failure=failure),
        Outcome(check="test_odd", case="k", verdict=Verdict.RAISED, reason=f"r {word}", line=3, detail=f"d {word}"),
    )
    return Graded(grade(word), Evidence(outcomes, output=f"output {word}", notes=(f"note {word}",)))


class Shape(HTMLParser):
    """The tags and attribute names of a page, its text, and the data that a page holds for its script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        held = page.partition('<script type="application/json" id="data">')[2].partition("</script>")[0]
        self.data: Any = json.loads(held) if held else {}
        self.text += json.dumps(self.data, ensure_ascii=False)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


def pages(word: str) -> list[str]:
    """Both pages, full of ``word``."""
    topic = ClassTopic("toy", "abc", "0.1", "full", [graded(word), Graded(grade(word, gradable=False))])
    return [feedback_html(grade(word), topic="toy"), class_page(topic)]


def class_page(*topics: ClassTopic) -> str:
    """The class report over these topics."""
    return class_html(read_course(topics))


def texts(word: str) -> list[str]:
    """Every text, full of ``word``."""
    course = read_course([ClassTopic(word, "abc", "0.1", "full", [graded(word)])])
    return [
        grade_text(grade(word), topic="toy"),
        class_table(Results("toy", "abc", "0.1", (grade(word),))),
        course_text(course),
        course_json(course),
    ]


def unsafe(text: str) -> set[str]:
    """The characters of ``text`` that would steer a terminal or reorder a line."""
    return {
        char
        for char in text
        if (unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") and char not in "\n\t")
        or unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    }


# Messages


PUBLIC = CheckSpec("test_f", "f", "Title", "public", depends=("test_g", "test_h"), cases=("small", "large"))
HIDDEN = CheckSpec("test_f", "f", "Title", "hidden", depends=("test_g", "test_h"), cases=("small", "large"))
SOURCE = [Source.of("f.py", "def f(x):\n    raise IndexError('MARK')  # MARK")]
FAILURE = Failure(stage="values", call="f(2)", expected="EXPECTED", actual="ACTUAL", help="HELP")


def outcome(verdict: Verdict, **fields: Any) -> Outcome:
    """A case that holds everything a message must choose from."""
    known: dict[str, Any] = {"reason": "REASON", "line": 2, "detail": "DETAIL", "case": "large"}
    return Outcome(check="test_f", verdict=verdict, **{**known, **fields})


def test_a_public_failure_tells_all_its_fields() -> None:
    """The sentence, the case and the help."""
    cases = [outcome(Verdict.PASSED, case="small"), outcome(Verdict.FAILED, failure=FAILURE)]
    expected = "f(2): expected EXPECTED, not ACTUAL (case large)\nhelp: HELP\nhint: look"
    assert expected == check_message(PUBLIC, cases, Verdict.FAILED, SOURCE, False, hint="look")


@pytest.mark.parametrize(
    ("reason", "words"),
    [("IndexError", "an IndexError"), ("ValueError", "a ValueError"), ("MARK", "an exception"), ("", "an exception")],
)
def test_a_public_exception_tells_its_built_in_type_and_line(reason: str, words: str) -> None:
    """A name that the submission made up is not repeated; its strings and comments are blanked."""
    cases = [outcome(Verdict.RAISED, reason=reason, case="")]
    expected = f"the code raised {words}\nline 2: raise …"
    told, *step = check_message(PUBLIC, cases, Verdict.RAISED, SOURCE, False).split("\nhelp: ")
    assert expected == told
    assert "MARK" not in "".join(step)


def test_a_public_fault_without_a_difference_tells_its_reason() -> None:
    """A name that is missing or banned."""
    cases = [outcome(Verdict.FORBIDDEN, reason="numpy.convolve", case="")]
    expected = "the code uses a name that this topic bans: numpy.convolve"
    assert expected == check_message(PUBLIC, cases, Verdict.FORBIDDEN, SOURCE, True)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v.fault == "student"])
@pytest.mark.parametrize("show_line", [True, False])
def test_a_hidden_check_never_leaks(verdict: Verdict, show_line: bool) -> None:
    """Verdict and hint, and the blanked line of an exception; no field, reason, case or detail."""
    cases = [outcome(verdict, failure=FAILURE, case=case) for case in ("small", "large")]
    message = check_message(HIDDEN, cases, verdict, SOURCE, show_line, hint="look")
    for secret in ("EXPECTED", "ACTUAL", "HELP", "REASON", "DETAIL", "MARK", "f(2)", "small", "large"):
        assert secret not in message
    assert message.endswith("hint: look")
    assert ("line 2" in message) == (show_line and verdict is Verdict.RAISED)


@pytest.mark.parametrize(("stage", "words"), [("shape", "shape is not"), ("values", "values are not"), ("truth", "")])
def test_a_hidden_failure_tells_its_stage_where_it_may(stage: Stage, words: str) -> None:
    """In what the answer is wrong, for one check a task; an authored truth says nothing more than that it failed."""
    cases = [outcome(Verdict.FAILED, failure=Failure(stage=stage, expected="MARK", actual="MARK"))]
    told = check_message(HIDDEN, cases, Verdict.FAILED, SOURCE, True)
    assert told.startswith("the answer is not the expected one")
    assert words in told
    assert "MARK" not in told
    assert "the answer is not the expected one" == check_message(HIDDEN, cases, Verdict.FAILED, SOURCE, False)


@given(st.text(), st.text(), st.integers(), st.sampled_from([v for v in Verdict if v.fault == "student"]))
def test_a_hidden_message_does_not_depend_on_what_the_submission_said(a: str, b: str, line: int, v: Verdict) -> None:
    """Two submissions that differ only in what they said read the same; the stage is the session's own finding."""
    said = outcome(v, reason=a, detail=b, case=a, failure=Failure(stage="values", expected=a, actual=b), line=line)
    failure = Failure(stage="values", expected="", actual="")
    silent = outcome(v, reason="", detail="", case="", failure=failure, line=line)
    messages = [check_message(HIDDEN, [each], v, SOURCE, True) for each in (said, silent)]
    assert messages[0] == messages[1]


@pytest.mark.parametrize("spec", [PUBLIC, HIDDEN])
def test_detail_is_the_instructors_alone(spec: CheckSpec) -> None:
    """Whatever the verdict."""
    for verdict in Verdict:
        assert "DETAIL" not in check_message(spec, [outcome(verdict, failure=FAILURE)], verdict, SOURCE, True)


def test_our_own_fault_is_worded_as_ours() -> None:
    """And nothing else is said."""
    message = check_message(PUBLIC, [outcome(Verdict.INTERNAL_ERROR)], Verdict.INTERNAL_ERROR, SOURCE, True, "look")
    assert "The grader broke on this check. That is our fault, not yours, and costs no points." == message


@pytest.mark.parametrize("spec", [PUBLIC, HIDDEN])
def test_a_skipped_check_names_the_reason(spec: CheckSpec) -> None:
    """In the session's words, else by the checks that it depends on."""
    skipped = [outcome(Verdict.SKIPPED, reason="it needs “Adds”", case="")]
    assert "not run: it needs “Adds”" == check_message(spec, skipped, Verdict.SKIPPED, [], False)
    assert "not run: it needs test_g and test_h" == check_message(spec, [], Verdict.SKIPPED, [], False)
    alone = msgspec.structs.replace(spec, depends=())
    assert "not run, because" in check_message(alone, [], Verdict.SKIPPED, [], False)


def test_a_passed_check_says_nothing() -> None:
    """Not even its hint."""
    assert "" == check_message(PUBLIC, [outcome(Verdict.PASSED)], Verdict.PASSED, SOURCE, True, "look")


@pytest.mark.parametrize("line", [None, 0, -1, 3, 10**30])
def test_a_line_that_is_not_in_the_submission_is_not_shown(line: int | None) -> None:
    """The number is the worker's word."""
    message = check_message(HIDDEN, [outcome(Verdict.RAISED, line=line)], Verdict.RAISED, SOURCE, True)
    assert "the code raised an exception" == message
    assert message == check_message(HIDDEN, [outcome(Verdict.RAISED)], Verdict.RAISED, [], True)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("    return x[i, j]", "return x[i, j]"),
        ("\traise E('a', \"b\", rb'c')  # d\r\n", "raise …"),
        ("\tif bad(): raise E('a', b) from MARK", "if bad(): raise …"),
        ("raised = f('a', \"b\", rb'c')  # d", "raised = f('…', \"…\", '…') # …"),
        ("y = f'{x!r:>{n}} MARK' + 'MARK'", "y = '…' + '…'"),
        ("s = '''MARK'''", "s = '…'"),
        ("x = 'MARK", ""),
        ("x" * 200, "x" * 119 + "…"),
        ("x = 1 \x0c+ 2", "x = 1 �+ 2"),
    ],
)
def test_strings_and_comments_of_a_line_are_blanked(line: str, shown: str) -> None:
    """And a line that is no Python is not shown at all."""
    assert shown == shown_line(["import numpy", line], 2)


def test_a_line_inside_a_long_string_is_blanked() -> None:
    """Also where its first and last lines hold code."""
    source = ["x = f('''MARK", "MARK = 1", "MARK''', y)", "z = 1"]
    assert ["x = f('…'", "'…'", "'…', y)", "z = 1"] == [shown_line(source, number) for number in (1, 2, 3, 4)]


@given(st.text(alphabet=st.characters(exclude_characters="'\\", exclude_categories=["Cs"]), max_size=20))
def test_nothing_of_a_string_is_ever_shown(text: str) -> None:
    """Whatever it holds, the line reads the same or is not shown."""
    source = f"f('''{text}''')".split("\n")
    shown = {shown_line(source, number) for number in range(1, len(source) + 1)}
    assert shown <= {"", "f('…')", "f('…'", "'…'", "'…')"}


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


def test_json_writes_a_stray_byte_of_a_file_name_as_an_escape() -> None:
    """Lone surrogates are no JSON."""
    read = json.loads(results_json(Results("toy", "abc", "0.1", (grade("a\udcff\N{BROCCOLI}"),))))
    assert "a\\udcff\N{BROCCOLI}" == read["submissions"][0]["student"]


# HTML


@given(ANYTHING)
@settings(deadline=None, max_examples=60)
def test_no_input_becomes_markup(word: str) -> None:
    """Whatever the word, the page has the tags of a tame one's, and no character that reorders text."""
    for page, tame in zip(pages(word), pages("tame"), strict=True):
        assert Shape(tame).tags == Shape(page).tags
        assert not unsafe(page)


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    """The reader sees what was written, in the markup and in the data that the page's script draws."""
    student, instructor = pages(HOSTILE)
    assert "<script" not in student
    assert 2 == instructor.count("<script") == instructor.count("</script")
    for page in (student, instructor):
        assert "</style></pre><script>alert('1')</script>" in Shape(page).text
        assert "{{ 7*7 }}" in Shape(page).text
    story = Shape(instructor).data["topics"][0]["stories"]["0"]
    assert story["output"].startswith("output </style></pre><script>alert('1')</script>")


def test_pages_load_nothing_and_run_only_our_script() -> None:
    """A student's page runs nothing at all; the instructor's one script is named by its hash in the policy."""
    student, instructor = pages("ada")
    for page in (student, instructor):
        assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
        assert not {"link", "img", "iframe", "form"} & {tag for tag, _ in Shape(page).tags}
        assert "http:" not in page and "https:" not in page and "url(" not in page
    assert "script" not in {tag for tag, _ in Shape(student).tags}
    assert f"script-src '{script_hash()}'" in instructor
    assert f"<script>{script()}</script>" in instructor


def test_the_script_makes_no_markup_from_text() -> None:
    """Nothing in it parses HTML or code, or asks a network."""
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch("):
        assert word not in script()


def test_a_mistake_comes_with_its_evidence() -> None:
    """Which answers it agrees with, in words that count checks: for the student as for the instructor."""
    page = feedback_html(grade("ada"))
    assert "Mind ada" in page
    assert "evidence ada" in page
    assert "evidence ada" in pages("ada")[1]


def test_the_class_page_shows_the_evidence_clipped() -> None:
    """A flood of output does not fill the report."""
    flood = msgspec.structs.replace(graded(), evidence=Evidence(output="x" * 100_000))
    page = class_page(ClassTopic("toy", "abc", "0.1", "full", [flood]))
    assert "… and 96000 more characters" in page
    assert len(page) < 60_000


def test_the_class_page_has_room_for_so_much_evidence_and_says_what_is_left_out() -> None:
    """Our own faults come first; who is left out still has a row."""
    quiet = grade(checks=grade().checks[:2])
    evidence = Evidence(output="x" * 4_000)
    many = [Graded(msgspec.structs.replace(quiet, student=f"s{number:03}"), evidence) for number in range(200)]
    broken = Graded(msgspec.structs.replace(grade(), student="zoe"), evidence)
    page = class_page(ClassTopic("toy", "abc", "0.1", "full", [*many, broken]))
    topic = Shape(page).data["topics"][0]
    assert 201 == len(topic["rows"])
    assert "200" in topic["stories"]
    assert f"{201 - len(topic['stories'])} more is in the gradebook" in page
    assert MOST_EVIDENCE / 2 < len(page) < 2 * MOST_EVIDENCE


def test_each_link_of_the_class_page_leads_somewhere() -> None:
    """To the course, and to each topic."""
    topic = ClassTopic("toy", "abc", "0.1", "full", [graded("ada"), graded("bob")])
    page = class_page(topic, topic)
    targets = [piece.split('"')[0] for piece in page.split('href="#')[1:]]
    assert {"course", "t1", "t2"} == set(targets)
    assert all(f'id="{target}"' in page for target in targets)


def test_who_passed_in_silence_has_a_row_and_no_story() -> None:
    """The data holds a story only where there is something to read."""
    silent = Graded(grade("zoe", score=10.0, mistakes=(), flags=(), checks=grade().checks[:1]))
    data = Shape(class_page(ClassTopic("toy", "abc", "0.1", "full", [graded("ada"), silent]))).data
    assert ["ada", "zoe"] == data["students"]
    assert [
        [0, 4.0, 10.0, 0.25, True, [4.0, 0.0], "PFIS", [0], None, 0],
        [1, 10.0, 10.0, 0.25, True, [4.0, 0.0], "P...", [], None, 0],
    ] == (data["topics"][0]["rows"])
    assert ["0"] == list(data["topics"][0]["stories"])


def test_a_check_that_punishes_the_best_heads_the_checks_to_look_at() -> None:
    """Of sixty students the better half fails it; page, text and JSON say so, of this check alone."""

    def check(name: str, passed: bool) -> CheckGrade:
        verdict = Verdict.PASSED if passed else Verdict.FAILED
        return CheckGrade(name, "add", name, verdict, 2.0 * passed, 2.0, "hidden")

    entries = []
    for student in range(60):
        fair = tuple(check(f"test_{level}", student > 10 * level) for level in range(1, 6))
        checks = (*fair, check("test_unfair", student < 30), check("test_easy", True))
        score = sum(each.points for each in checks)
        entries.append(Graded(grade(f"s{student:02}", checks=checks, score=score, max_score=14.0, mistakes=())))
    course = read_course([ClassTopic("toy", "abc", "0.1", "full", entries)])
    assert ["test_unfair", "test_easy"] == [check.id for _, check, _ in remarks(course)]
    assert "punishes the best  test_unfair" in course_text(course)
    assert class_html(course).count(">punishes the best<") == 1
    found = {each["id"]: each["remark"] for each in json.loads(course_json(course))["topics"][0]["checks"]}
    assert ("punishes the best", "everybody passes") == (found["test_unfair"], found["test_easy"])


READING = Reading({"add": "Sums", "mul": "Products"}, before=("Numbers",))


def test_feedback_says_what_to_read_next() -> None:
    """The sections on the tasks that lost points, and below half of the points what comes before."""
    expected = [
        "“Sums” in the lesson, for add",
        "“Products” in the lesson, for mul",
        "what this topic stands on: Numbers",
    ]
    assert expected == next_reading(grade(), READING)
    for text in (feedback_html(grade(), reading=READING), grade_text(grade(), reading=READING)):
        assert all(sentence in text for sentence in expected)
    one_task = (TaskGrade("add", 8.0, 8.0), TaskGrade("mul", 0.0, 2.0))
    assert expected[1:2] == next_reading(grade(score=8.0, tasks=one_task), READING)
    same = Reading({"add": "Both", "mul": "Both"})
    assert ["“Both” in the lesson, for add and mul"] == next_reading(grade(), same)


def test_nobody_is_sent_to_read_without_need() -> None:
    """Full marks, nothing run, or nothing named."""
    full = (TaskGrade("add", 8.0, 8.0), TaskGrade("mul", 2.0, 2.0))
    assert [] == next_reading(grade(score=10.0, tasks=full), READING)
    assert [] == next_reading(grade(gradable=False), READING)
    assert [] == next_reading(grade(), NO_READING)
    assert "Read next" not in feedback_html(grade()) + grade_text(grade())


def test_an_empty_class_is_a_page() -> None:
    """No submission, or no topic at all."""
    assert "Submissions" in class_page(ClassTopic("toy", "abc", "0.1", "full", []))
    assert "Class report" in class_page()


def small_course() -> list[ClassTopic]:
    """Two topics; bob did not hand in the second, in which ada's line shows her mistake."""
    line = msgspec.structs.replace(graded("ada"), evidence=Evidence(lines={"sign-lost": "return abs(x)"}))
    return [
        ClassTopic("first", "abc", "0.1", "full", [graded("ada"), graded("bob")]),
        ClassTopic("second", "abc", "0.1", "full", [line]),
    ]


def test_the_course_says_who_is_missing_and_shows_a_line_of_each_mistake() -> None:
    """In the page, in text and in JSON."""
    course = read_course(small_course())
    assert {"bob": ("second",)} == course.missing
    assert (0.4, 0.2) == course.shares
    page, text, read = class_html(course), course_text(course), json.loads(course_json(course))
    assert "<code>return abs(x)</code>" in page and "return abs(x)" in text
    assert [2, 1] == [topic["mistakes"][0]["count"] for topic in read["topics"]]
    assert "return abs(x)" == read["topics"][1]["mistakes"][0]["line"]
    assert [{"student": "bob", "share": 0.2, "missing": ["second"]}] == read["students"][1:]
    assert "nobody passes" == read["topics"][0]["checks"][1]["remark"]


def test_judgement_and_lateness_stand_beside_what_the_grader_found() -> None:
    """Raw and final score and the days are in the row; the course counts the final one."""
    due = datetime(2026, 1, 1, tzinfo=UTC)
    late = Lateness(received=due, due=due, days=2, tokens=0, lost=0.2)
    judged = grade("ada", judgement=Judgement(final_score=8.0, late=late))
    course = read_course([ClassTopic("toy", "abc", "0.1", "full", [Graded(judged), graded("bob")])])
    assert [(4.0, 8.0, 2), (4.0, None, 0)] == [(row.score, row.final, row.late) for row in course.topics[0].rows]
    assert (0.8, 0.4) == course.shares
    assert [8.0, 2] == Shape(class_html(course)).data["topics"][0]["rows"][0][-2:]


def test_the_most_frequent_mistake_is_on_top() -> None:
    """Half of the class made it; few made the others."""
    made = [[Mistake("rare", "r", "")]] * 3 + [[Mistake("half", "h", "")]] * 10 + [[]] * 7
    entries = [Graded(grade(f"s{number}", mistakes=tuple(some))) for number, some in enumerate(made)]
    course = read_course([ClassTopic("toy", "abc", "0.1", "full", entries)])
    assert [("half", 10), ("rare", 3)] == [(mistake.id, mistake.count) for mistake in course.topics[0].mistakes]
    assert course_text(course).index("half") < course_text(course).index("rare")


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
