"""``course reset TOPIC``."""

from __future__ import annotations

import click


@click.command("reset")
@click.argument("topic")
def command(topic: str) -> int:
    """Put a fresh stub, and a fresh notebook, in place of yours; your old files are kept beside them."""
    from course.checks.reset import replace_kept, reset_stub
    from grader.core.course import course_root, open_exercise
    from grader.core.memory import Memory
    from grader.core.work import pristine_stub
    from grader.release.notebook import make_notebook

    root = course_root()
    exercise = open_exercise(topic, root)
    stub = pristine_stub(exercise)
    lesson = (exercise.path / "README.md").read_text(encoding="utf-8", errors="replace")
    notebook = make_notebook(stub, lesson, exercise.slug, [task.name for task in exercise.config.tasks])
    file = exercise.reference
    existed = {path: path.exists() for path in (file, file.with_suffix(".ipynb"))}
    kept = {file: reset_stub(exercise), file.with_suffix(".ipynb"): replace_kept(file.with_suffix(".ipynb"), notebook)}
    for path, old in kept.items():
        if old is not None:
            click.echo(f"{path.name} is fresh again; yours is {old.name}")
        else:
            click.echo(f"{path.name} is as it was released" + ("" if existed[path] else " again"))
    memory = Memory(root)
    memory.forget_check(exercise.slug)
    for note in memory.notes:
        click.echo(f"note: {note}")
    return 0
