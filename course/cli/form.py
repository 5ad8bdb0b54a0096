"""``--format``: for people or for scripts."""

from __future__ import annotations

from collections.abc import Sequence

import click

form_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


def tell_notes(notes: Sequence[str], form: str) -> None:
    """Print what was noticed on the way; apart from JSON, if that is what is printed."""
    for note in notes:
        click.echo(f"note: {note}", err=form == "json")
