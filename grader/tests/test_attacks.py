"""The corpus of hostile submissions, each graded on three topics, at both levels, as root and as an ordinary user.

A batch is graded at once, with an honest neighbour after every few attacks; the tests look at what came of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import pytest

from grader.core.grade import Graded
from grader.core.verdict import Verdict
from grader.report.html import feedback_html
from grader.report.text import grade_text
from grader.tests.corpus import LEAK, TOPICS, Attack, Batch, World, read_attacks
from grader.tests.ordinary import Unavailable
from grader.tests.walls import WALLS, chosen_wall

CORPUS = read_attacks()
HEADERS = {attack.name: attack.header for attack in CORPUS}
"""What must be observed of each; of a neighbour, that it earns everything."""

EVERY = 4
"""After so many attacks comes a neighbour."""

CLASSES = "banned confuse crash exhaust forge leak outlive reach read tamper write".split()


ALWAYS = {
    ("toy", "full"),
    *(("convolution", wall) for wall in WALLS),
    ("residual_block", "full"),
}
"""What every run of the tests replays; the rest, which takes minutes more, with ``EVERY_WALL=1``."""


class Replayed(NamedTuple):
    """A world after the whole corpus was graded in it."""

    world: World
    batch: Batch
    grades: dict[str, Graded]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((topic, wall), id=f"{topic}-{wall}", marks=[pytest.mark.slow] if topic != "toy" else [])
        for topic in TOPICS
        for wall in WALLS
    ],
)
def replayed(request: pytest.FixtureRequest) -> Iterator[Replayed]:
    """The corpus graded on one topic, at one level, as one user; what can't be had here is skipped as not proven."""
    topic, wall = request.param
    level, user = chosen_wall(wall, (topic, wall) in ALWAYS)
    if topic == "residual_block":
        pytest.importorskip("torch", reason="not proven: torch is not installed")
    try:
        with World(topic, user) as world:
            handed_in = []
            for number, attack in enumerate(CORPUS):
                handed_in.append(world.submission(attack))
                if number % EVERY == 0:
                    handed_in.append(world.handed_in(f"neighbour {number}", world.right))
            batch = world.grade(handed_in, level)
            grades = {graded.grade.student: graded for graded in batch.graded}
            # Limits that keep what hangs short may cut off, on a busy host, who does not: such a one is graded again.
            if slow := [each for each in handed_in if cut_off(grades[each.student])]:
                again = world.grade(slow, level, patient=True)
                grades |= {graded.grade.student: graded for graded in again.graded}
                batch = Batch(batch.graded, batch.left + again.left)
            yield Replayed(world, batch, grades)
    except Unavailable as reason:
        pytest.skip(f"not proven: {reason}")


def output(graded: Graded) -> list[str]:
    """The lines that an attack wrote about what it tried."""
    return [line for line in graded.evidence.output.splitlines() if line.startswith("TRIED ")]


def cut_off(graded: Graded) -> bool:
    """Whether time was up before what must be observed could be."""
    verdicts = {check.verdict for check in graded.grade.checks}
    header = HEADERS.get(graded.grade.student)
    if Verdict.TIMED_OUT not in verdicts:
        return False
    if header is None or header.score == "full":
        return True
    unseen = bool(header.verdicts) and verdicts.isdisjoint(header.verdicts)
    return unseen or (header.runs and not output(graded))


def read_by_the_student(graded: Graded) -> str:
    """Everything of a grade that a student is given."""
    grade = graded.grade
    return "\n".join([grade_text(grade, "topic"), feedback_html(grade, "topic"), msgspec.json.encode(grade).decode()])


@pytest.mark.parametrize("attack", CORPUS, ids=lambda attack: attack.name)
def test_an_attack_gets_nothing(replayed: Replayed, attack: Attack) -> None:
    """Its score, its verdicts, what it was refused, and what its author may read."""
    graded = replayed.grades[attack.name]
    grade, header = graded.grade, attack.header
    lines = output(graded)
    if unproven := [line for line in lines if line.startswith("TRIED NOT PROVEN")]:
        pytest.skip(f"not proven: {unproven[0].removeprefix('TRIED NOT PROVEN')}")
    told = "\n".join([*lines[:20], *(f"{o.check}: {o.verdict} {o.reason[:200]}" for o in graded.evidence.outcomes[:8])])
    assert header.gradable == grade.gradable, grade.flags
    assert (grade.max_score if header.score == "full" else 0) == grade.score, told
    assert replayed.world.topic.points == grade.max_score
    verdicts = {check.verdict for check in grade.checks} - {Verdict.PASSED, Verdict.SKIPPED}
    assert Verdict.INTERNAL_ERROR not in verdicts, told
    if header.score == "full":
        assert set() == verdicts
    if header.verdicts and header.gradable:
        # Whatever the limit that it hits first, a submission may go on to use up its time.
        assert verdicts <= {*header.verdicts, Verdict.TIMED_OUT}, told
        assert verdicts & set(header.verdicts), told
    assert bool(lines) or not header.runs, "it did not run"
    assert not header.refused or lines
    if header.refused:
        assert [] == [line for line in lines if "refused" not in line]
    assert replayed.world.secret not in graded.evidence.output
    feedback = read_by_the_student(graded)
    assert replayed.world.secret not in feedback
    assert LEAK not in feedback


def test_the_world_is_untouched(replayed: Replayed) -> None:
    """Files, folders and sockets are as they were, the sibling runs, and nothing else does."""
    assert [] == replayed.world.touched()
    assert () == replayed.batch.left


def test_neighbours_earn_what_they_should(replayed: Replayed) -> None:
    """An honest answer beside or after an attack passes every check, and its author reads the same."""
    neighbours = [graded.grade for name, graded in replayed.grades.items() if name.startswith("neighbour ")]
    assert len(neighbours) == (len(CORPUS) + EVERY - 1) // EVERY
    for grade in neighbours:
        assert (replayed.world.topic.points, ()) == (grade.score, grade.flags)
        assert {Verdict.PASSED} == {check.verdict for check in grade.checks}


def test_every_attack_has_an_entry(replayed: Replayed) -> None:
    """In the results of the run, whatever it did."""
    assert {attack.name for attack in CORPUS} <= set(replayed.grades)


def test_the_corpus_is_as_wide_as_promised() -> None:
    """At least eighty attacks, several of each class, none twice."""
    kinds = Counter(attack.kind for attack in CORPUS)
    assert set(CLASSES) == set(kinds)
    assert min(kinds.values()) >= 4
    assert len(CORPUS) >= 80
    assert len({attack.header.tries for attack in CORPUS}) == len(CORPUS)
