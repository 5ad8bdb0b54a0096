"""Known mistakes as a student's own check may know them: salted digests of wrong public answers, and no answer.

``mistakes.json`` holds, for each known wrong answer that public checks can tell from all others, the public cases
that it fails and a digest of what it answers there, numbers rounded. A right answer is nowhere in it, and a wrong one
can only be recognised by whoever has it already.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from grader.core.answer import KnownAnswer
from grader.core.topic import Topic
from grader.diagnosis.answers import Exchange, Leaf, answers_of
from grader.diagnosis.known import CaseId, KnownCall, KnownMistake, Trace

MISTAKES: Final = "mistakes.json"

FORMAT: Final = 2
"""To be raised when digests are made in another way."""

DIGITS: Final = 4
"""Significant digits of an array's largest number that count: machines agree on them, mistakes don't."""

FLOOR: Final = 1e-6
"""The finest step that counts: what is left of a sum that should be 0 is another number on each machine."""

SHIFT: Final = 1 - 0.5**0.5
"""How far below its number a step begins: at none that is likely, as halves and thirds are, to be moved across."""

RICH: Final = 4
"""So many numbers in one wrong array are evidence enough; fewer need a second case."""


class PublicMistake(msgspec.Struct, frozen=True):
    """A mistake in one task: every public case of it that fails, with a digest, empty where chance decides."""

    id: str
    title: str
    hint: str
    task: str
    cases: dict[str, dict[str, str]]


class PublicMistakes(msgspec.Struct, frozen=True):
    """What is released, and a digest of what it was made from."""

    made_from: str
    mistakes: tuple[PublicMistake, ...]


_SECTION = re.compile(rb"^section = .*\n", re.MULTILINE)


def made_from(topic: Topic, answers: Sequence[KnownAnswer]) -> str:
    """A digest of all that decides what :func:`derive_public` gives."""
    whole = hashlib.sha256(f"{FORMAT}\0{topic.support}\0{topic.probes}\0".encode())
    for file in (topic.path / "topic.toml", topic.reference, topic.tests / "test_public.py"):
        text = file.read_bytes().replace(b"\r\n", b"\n")
        # Where feedback sends a reader changes no answer.
        text = _SECTION.sub(b"", text) if file.name == "topic.toml" else text
        whole.update(hashlib.sha256(text).digest())
    for answer in answers:
        whole.update(f"{answer.name}\0".encode() + hashlib.sha256(answer.text.encode()).digest())
    return whole.hexdigest()[:32]


def derive_public(
    traced: Iterable[tuple[KnownMistake, Trace]], tasks: Mapping[str, str], digest: str
) -> PublicMistakes:
    """What to release of known wrong answers on the public suite, which ``tasks`` lists with each check's task."""
    found: list[tuple[PublicMistake, bool]] = []
    for mistake, trace in traced:
        for task in dict.fromkeys(tasks.values()):
            cases = {case: calls for case, calls in mistake.cases() if tasks.get(case[0]) == task}
            if cases:
                found.append(_released(mistake, task, cases, trace, digest))
    kept: dict[tuple[str, str], PublicMistake] = {}
    for entry, enough in found:
        rivals = {other.id for other, _ in found if other.task == entry.task and other.cases == entry.cases}
        if enough and rivals == {entry.id}:
            kept.setdefault((entry.task, repr(entry.cases)), entry)
    return PublicMistakes(digest, tuple(kept.values()))


def recognise(public: PublicMistakes, trace: Trace, tasks: Mapping[str, str]) -> tuple[PublicMistake, ...]:
    """The mistakes that a submission's own run of the public suite shows: at most one a task."""
    failed: dict[str, dict[str, dict[str, Sequence[Exchange]]]] = {}
    for check, case in trace.ended(passed=False):
        if check in tasks:
            failed.setdefault(tasks[check], {}).setdefault(check, {})[case] = trace.exchanges.get((check, case), ())
    return tuple(
        mistake
        for mistake in public.mistakes
        if (mine := failed.get(mistake.task)) is not None
        and {check: set(cases) for check, cases in mine.items()} == {c: set(x) for c, x in mistake.cases.items()}
        and all(
            wanted in ("", _digest(mine[check][case], check, case, public.made_from))
            for check, cases in mistake.cases.items()
            for case, wanted in cases.items()
        )
    )


def _released(
    mistake: KnownMistake, task: str, cases: Mapping[CaseId, Sequence[KnownCall]], trace: Trace, salt: str
) -> tuple[PublicMistake, bool]:
    """A mistake as it may be released, and whether there is evidence enough to name it."""
    digests: dict[str, dict[str, str]] = {}
    shown: set[str] = set()
    rich = False
    for (check, case), calls in cases.items():
        digest = ""
        wrong = [leaf for call in calls for leaf in call.answer.leaves if leaf.place in call.signs]
        if not any(call.free for call in calls):
            digest = _digest(trace.exchanges.get((check, case), ()), check, case, salt)
            values = [leaf for leaf in wrong if not leaf.kind.startswith(("raised", "fault", "constant", "object"))]
            shown |= {digest} if values else set()
            rich = rich or any(_varied(leaf) for leaf in values)
        digests.setdefault(check, {})[case] = digest
    return PublicMistake(mistake.id, mistake.title, mistake.hint, task, digests), rich or len(shown) > 1


def _varied(leaf: Leaf) -> bool:
    numbers = leaf.numbers
    return numbers is not None and np.unique(numbers).size >= RICH


def _digest(exchanges: Iterable[Exchange], check: str, case: str, salt: str) -> str:
    """A short digest of what was answered in a case, the same for answers that are equal up to rounding."""
    whole = hashlib.blake2b(f"{salt}\0{check}\0{case}".encode(), digest_size=8)
    for answer in answers_of(exchanges):
        for leaf in answer.leaves:
            raised = leaf.kind.startswith("raised ")
            kind, data = ("raised", b"") if raised else (leaf.kind, _rounded(leaf))
            whole.update(f"\0{leaf.place}\0{kind}\0".encode("utf-8", "replace") + data)
    return whole.hexdigest()


def _rounded(leaf: Leaf) -> bytes:
    """A leaf's data, where it is of floating point each number as how many steps it is from 0."""
    numbers = leaf.numbers
    if numbers is None or numbers.dtype.kind not in "fc":
        return leaf.data
    wide: np.ndarray[Any, Any] = numbers.astype(np.complex128).view(np.float64)
    largest = np.abs(wide[np.isfinite(wide)]).max(initial=FLOOR)
    # From 0.794 on a number has the steps of 1, which is likely to be the largest, or just not.
    step = max(10.0 ** (np.floor(np.log10(largest) + 0.1) + 1 - DIGITS), FLOOR)
    return " ".join(f"{steps:.0f}" for steps in np.floor(wide / step + SHIFT).tolist()).encode()


def write_public(public: PublicMistakes) -> bytes:
    """The file's text, always the same for the same mistakes."""
    return msgspec.json.format(msgspec.json.encode(public, order="sorted"), indent=1) + b"\n"


def read_public(data: bytes) -> PublicMistakes | None:
    """What :func:`write_public` wrote; None if it is anything else."""
    try:
        return msgspec.json.decode(data, type=PublicMistakes)
    except msgspec.MsgspecError:
        return None
