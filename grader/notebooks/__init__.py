"""Feedback inside a notebook: ``%load_ext grader.notebooks``, then ``%check convolution conv2d``.

Or by a plain call, anywhere: ``from grader.notebooks import check; check("convolution", "conv2d")``.
"""

from __future__ import annotations

from typing import Any

from grader.notebooks.feedback import Feedback
from grader.notebooks.running import check, check_cells

__all__ = ["Feedback", "check", "load_ipython_extension"]


def load_ipython_extension(ipython: Any) -> None:
    """Give the notebook its ``%check TOPIC [TASK]``."""

    def magic(line: str) -> Feedback:
        """Run the public checks of a topic, or of one of its tasks, on the cells run so far."""
        topic, _, task = line.strip().partition(" ")
        return check_cells(topic, task.strip(), ipython)

    ipython.register_magic_function(magic, magic_kind="line", magic_name="check")
