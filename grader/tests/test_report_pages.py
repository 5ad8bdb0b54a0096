"""Pages: feedback and the class report as HTML, whatever a grade contains."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec
from hypothesis import given, settings

from grader.core.grade import CheckGrade, Evidence, Graded, Mistake, TaskGrade
from grader.core.judgement import Judgement, Lateness
from grader.core.verdict import Verdict
from grader.report.classdata import MOST_EVIDENCE, ClassTopic, read_course, remarks
from grader.report.classpage import class_html, script, script_hash
from grader.report.classtext import course_json, course_text
from grader.report.html import feedback_html
from grader.report.reading import NO_READING, Reading, next_reading
from grader.report.text import grade_text
from grader.tests.report_samples import ANYTHING, grade, graded, unsafe

HOSTILE = "</style></pre><script>alert('1')</script>\x1b[2J\x9b1m\u202eevil\u2028\x00\ud800\"'&{{ 7*7 }}"


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
