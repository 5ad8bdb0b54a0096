"""What passes between a session's process and whoever started it: submissions in, grades out."""

from __future__ import annotations

import sys
from typing import Final

import msgspec

from grader.autograde.submissions import Submission
from grader.core.grade import CheckSpec, Graded
from grader.core.topic import Topic

GRADE: Final = "grade"
MEASURE: Final = "measure"


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The first message: the suite is collected, its workers can be forked."""

    specs: tuple[CheckSpec, ...]


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The session can't go on; ``kind`` is the GraderError's class."""

    kind: str
    reason: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """One submission's grade."""

    graded: Graded


Reply = Opened | Done | Failed

encode_job = msgspec.msgpack.Encoder().encode
decode_job = msgspec.msgpack.Decoder(Submission).decode
encode_reply = msgspec.msgpack.Encoder().encode
decode_reply = msgspec.msgpack.Decoder(Reply).decode


def command(topic: Topic, level: str, *, measure: bool = False) -> list[str]:
    """The arguments that start such a process; its two descriptors and its temporary folder come last.

    With ``measure`` a grade says how much of its tolerance each check used; see :class:`Graded`.
    ``-P``: the working folder, which may hold students' files, is not on its path.
    """
    return [sys.executable, "-P", "-m", "grader.autograde.child", str(topic.path), level, MEASURE if measure else GRADE]
