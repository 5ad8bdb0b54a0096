"""``course hint TOPIC [TASK]``."""

from __future__ import annotations

import click

from course.cli.form import form_option, say, tell_notes


@click.command("hint")
@click.argument("topic")
@click.argument("task", required=False)
@form_option
def command(topic: str, task: str | None, form: str) -> int:
    """The next hint for TASK, or for the first task that does not pass yet; each time a stronger one."""
    from course.checks.hints import next_hint
    from course.checks.progress import first_open_task
    from grader.core.course import course_root, open_exercise
    from grader.core.memory import Memory
    from grader.report.results import tame_json

    root = course_root()
    exercise = open_exercise(topic, root)
    memory = Memory(root)
    hint = next_hint(exercise, task or first_open_task(exercise, memory), memory)
    if form == "json":
        click.echo(tame_json(hint), nl=False)
        tell_notes(memory.notes, form)
        return 0
    say(f"{hint.task}, hint {hint.number} of {hint.of}: {hint.text}")
    if hint.again:
        say(f"That is the strongest. The lesson, exercises/{topic}/README.md, has a worked example.")
    tell_notes(memory.notes, form)
    return 0
