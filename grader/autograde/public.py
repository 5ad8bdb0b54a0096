"""``mistakes.json`` of a topic: made by running its known answers on the public checks, when either has changed."""

from __future__ import annotations

from grader.autograde.child import open_workers
from grader.autograde.mistakes import run_known
from grader.core.answer import KnownAnswer, known_answers
from grader.core.errors import SandboxError
from grader.core.topic import Topic
from grader.diagnosis.public import MISTAKES, PublicMistakes, derive_public, made_from, read_public, write_public
from grader.sandbox.levels import best_level
from grader.session.suite import Runner, run_suite
from grader.session.transport import WorkerTransport


def is_current(topic: Topic) -> bool:
    """Whether the file was made from what the topic holds now; none is needed without a known mistake.

    Nothing is run for it. CourseError if a known answer's header can't be read.
    """
    answers = _wanted(topic)
    file = topic.path / MISTAKES
    if not answers:
        return not file.exists()
    public = read_public(file.read_bytes()) if file.is_file() else None
    return public is not None and public.made_from == made_from(topic, answers)


def make_current(topic: Topic) -> None:
    """Write the file anew where it is not current; GraderError if the topic or the host fails.

    Known answers are the author's own code: a host that can't confine them runs them all the same.
    """
    if is_current(topic):
        return
    answers = _wanted(topic)
    if not answers:
        (topic.path / MISTAKES).unlink()
        return
    made: list[PublicMistakes] = []

    def body(runner: Runner) -> None:
        source = open_workers(topic, _level())
        limit = topic.config.limits.submission_seconds
        try:
            tasks = {spec.id: spec.task for spec in runner.specs}
            traced = run_known(runner, answers, lambda: WorkerTransport(source, limit))
            made.append(derive_public(traced, tasks, made_from(topic, answers)))
        finally:
            source.close()

    run_suite(topic, body, public_only=True)
    (topic.path / MISTAKES).write_bytes(write_public(made[0]))


def _wanted(topic: Topic) -> list[KnownAnswer]:
    """The known answers, if there is a wrong one among them and a public suite to try it on."""
    if topic.config.kind == "review" or not (topic.tests / "test_public.py").is_file():
        return []
    answers = known_answers(topic)
    return [] if all(answer.header.right for answer in answers) else answers


def _level() -> str:
    try:
        return best_level()
    except SandboxError:
        return "none"
