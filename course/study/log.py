"""What a student did, in SQLite below the course's ``.course/``: one transaction an answer, for crashes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from course.study.errors import StudyError
from course.study.exam import Answer, Exam
from course.study.interview import Interview
from course.study.schedule import Rating, Scheduled

VERSION: Final = 1
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS schedule (card TEXT PRIMARY KEY, due TEXT NOT NULL, state TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS reviews (
  id INTEGER PRIMARY KEY, card TEXT NOT NULL, rating TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS exams (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, exam BLOB NOT NULL, finished TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS answers (
  exam INTEGER NOT NULL REFERENCES exams, number INTEGER NOT NULL, choice INTEGER, at REAL NOT NULL,
  tag TEXT NOT NULL, score REAL NOT NULL, PRIMARY KEY (exam, number)
) STRICT;
CREATE TABLE IF NOT EXISTS interviews (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, interview BLOB NOT NULL, finished TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS code_reviews (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, tag TEXT NOT NULL, score REAL NOT NULL, at TEXT NOT NULL
) STRICT;
"""


def study_file(root: Path) -> Path:
    """Where the course in ``root`` keeps its student's log."""
    return root / ".course" / "study.db"


class Sitting(msgspec.Struct, frozen=True):
    """A test as it was sat: when it began, whether it is over, and the answers by place."""

    number: int
    exam: Exam
    begun: datetime
    finished: bool
    answers: dict[int, Answer]


class StudyLog:
    """The log; every method is one transaction. StudyError if the file can't be read or written."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudyError(f"{file.parent} can't be made ({error.strerror}): nothing can be remembered") from None
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise StudyError(f"{file} was written by a newer version of this course: update the course")
            if version < VERSION:
                db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")

    def rate(self, card: str, rating: Rating, after: Scheduled, now: datetime) -> None:
        """Remember a card's review and its new schedule."""
        with self._open() as db:
            db.execute("INSERT INTO reviews (card, rating, at) VALUES (?, ?, ?)", (card, rating, now.isoformat()))
            db.execute("REPLACE INTO schedule VALUES (?, ?, ?)", (card, after.due.isoformat(), after.state))

    def schedule(self) -> dict[str, Scheduled]:
        """The schedule of every card seen."""
        with self._open() as db:
            rows = db.execute("SELECT card, due, state FROM schedule").fetchall()
        return {card: Scheduled(datetime.fromisoformat(due), state) for card, due, state in rows}

    def reviews(self) -> list[tuple[str, Rating, datetime]]:
        """Every review, oldest first."""
        with self._open() as db:
            rows = db.execute("SELECT card, rating, at FROM reviews ORDER BY id").fetchall()
        return [(card, rating, datetime.fromisoformat(at)) for card, rating, at in rows]

    def begin_exam(self, exam: Exam, now: datetime) -> int:
        """Remember a test that begins; returns its number."""
        with self._open() as db:
            cursor = db.execute(
                "INSERT INTO exams (at, exam) VALUES (?, ?)", (now.isoformat(), msgspec.json.encode(exam))
            )
        return int(cursor.lastrowid or 0)

    def answer(self, number: int, exam: Exam, place: int, answer: Answer) -> None:
        """Remember the answer to item ``place``; one given again takes the former's place."""
        item = exam.items[place]
        right = answer.choice == item.answer and answer.at <= exam.seconds
        row = (number, place, answer.choice, answer.at, item.tag, float(right))
        with self._open() as db:
            db.execute("REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", row)

    def finish_exam(self, number: int, now: datetime) -> None:
        """Remember that a test is over."""
        with self._open() as db:
            db.execute("UPDATE exams SET finished = ? WHERE id = ?", (now.isoformat(), number))

    def sitting(self, number: int) -> Sitting | None:
        """The test of that number, None if there is none."""
        with self._open() as db:
            row = db.execute("SELECT at, exam, finished FROM exams WHERE id = ?", (number,)).fetchone()
            answers = db.execute("SELECT number, choice, at FROM answers WHERE exam = ?", (number,)).fetchall()
        if row is None:
            return None
        given = {place: Answer(choice, at) for place, choice, at in answers}
        exam = msgspec.json.decode(row[1], type=Exam)
        return Sitting(number, exam, datetime.fromisoformat(row[0]), row[2] is not None, given)

    def open_sitting(self) -> Sitting | None:
        """The latest test, if it is not over."""
        with self._open() as db:
            row = db.execute("SELECT id, finished FROM exams ORDER BY id DESC LIMIT 1").fetchone()
        return None if row is None or row[1] is not None else self.sitting(row[0])

    def exam_history(self) -> list[tuple[datetime, float, int]]:
        """The finished tests, oldest first: when, how many right, of how many."""
        with self._open() as db:
            rows = db.execute(
                "SELECT exams.at, sum(score), json_array_length(CAST(exams.exam AS TEXT), '$.items') FROM exams "
                "LEFT JOIN answers ON answers.exam = exams.id WHERE finished IS NOT NULL "
                "GROUP BY exams.id ORDER BY exams.id"
            ).fetchall()
        return [(datetime.fromisoformat(at), right or 0.0, asked) for at, right, asked in rows]

    def answers(self) -> list[tuple[str, float]]:
        """Every answer of every test, oldest first, as (tag, score)."""
        with self._open() as db:
            return db.execute("SELECT tag, score FROM answers ORDER BY exam, number").fetchall()

    def begin_interview(self, interview: Interview, now: datetime) -> int:
        """Remember an interview that begins; returns its number."""
        with self._open() as db:
            row = (now.isoformat(), msgspec.json.encode(interview))
            cursor = db.execute("INSERT INTO interviews (at, interview) VALUES (?, ?)", row)
        return int(cursor.lastrowid or 0)

    def save_interview(self, number: int, interview: Interview, finished: datetime | None = None) -> None:
        """Remember how far an interview is."""
        row = (msgspec.json.encode(interview), finished.isoformat() if finished else None, number)
        with self._open() as db:
            db.execute("UPDATE interviews SET interview = ?, finished = ? WHERE id = ?", row)

    def unfinished_interview(self) -> tuple[int, Interview] | None:
        """The latest interview, if it was broken off."""
        with self._open() as db:
            row = db.execute("SELECT id, interview, finished FROM interviews ORDER BY id DESC LIMIT 1").fetchone()
        if row is None or row[2] is not None:
            return None
        return row[0], msgspec.json.decode(row[1], type=Interview)

    def interview_history(self) -> list[tuple[datetime, Interview]]:
        """The finished interviews, oldest first."""
        with self._open() as db:
            rows = db.execute("SELECT at, interview FROM interviews WHERE finished IS NOT NULL ORDER BY id").fetchall()
        return [(datetime.fromisoformat(at), msgspec.json.decode(body, type=Interview)) for at, body in rows]

    def add_code_review(self, name: str, tag: str, score: float, now: datetime) -> None:
        """Remember a code review's score in [0, 1]."""
        with self._open() as db:
            row = (name, tag, score, now.isoformat())
            db.execute("INSERT INTO code_reviews (name, tag, score, at) VALUES (?, ?, ?, ?)", row)

    def has_reviewed(self, name: str) -> bool:
        """Whether a code review's score is remembered already."""
        with self._open() as db:
            return db.execute("SELECT 1 FROM code_reviews WHERE name = ?", (name,)).fetchone() is not None

    def first_review_score(self, name: str, since: datetime) -> float | None:
        """The first score of a code review from ``since`` on, None if there is none: later ones follow answers."""
        with self._open() as db:
            rows = db.execute("SELECT score, at FROM code_reviews WHERE name = ? ORDER BY id", (name,)).fetchall()
        return next((score for score, at in rows if datetime.fromisoformat(at) >= since), None)

    def code_reviews(self) -> list[tuple[str, float]]:
        """The first score of every code review, oldest first, as (tag, score): the second one follows the answers."""
        with self._open() as db:
            return db.execute(
                "SELECT tag, score FROM code_reviews "
                "WHERE id IN (SELECT min(id) FROM code_reviews GROUP BY name, tag) ORDER BY id"
            ).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction; a second process waits up to five seconds for the first."""
        try:
            with closing(sqlite3.connect(self._file, timeout=5)) as db, db:
                yield db
        except sqlite3.OperationalError as error:
            raise StudyError(
                f"{self._file} can't be used ({error}): close what else uses it, or move it away"
            ) from None
        except sqlite3.DatabaseError as error:
            raise StudyError(
                f"{self._file} is damaged ({error}): move it away, and what was learned begins anew"
            ) from None
