"""Where the tests meet the study site."""

from __future__ import annotations

from pathlib import Path

from course.study.log import StudyLog, study_file

HOME = "http://127.0.0.1:8765"


def log_of(site_course: Path) -> StudyLog:
    return StudyLog(study_file(site_course))
