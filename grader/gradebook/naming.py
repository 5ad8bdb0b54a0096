"""Which run is meant: by its number, or as ``latest`` or ``previous``."""

from __future__ import annotations

from collections.abc import Sequence

from grader.core.errors import GradebookError
from grader.gradebook.gradebook import Run


def find_run(runs: Sequence[Run], name: str, topic: str = "") -> Run:
    """The run called ``name``; GradebookError says which there are.

    ``latest`` is the last finished run (of ``topic``), ``previous`` the finished one before it of the same topic.
    """
    finished = [run for run in runs if run.finished is not None and topic in ("", run.topic)]
    of_topic = f" of {topic}" if topic else ""
    if name in ("latest", "previous"):
        if not finished:
            raise GradebookError(f"there is no finished run{of_topic}: run `grader grade` first")
        same = [run for run in finished if run.topic == finished[-1].topic]
        if name == "latest":
            return same[-1]
        if len(same) < 2:
            raise GradebookError(f"there is only one finished run of {same[-1].topic}, number {same[-1].id}")
        return same[-2]
    for run in runs:
        if str(run.id) == name and topic in ("", run.topic):
            return run
    known = ", ".join(f"{run.id} ({run.topic})" for run in runs[-5:] if topic in ("", run.topic)) or "none"
    raise GradebookError(f"there is no run {name!r}{of_topic}; give latest, previous or a number, lately: {known}")
