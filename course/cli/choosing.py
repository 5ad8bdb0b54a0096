"""Options that the verbs of the study half share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from course.content import LEVELS, TAGS
from course.study.errors import StudyError

levels = click.option("--level", "levels", multiple=True, type=click.Choice(LEVELS), help="only these levels")
tags = click.option("--tag", "tags", multiple=True, type=click.Choice(list(TAGS)), help="only these tags")
seed = click.option("--seed", type=int, default=None, help="draw what was drawn with this number")


def export(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--export FORMAT FILE``."""
    kind = (click.Choice(formats), click.Path(path_type=Path, dir_okay=False))
    return click.option("--export", type=kind, default=None, metavar="FORMAT FILE", help=f"write {', '.join(formats)}")


def drawn_seed(given: int | None) -> int:
    """The seed asked for, or a new one."""
    from random import SystemRandom

    return SystemRandom().randrange(1_000_000) if given is None else given


def write(file: Path, text: str) -> None:
    """Write an export; StudyError if the place can't be written."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StudyError(f"{file} can't be written: {error.strerror}") from None


def fits(level: str, own: Sequence[str], levels: Sequence[str], tags: Sequence[str]) -> bool:
    """Whether something of ``level`` with the tags ``own`` is asked for."""
    return (not levels or level in levels) and (not tags or bool(set(tags) & set(own)))
