"""How often a mistake is named, and named right.

``python -m grader.benchmarks.diagnosis convolution pooling --unseen FOLDER --mutants`` grades, by the path that grades
students, every known answer, every mutant of the reference, and what lies in ``FOLDER/<topic>/listed/<id>.py`` (the
mistake of that id, written by somebody else; ``<id>#2.py`` is another one), ``unlisted/`` and ``right/``. It prints
what was named otherwise than it should, and the counts. A mutant may happen to be a listed mistake: read them.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import msgspec

from grader.audit.mutants import make_mutants
from grader.autograde.child import open_workers
from grader.autograde.mistakes import Diagnosis
from grader.autograde.run import grade_all
from grader.autograde.submissions import Submission
from grader.core.answer import known_answers
from grader.core.course import open_topic
from grader.core.topic import Topic
from grader.sandbox.levels import best_level
from grader.session.recorder import Recorder
from grader.session.suite import Runner, run_suite
from grader.session.transport import WorkerTransport
from grader.wire.messages import Cell


class Trial(msgspec.Struct, frozen=True):
    """A submission, and the mistake that it makes; empty for none that is known."""

    kind: str
    name: str
    text: str
    mistake: str = ""


def trials(topic: Topic, unseen: Path | None, mutants: bool) -> Iterator[Trial]:
    """Everything to try on ``topic``."""
    for answer in known_answers(topic):
        yield Trial("known", answer.name, answer.text, answer.header.mistake)
    for number, mutant in enumerate(make_mutants(topic) if mutants else (), start=1):
        yield Trial("mutant", f"{number}: {mutant.change}", mutant.text)
    for file in sorted((unseen / topic.slug).glob("*/*.py")) if unseen is not None else ():
        kind = file.parent.name
        yield Trial(
            kind, file.stem, file.read_text(encoding="utf-8"), file.stem.split("#")[0] if kind == "listed" else ""
        )


def count(topic: Topic, tried: list[Trial], jobs: int) -> Counter[tuple[str, str]]:
    """Grade them all; prints what is not as it should be, and counts by kind and by what was said."""
    submissions = [
        Submission(str(n), f"{topic.slug}.py", hashlib.sha256(trial.text.encode()).hexdigest(), (_cell(topic, trial),))
        for n, trial in enumerate(tried)
    ]
    counts: Counter[tuple[str, str]] = Counter()
    for graded in grade_all(topic, submissions, best_level(), jobs):
        trial = tried[int(graded.grade.student)]
        named = [mistake.id for mistake in graded.grade.mistakes]
        if named == ([trial.mistake] if trial.mistake else []):
            said = "right"
        elif trial.mistake in named:
            said = "and others"
        else:
            said = "wrong" if named else "unnamed"
        counts[trial.kind, said] += 1
        if said != "right":
            print(f"  {topic.slug} {trial.kind} {trial.name}: {', '.join(named) or 'not named'}")
    return counts


def _cell(topic: Topic, trial: Trial) -> Cell:
    return Cell(trial.text, f"{topic.slug}.py")


def cost(slug: str) -> None:
    """Print what naming costs over the known wrong answers, beside running the suite on them; what is known is read."""
    topic, level = open_topic(slug), best_level()

    def body(runner: Runner) -> None:
        source = open_workers(topic, level)
        diagnosis = Diagnosis(runner, level)
        plain = recorded = named = 0.0

        def connect() -> WorkerTransport:
            return WorkerTransport(source, topic.config.limits.submission_seconds)

        for answer in known_answers(topic):
            load = runner.load_message([Cell(answer.text, topic.reference.name)], False)
            for warm in (False, True):
                times = [time.perf_counter()]
                runner.run(load, connect)
                times.append(time.perf_counter())
                recorder = Recorder()
                run = runner.run(load, connect, recorder=recorder)
                times.append(time.perf_counter())
                if recorder.exchanges:
                    diagnosis.name(run, recorder, connect)
                times.append(time.perf_counter())
                if warm and not answer.header.right:
                    plain, recorded, named = (
                        total + times[n + 1] - times[n] for n, total in enumerate((plain, recorded, named))
                    )
        source.close()
        print(
            f"  {topic.slug}: the suite on all known mistakes {plain:.2f} s, with a recorder {recorded:.2f} s, "
            f"naming {named:.2f} s ({named / plain:.1%})",
            flush=True,
        )

    run_suite(topic, body)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="+")
    parser.add_argument("--unseen", type=Path)
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("--cost", action="store_true", help="what it costs, and nothing else")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    total: Counter[tuple[str, str]] = Counter()
    if options.cost:
        # Each in a process of its own: suites have modules of the same names.
        with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as sessions:
            for _ in sessions.map(cost, options.topics):
                pass
        return
    for slug in options.topics:
        topic = open_topic(slug)
        total += count(topic, list(trials(topic, options.unseen, options.mutants)), options.jobs)
    for kind in sorted({kind for kind, _ in total}):
        said = {word: number for (each, word), number in total.items() if each == kind}
        words = ", ".join(f"{number} {word}" for word, number in sorted(said.items()))
        print(f"{kind:9} {sum(said.values()):4}: {words} ({said.get('right', 0) / sum(said.values()):.1%} right)")


if __name__ == "__main__":
    main()
