"""What is printed: for people or for scripts (``--format``), and how wide."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence

import click

from grader.cli.options import columns

form_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


def tell_notes(notes: Sequence[str], form: str) -> None:
    """Print what was noticed on the way; apart from JSON, if that is what is printed."""
    for note in notes:
        if form == "json":
            click.echo(f"note: {note}", err=True)
        else:
            say(f"note: {note}")


def say(text: str) -> None:
    """Print ``text``; a terminal, which breaks lines anywhere, is given lines that fit it."""
    if sys.stdout.isatty():
        text = "\n".join(fitted(text, columns()))
    click.echo(text)


def fitted(text: str, width: int) -> Iterator[str]:
    """The lines of ``text``, those of more than ``width`` broken between words, what follows indented further."""
    for line in text.split("\n"):
        if len(line) <= width:
            yield line
            continue
        further = " " * (len(line) - len(line.lstrip()) + 2)
        yield from textwrap.wrap(
            line,
            width,
            subsequent_indent=further,
            expand_tabs=False,
            replace_whitespace=False,
            break_long_words=False,
            break_on_hyphens=False,
        )
