"""Questions to the person at the terminal, or to whatever is piped in: the end of input means to stop."""

from __future__ import annotations

import sys
from collections.abc import Collection

import click
from rich.console import Console
from rich.markdown import Markdown


def console() -> Console:
    """Where verbs of the study half write; as wide as the terminal, 100 columns without one."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100, highlight=False)


def show(text: str, out: Console) -> None:
    """Write Markdown with formulae."""
    from course.study.markup import to_terminal

    out.print(Markdown(to_terminal(text)))


def ask(prompt: str, allowed: Collection[str]) -> str | None:
    """One of ``allowed`` (lower case), asked for until it comes; None for q or at the end of input."""
    while True:
        line = _line(prompt)
        if line is None or line.strip().lower() == "q":
            return None
        if line.strip().lower() in allowed:
            return line.strip().lower()
        click.echo(f"please answer {', '.join(sorted(filter(None, allowed)))} (q ends)")


def pause(prompt: str) -> bool:
    """Wait for Enter; False for q or at the end of input."""
    line = _line(prompt)
    return line is not None and line.strip().lower() != "q"


def ask_text(prompt: str) -> str | None:
    """Lines up to an empty one; None for a lone q or at the end of input."""
    click.echo(prompt)
    lines: list[str] = []
    while True:
        line = _line("> ")
        if line is None or (not lines and line.strip().lower() == "q"):
            return "\n".join(lines) if lines else None
        if not line.strip():
            return "\n".join(lines)
        lines.append(line)


def _line(prompt: str) -> str | None:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        # Nobody pressed Enter, so the line is still open.
        click.echo()
    return line.rstrip("\n") if line else None
