"""``python -m course.figures [--check]``."""

from __future__ import annotations

import sys

import click

from course.figures.catalogue import FIGURES
from course.figures.reference import ROOT


@click.command()
@click.option("--check", is_flag=True, help="change nothing; exit code 1 if a figure is stale")
def main(check: bool) -> None:
    """Draw all figures of all lessons; `grader release` then takes them to exercises/."""
    stale = []
    for figure in FIGURES:
        drawn = figure.draw().render().encode()
        if not figure.file.is_file() or figure.file.read_bytes() != drawn:
            stale.append(figure)
            if not check:
                figure.file.parent.mkdir(exist_ok=True)
                figure.file.write_bytes(drawn)
    for figure in stale:
        click.echo(f"{figure.file.relative_to(ROOT).as_posix()} {'is stale' if check else 'written'}")
    if check and stale:
        click.echo("run `python -m course.figures` to mend it")
        sys.exit(1)
    click.echo(f"current: {len(FIGURES)} figures")


if __name__ == "__main__":
    main()
