"""``grader release [TOPIC ...]``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.command("release")
@click.argument("topics", nargs=-1)
@click.option("--to", type=click.Path(path_type=Path), default=None, help="write the whole bundle into a new folder")
@click.option("--check", is_flag=True, help="change nothing; exit code 1 if a twin is stale")
@options.format_
def command(topics: tuple[str, ...], to: Path | None, check: bool, format_: str) -> int:
    """Derive exercises/ from solutions/ for each TOPIC (all by default), or write the bundle that students get."""
    from grader.autograde.public import is_current, make_current
    from grader.core.course import course_root
    from grader.release.bundle import write_bundle
    from grader.release.twin import MISTAKES, stale, write_twin

    if to is not None and check:
        raise click.UsageError("--to and --check exclude each other")
    root = course_root()
    named = options.topics_named(topics)
    slugs = [topic.slug for topic in named]
    if not check:
        for topic in named:
            make_current(topic)
    if to is not None:
        files = write_bundle(root, to, named)
        if format_ == "json":
            options.print_json({"topics": slugs, "to": str(to), "files": len(files)})
        else:
            click.echo(f"{len(files)} files in {to}: hand out this folder, nothing else")
        return 0
    if not check:
        for topic in named:
            write_twin(topic, root / "exercises")
        if format_ == "json":
            options.print_json({"topics": slugs, "stale": []})
        else:
            click.echo(f"current: {', '.join(slugs)}")
        return 0
    faults = [fault for topic in named for fault in stale(topic, root / "exercises")]
    faults += [
        f"{topic.slug}/{MISTAKES} knows mistakes that have changed since" for topic in named if not is_current(topic)
    ]
    if not topics:
        known = {topic.slug for topic in named}
        folders = (root / "exercises").iterdir() if (root / "exercises").is_dir() else ()
        faults += [f"{path.name} has no topic in solutions/" for path in folders if path.name not in known]
    if format_ == "json":
        options.print_json({"topics": slugs, "stale": [f"exercises/{fault}" for fault in faults]})
        return 1 if faults else 0
    for fault in faults:
        click.echo(f"exercises/{fault}")
    click.echo("run `grader release` to mend it" if faults else f"current: {len(named)} topics")
    return 1 if faults else 0
