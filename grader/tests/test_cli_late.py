"""Late days and course grades from end to end, on a course of two toy topics."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.autograde.received import read_received, received_times
from grader.autograde.submissions import discover
from grader.core.errors import CourseError
from grader.tests.classroom import Command, Ran, hand_in, toy_course
from grader.tests.toy import RIGHT, right_but

DUE = datetime(2026, 10, 5, 22, tzinfo=UTC)
HALF = right_but("def double(x):\n    return x * x\n")

POLICY = """
drop_lowest = {drop}
[late]
grace_minutes = 30
per_cent_a_day = 10
cap_per_cent = 25
tokens = {tokens}
[due]
toy = 2026-10-05T22:00:00Z
toy2 = 2026-10-12T22:00:00Z
[weights]
toy = 1
toy2 = 3
[[extensions]]
student = "bob"
days = 3
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Two topics and three students; all handed in two days after the first deadline."""
    toy_course(tmp_path)
    shutil.copytree(tmp_path / "solutions" / "toy", tmp_path / "solutions" / "toy2")
    (tmp_path / "solutions" / "toy2" / "toy.py").rename(tmp_path / "solutions" / "toy2" / "toy2.py")
    file = tmp_path / "solutions" / "toy2" / "topic.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("order = 1", "order = 2"), encoding="utf-8")
    for folder, files in (("toy", {"ada.py": RIGHT, "bob.py": HALF, "cyd.py": RIGHT}), ("toy2", {"ada.py": RIGHT})):
        hand_in(tmp_path / "class" / folder, files)
        for path in (tmp_path / "class" / folder).iterdir():
            time = (DUE + timedelta(days=2)).timestamp()
            os.utime(path, (time, time))
    return tmp_path


def policy(course: Path, *, drop: int = 0, tokens: int = 0) -> None:
    """Write the course's rules."""
    (course / "course").mkdir(exist_ok=True)
    (course / "course" / "course.toml").write_text(POLICY.format(drop=drop, tokens=tokens), encoding="utf-8")


def grade(grader: Command, course: Path, topic: str, *more: object) -> dict[str, Any]:
    """Grade a topic; its entries in results.json, by student."""
    command = ("grade", topic, f"class/{topic}", "--sandbox", "none", "--jobs", "1", "--gradebook", "book.db")
    ran = grader(course, *command, "--out", f"out/{topic}", "--format", "json", *more)
    assert ran.code == 0, ran.err
    return {each["student"]: each for each in json.loads(ran.out)["submissions"]}


def ok(ran: Ran) -> str:
    """What a command printed that must have done its work."""
    assert ran.code == 0, ran.err
    return ran.out


def test_a_late_submission_keeps_its_raw_score_and_loses_of_the_final_one(course: Path, grader: Command) -> None:
    """Two days late cost a fifth; who has an extension of three days is in time; the feedback says all that."""
    policy(course)
    entries = grade(grader, course, "toy")
    assert (30, 24) == (entries["ada"]["score"], entries["ada"]["judgement"]["final_score"])
    assert (2, 0, 0.2) == tuple(entries["ada"]["judgement"]["late"][key] for key in ("days", "tokens", "lost"))
    assert "judgement" not in entries["bob"]
    text = (course / "out" / "toy" / "feedback" / "ada.txt").read_text(encoding="utf-8")
    assert (
        "Score: 30 of 30\nFinal score: 24 of 30\n  2 days late (due 2026-10-05 22:00 UTC): −20% of the points" in text
    )
    assert "2 days late" in (course / "out" / "toy" / "feedback" / "ada.html").read_text(encoding="utf-8")


def test_a_list_of_times_goes_before_the_files_own(course: Path, grader: Command) -> None:
    """Who is not on it is still judged by the file's time; a reused grade may be late today and not tomorrow."""
    policy(course)
    times = course / "times.csv"
    times.write_text(
        "student,received,topic\nada,2026-10-05T23:29:00+01:00,toy\ncyd,2026-10-20T00:00:00Z,toy\nada,bad,other\n"
    )
    entries = grade(grader, course, "toy", "--received", "times.csv")
    assert "judgement" not in entries["ada"]
    assert (15, 0.25) == tuple(entries["cyd"]["judgement"]["late"][key] for key in ("days", "lost"))
    assert 24 == grade(grader, course, "toy")["ada"]["judgement"]["final_score"]


def test_tokens_pay_for_the_first_deadline_first(course: Path, grader: Command) -> None:
    """ada spends two on the first topic, and has one left for the second."""
    policy(course, tokens=3)
    ada = grade(grader, course, "toy")["ada"]
    assert (30, 2, 0.0) == (ada["judgement"]["final_score"], *(ada["judgement"]["late"][k] for k in ("tokens", "lost")))
    time = (DUE + timedelta(days=9)).timestamp()
    os.utime(course / "class" / "toy2" / "ada.py", (time, time))
    late = grade(grader, course, "toy2")["ada"]["judgement"]["late"]
    assert (2, 1, 0.1) == (late["days"], late["tokens"], late["lost"])
    assert "1 late-day token spent" in (course / "out/toy2/feedback/ada.txt").read_text(encoding="utf-8")


def test_course_grades_count_late_days_weights_and_what_is_missing(course: Path, grader: Command) -> None:
    """ada: (0.8 + 3) / 4; bob has two thirds of a quarter."""
    policy(course)
    grade(grader, course, "toy")
    grade(grader, course, "toy2")
    found = json.loads(ok(grader(course, "grades", "--gradebook", "book.db", "--format", "json")))
    assert [("ada", 0.95), ("bob", pytest.approx(2 / 12, abs=1e-5)), ("cyd", 0.2)] == [
        (each["student"], each["share"]) for each in found
    ]
    assert (2, ["toy2"]) == (found[0]["late_days"], found[1]["missing"])
    text = ok(grader(course, "grades", "--gradebook", "book.db"))
    assert [["ada", "95.0", "80", "100", "2", "late", "days"], ["bob", "16.7", "66", "–"]] == [
        line.split() for line in text.splitlines()[1:3]
    ]


def test_late_is_who_was_late(course: Path, grader: Command) -> None:
    """In the report's page, its text and its JSON."""
    policy(course)
    grade(grader, course, "toy")
    page = (course / "out" / "toy" / "report.html").read_text(encoding="utf-8")
    assert "<strong>Late</strong> <bdi>ada</bdi> 2 days, <bdi>cyd</bdi> 2 days</p>" in " ".join(page.split())
    told = ok(grader(course, "report", "--gradebook", "book.db", "--no-feedback")).splitlines()
    assert [["topic", "sent", "late"], ["toy", "3", "2"]] == [line.split()[:3] for line in told[2:4]]
    (topic,) = json.loads(ok(grader(course, "report", "--gradebook", "book.db", "--format", "json")))["topics"]
    assert {"ada": 2, "cyd": 2} == topic["late"]


def test_the_lowest_topic_is_dropped(course: Path, grader: Command) -> None:
    """For cyd the one that is missing."""
    policy(course, drop=1)
    grade(grader, course, "toy")
    grade(grader, course, "toy2")
    found = {
        each["student"]: each
        for each in json.loads(ok(grader(course, "grades", "--gradebook", "book.db", "--format", "json")))
    }
    assert (1.0, ["toy"]) == (found["ada"]["share"], found["ada"]["dropped"])
    assert (0.8, ["toy2"]) == (found["cyd"]["share"], found["cyd"]["dropped"])
    assert "(–)" in ok(grader(course, "grades", "--gradebook", "book.db"))


def test_published_course_grades_are_those_that_were_published(course: Path, grader: Command) -> None:
    """Whatever was adjusted since."""
    policy(course)
    grade(grader, course, "toy")
    ok(grader(course, "publish", "--gradebook", "book.db"))
    ok(grader(course, "adjust", "cyd", "toy", "double", "=0", "--why", "x", "--gradebook", "book.db"))
    shares = {}
    for flag in ((), ("--published",)):
        found = json.loads(ok(grader(course, "grades", "--gradebook", "book.db", "--format", "json", *flag)))
        shares[flag] = {each["student"]: each["share"] for each in found}["cyd"]
    assert {(): pytest.approx(16 / 30, abs=1e-5), ("--published",): 0.8} == shares


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,received\n", "needs the columns student and received"),
        ("student,received\nada,yesterday\n", "line 2: 'yesterday' is no time with an offset"),
        ("student,received\nada,2026-10-05T22:00:00\n", "is no time with an offset"),
        ("student,received\n,2026-10-05T22:00:00Z\n", "line 2"),
        ("student,received\nada\n", "line 2"),
        ("", "needs the columns"),
    ],
)
def test_a_list_of_times_that_makes_no_sense_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    """It names the line."""
    (tmp_path / "times.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        read_received(tmp_path / "times.csv", "toy")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("name", ["a\\b.py", "line\nbreak.py", "\\x41.py", "ünal €\u202e.py", "plain.py"])
def test_an_odd_name_is_no_way_around_a_deadline(tmp_path: Path, name: str) -> None:
    """Names are shown escaped; the time is that of the file itself."""
    hand_in(tmp_path, {name: RIGHT})
    os.utime(tmp_path / name, (DUE.timestamp(), DUE.timestamp()))
    assert [DUE] == list(received_times(tmp_path, discover(tmp_path, "toy")).values())


def test_nbgraders_timestamp_is_believed_only_where_nbgrader_puts_it(tmp_path: Path) -> None:
    """A student's own file of that name moves no deadline; one that makes no sense is as if it were not there."""
    stamp = "2026-10-05 21:59:00.250000 UTC"
    hand_in(
        tmp_path,
        {
            "course/submitted/ada/toy/toy.py": RIGHT,
            "course/submitted/ada/toy/timestamp.txt": stamp,
            "course/submitted/bob/toy/toy.py": RIGHT,
            "course/submitted/bob/toy/timestamp.txt": "2026-10-05 23:59:00 Europe/Berlin\n",
            "course/submitted/cyd/toy/toy.py": RIGHT,
            "course/submitted/cyd/toy/timestamp.txt": "yesterday Nowhere/At_All",
            "class/dan/toy/toy.py": RIGHT,
            "class/dan/toy/timestamp.txt": stamp,
        },
    )
    for path in tmp_path.rglob("toy.py"):
        os.utime(path, (DUE.timestamp() + 5, DUE.timestamp() + 5))
    times = {}
    for folder in ("course", "course/submitted", "class"):
        found = discover(tmp_path / folder, "toy")
        times[folder] = {
            name: (time - DUE).total_seconds() for name, time in received_times(tmp_path / folder, found).items()
        }
    assert {"ada": -59.75, "bob": -60.0, "cyd": 5.0} == times["course"] == times["course/submitted"]
    assert {"dan": 5.0} == times["class"]
