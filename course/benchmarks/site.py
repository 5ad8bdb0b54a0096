"""What a page of the study site costs: ``python -m course.benchmarks.site``.

Every page of the course is asked for in one process, by a student who has done something of everything: the first time,
and then several times over. A page's time is processor time, the asking included, so that other work on the machine
does not show; its weight is in bytes, with the files that it loads. The exit code is 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from starlette.testclient import TestClient

from course.content import LEVELS, cards
from course.reviews.released import all_reviews, read_key
from course.site.app import create_app
from course.study import exam, interview, schedule
from course.study.log import StudyLog, study_file
from grader.core.course import course_root
from grader.core.topic import find_topics

HOME: Final = "http://127.0.0.1:8765"
SLOWEST: Final = 100.0
"""Milliseconds that a page may take."""
HEAVIEST: Final = 200_000
"""Bytes that a page may weigh with all that it loads."""
_LOADED: Final = re.compile(r'<(?:script|img)[^>]* src="([^"]+)"|<link rel="(?:stylesheet|icon)" href="([^"]+)"')


class Visit(msgspec.Struct, frozen=True):
    """A page, and the form that leads to it, if one does."""

    path: str
    form: Mapping[str, str] | None = None


class Cost(msgspec.Struct, frozen=True):
    """What a page costs: milliseconds the first time and in the median of the later ones, and bytes."""

    visit: Visit
    first: float
    median: float
    weight: int

    @property
    def within(self) -> bool:
        """Whether both targets are met, the first time too."""
        return max(self.first, self.median) <= SLOWEST and self.weight <= HEAVIEST


def live_in(root: Path, now: datetime) -> list[Visit]:
    """Fill the log of the course in ``root`` with a month's work; returns every page that it then has."""
    log = StudyLog(study_file(root))
    for place, card in enumerate(cards()):
        at = now - timedelta(days=place % 30)
        log.rate(card.id, "good", schedule.review(None, "good", at), at)
    for seed in range(20):
        drawn = exam.draw(seed, 20)
        number = log.begin_exam(drawn, now)
        for place, item in enumerate(drawn.items):
            log.answer(number, drawn, place, exam.Answer(item.answer if place % 3 else None, float(place)))
        log.finish_exam(number, now)
    ended = number
    running = log.begin_exam(exam.draw(99, 20), now)
    for level in LEVELS:
        talk = interview.begin(7, level, 90, now=now)
        while interview.upcoming(talk) is not None:
            talk = interview.answered(talk, "a kernel slides", 0.5, now=now)
        log.save_interview(log.begin_interview(talk, now), talk, now)
    reviews = all_reviews(root)
    marked = {review.slug: read_key(review).bugs[0] for review in reviews}
    paths = ["/", "/questions", "/cards", "/test", "/reviews", "/interview", "/history", "/explorer"]
    paths += [f"/test/{ended}", f"/test/{running}", "/nothing-here"]
    paths += [f"/topics/{topic.slug}" for topic in find_topics(root / "exercises")]
    paths += [f"/questions/{number}" for number in range(1, 27)]
    paths += [f"/reviews/{review.slug}" for review in reviews]
    return [
        *(Visit(path) for path in paths),
        Visit("/questions/1", {"answer": "The same weights slide over the whole picture."}),
        Visit("/cards", {"card": cards()[0].id, "rating": "good"}),
        *(Visit(f"/reviews/{slug}", {f"line-{bug.lines[0]}": bug.kinds[0]}) for slug, bug in marked.items()),
    ]


def cost_of(client: TestClient, visit: Visit, rounds: int, clock: Callable[[], float] = time.process_time) -> Cost:
    """Ask for a page once and ``rounds`` times more; ``clock`` counts seconds."""
    sizes: dict[str, int] = {}
    spent = []
    for _ in range(1 + rounds):
        begun = clock()
        answer = client.post(visit.path, data=visit.form) if visit.form else client.get(visit.path)
        spent.append(1000 * (clock() - begun))
        if answer.status_code not in (200, 404):
            raise SystemExit(f"{visit.path} answers {answer.status_code}")
    for match in _LOADED.finditer(answer.text):
        loaded = match[1] or match[2]
        sizes[loaded] = len(client.get(loaded).content)
    weight = len(answer.content) + sum(sizes.values())
    return Cost(visit, spent[0], statistics.median(spent[1:]) if rounds else spent[0], weight)


def costs(root: Path, rounds: int) -> list[Cost]:
    """The cost of every page over the course in ``root``, which is copied first."""
    with tempfile.TemporaryDirectory(prefix="stride-site-") as folder:
        copy = Path(folder)
        shutil.copytree(root / "exercises", copy / "exercises")
        visits = live_in(copy, datetime.now(UTC))
        with TestClient(create_app(copy), base_url=HOME, headers={"origin": HOME}) as client:
            return [cost_of(client, visit, rounds) for visit in visits]


def told(found: Sequence[Cost]) -> list[str]:
    """A table of the dearest pages of each kind, then of all together, and those that miss a target."""
    kinds: dict[str, list[Cost]] = {}
    for cost in found:
        part = cost.visit.path.split("/")
        name = f"/{part[1]}/…" if len(part) > 2 else cost.visit.path
        kinds.setdefault(name + (" (form)" if cost.visit.form else ""), []).append(cost)
    lines = [f"{'pages':<22} count  first ms  median ms  weight kB   (the dearest of each kind)"]
    for name, own in [*kinds.items(), ("all", list(found))]:
        lines.append(
            f"{name:<22} {len(own):>5}  {max(one.first for one in own):>8.1f}  {max(one.median for one in own):>9.1f}"
            f"  {max(one.weight for one in own) / 1000:>9.1f}"
        )
    lines += [f"MISSED: {one.visit.path}" for one in found if not one.within]
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="how often each page is asked for again [default: 9]")
    options = parser.parse_args(arguments)
    found = costs(course_root(), max(options.rounds, 0))
    print("\n".join(told(found)))
    return 0 if all(one.within for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
