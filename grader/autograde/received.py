"""When a submission came in: by a list that the instructor gives, by nbgrader's record, or by the file's own time."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.autograde.files import NotGradableError, read_regular
from grader.autograde.submissions import Submission
from grader.core.errors import CourseError

MAX_TIMESTAMP_BYTES = 1_000


def received_times(
    path: Path, submissions: Iterable[Submission], listed: dict[str, datetime] | None = None
) -> dict[str, datetime]:
    """When each student's submission in ``path`` came in; who is not in ``listed`` is looked up on disk.

    A student without a time is not in the result, and so never late.
    """
    base = path if path.is_dir() else path.parent
    times: dict[str, datetime] = {}
    for submission in submissions:
        time = (listed or {}).get(submission.student) or _by_nbgrader(base, submission) or _by_file(base, submission)
        if time is not None:
            times[submission.student] = time
    return times


def read_received(file: Path, topic: str) -> dict[str, datetime]:
    """The times in a CSV with the columns ``student``, ``received`` and perhaps ``topic``.

    Times are ISO 8601 with an offset from UTC. Of a student's several lines the last counts. CourseError names the line
    that can't be read.
    """
    try:
        rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
        columns = set(rows.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{file} can't be read as CSV: {error}") from None
    if not {"student", "received"} <= columns:
        raise CourseError(f"{file} needs the columns student and received, in its first line")
    times = {}
    try:
        for row in rows:
            if (row.get("topic") or topic) != topic:
                continue
            student, text = (row["student"] or "").strip(), (row["received"] or "").strip()
            time = _iso(text)
            if not student or time is None:
                raise CourseError(
                    f"{file}, line {rows.line_num}: {text!r} is no time with an offset, such as 2026-10-05T23:59:00Z"
                )
            times[student] = time
    except csv.Error as error:
        raise CourseError(f"{file}, line {rows.line_num}: {error}") from None
    return times


def _by_nbgrader(base: Path, submission: Submission) -> datetime | None:
    """Nbgrader's ``timestamp.txt``, believed only where nbgrader puts it: beside what it collected."""
    parts = submission.file.split("/")
    below = parts[0] == "submitted"
    if not (below or base.name == "submitted") or len(parts) != 3 + below:
        return None
    try:
        text = read_regular(
            os.path.join(base, *map(_as_named, parts[:-1]), "timestamp.txt"), MAX_TIMESTAMP_BYTES
        ).decode()
        moment, _, zone = text.strip().rpartition(" ")
        return datetime.fromisoformat(moment).replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone))
    except (NotGradableError, OSError, ValueError, LookupError):
        return None


def _by_file(base: Path, submission: Submission) -> datetime | None:
    try:
        return datetime.fromtimestamp(os.lstat(base / _as_named(submission.file)).st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None


def _as_named(shown: str) -> str:
    """The name on disk that ``files.printable`` made ``shown`` of: an odd name is no way around a deadline."""
    return shown.encode("latin-1", "backslashreplace").decode("unicode_escape")


def _iso(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is not None else None
