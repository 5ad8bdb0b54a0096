"""What is remembered of studying: kills lose no answer, terminals share it, damage is kept and named."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from course.figures.reference import ROOT
from course.study import exam, interview, schedule
from course.study.errors import StudyError
from course.study.exam import Answer
from course.study.log import StudyLog, study_file
from course.study.schedule import Scheduled

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_what_was_done_is_remembered(tmp_path: Path) -> None:
    """Cards, tests, interviews and code reviews, by another opening of the same file."""
    file = study_file(tmp_path)
    log = StudyLog(file)
    after = schedule.review(None, "good", NOW)
    log.rate("conv-flip", "good", after, NOW)
    drawn = exam.draw(1, 3)
    number = log.begin_exam(drawn, NOW)
    log.answer(number, drawn, 0, Answer(drawn.items[0].answer, 1.0))
    log.answer(number, drawn, 1, Answer(None, 2.0))
    assert [] == log.exam_history()
    log.finish_exam(number, NOW)
    talk = interview.begin(1, "senior", 60)
    place = log.begin_interview(talk, NOW)
    log.add_code_review("loop", "training", 0.75, NOW)
    again = StudyLog(file)
    assert {"conv-flip": after} == again.schedule()
    assert [("conv-flip", "good", NOW)] == again.reviews()
    assert [(drawn.items[0].tag, 1.0), (drawn.items[1].tag, 0.0)] == again.answers()
    assert [(NOW, 1.0, 3)] == again.exam_history()
    assert [("training", 0.75)] == again.code_reviews()
    unfinished = again.unfinished_interview()
    assert unfinished is not None
    assert (place, msgspec.json.encode(talk)) == (unfinished[0], msgspec.json.encode(unfinished[1]))
    said = interview.answered(unfinished[1], "a kernel", 0.5)
    again.save_interview(place, said, NOW)
    assert again.unfinished_interview() is None
    assert [(NOW, said)] == again.interview_history()


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from course.study import schedule
from course.study.log import StudyLog
log, now = StudyLog(Path(sys.argv[1])), datetime.now(UTC)
after = schedule.review(None, "good", now)
for number in range(100_000):
    log.rate(f"card-{number}", "good", after, now)
    print(number, flush=True)
"""


def test_a_killed_process_loses_no_answer(tmp_path: Path) -> None:
    """Everything it reported is there, and the file is whole."""
    file = tmp_path / "study.db"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file)], stdout=subprocess.PIPE, text=True, env=environment
    ) as writer:
        assert writer.stdout is not None
        reported = [int(writer.stdout.readline()) for _ in range(25)]
        writer.send_signal(signal.SIGKILL)
        reported += [int(line) for line in writer.stdout.read().split()]
    log = StudyLog(file)
    assert {f"card-{number}" for number in reported} <= set(log.schedule())
    assert len(log.schedule()) == len(log.reviews()) <= len(reported) + 1
    with sqlite3.connect(file) as db:
        assert ("ok",) == db.execute("PRAGMA integrity_check").fetchone()
    db.close()


def test_two_terminals_share_a_log(tmp_path: Path) -> None:
    """Made at once and written at once: every answer is there."""
    file = tmp_path / "study.db"

    def rate(terminal: int) -> None:
        log = StudyLog(file)
        for number in range(20):
            log.rate(f"card-{terminal}-{number}", "good", Scheduled(NOW, "{}"), NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rate, range(4)))
    assert 80 == len(StudyLog(file).schedule()) == len(StudyLog(file).reviews())


def test_a_damaged_log_is_kept_and_named(tmp_path: Path) -> None:
    """It is not overwritten; one sentence says what to do. The same for a folder, and for a newer version."""
    file = tmp_path / "study.db"
    file.write_bytes(b"not a database at all" * 400)
    with pytest.raises(StudyError, match="damaged"):
        StudyLog(file)
    assert file.read_bytes().startswith(b"not a database")
    with pytest.raises(StudyError, match="can't be used"):
        StudyLog(tmp_path)
    with pytest.raises(StudyError, match="can't be made"):
        StudyLog(file / "below" / "study.db")
    newer = tmp_path / "newer.db"
    StudyLog(newer)
    db = sqlite3.connect(newer)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StudyError, match="newer version"):
        StudyLog(newer)
