"""An interview's code review and coding task, judged by what the engine knows of them and not by what is said."""

from __future__ import annotations

from datetime import datetime

import msgspec

from course.reviews.released import PREFIX
from course.study.interview import Step
from course.study.log import StudyLog


class Judgement(msgspec.Struct, frozen=True):
    """A score in [0, 1], and in words what it is made of; ``half`` where one half of a review was not begun."""

    score: float
    words: str
    half: bool = False


def judged(step: Step, log: StudyLog, since: datetime | None, checks: tuple[int, int] | None) -> Judgement | None:
    """The judgement of a step that is no question, None where nothing was done since it was first asked.

    ``checks`` are the public checks that the student's file passes, and all there are; None if it was not worked on. A
    coding task is worth the share that passes. A review is worth half its findings and half its mended code; a half
    that was not begun is, like a part that is skipped, not scored.
    """
    if step.stage == "coding":
        whole = f"of {step.task} " if step.task else ""
        return Judgement(_share(checks), f"{_count(checks)} public checks {whole}pass") if checks else None
    findings = log.first_review_score(PREFIX + step.name, since) if since else None
    if findings is None and checks is None:
        return None
    found = f"the findings earned {findings:.0%}" if findings is not None else "no findings were handed in"
    mended = f"{_count(checks)} public checks of the mended code pass" if checks else "the code was not mended"
    if findings is None and checks:
        return Judgement(_share(checks), f"{mended}; {found}, so that half is not scored", half=True)
    if findings is not None and not checks:
        return Judgement(findings, f"{found}; {mended}, so that half is not scored", half=True)
    return Judgement(((findings or 0.0) + _share(checks)) / 2, f"{found}; {mended}")


def _share(checks: tuple[int, int] | None) -> float:
    return checks[0] / checks[1] if checks and checks[1] else 0.0


def _count(checks: tuple[int, int]) -> str:
    return f"{checks[0]} of {checks[1]}"
