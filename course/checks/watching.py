"""What ``course watch`` does about a save or a key: decisions only, no terminal, no files watched, no threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from course.checks.progress import Row, next_topic

KEYS = "h hint · n next topic · l list · q quit"


class Saved(msgspec.Struct, frozen=True):
    """A student's file of a topic changed on disk."""

    topic: str


class Pressed(msgspec.Struct, frozen=True):
    """A key was pressed; anything that is no key of ours counts as none."""

    key: str


class Stopped(msgspec.Struct, frozen=True):
    """Whoever watches files or keys came to an end."""


Event = Saved | Pressed | Stopped


class Do(msgspec.Struct, frozen=True):
    """What to do next, with ``topic`` the one it is about."""

    what: Literal["check", "hint", "list", "quit", "nothing"]
    topic: str


def decide(event: Event, current: str, rows: Sequence[Row]) -> Do:
    """What follows from an event while ``current`` is the topic on the screen.

    A save of another topic makes that one current; ``n`` goes on to the next that is not done.
    """
    if isinstance(event, Saved):
        return Do("check", event.topic)
    if isinstance(event, Stopped):
        return Do("quit", current)
    key = event.key.lower()
    if key == "n":
        following = next_topic(rows, current)
        return Do("check", following) if following else Do("list", current)
    # Ctrl-C and Ctrl-D, where a terminal hands them over as characters.
    quit_keys = {"q", "\x03", "\x04"}
    what: Literal["hint", "list", "quit", "nothing"] = "nothing"
    if key in quit_keys:
        what = "quit"
    elif key == "h":
        what = "hint"
    elif key == "l":
        what = "list"
    return Do(what, current)


def latest(events: Sequence[Event]) -> list[Event]:
    """``events`` without the saves that a later save of the same topic makes stale; a quit ends the list."""
    kept: list[Event] = []
    for number, event in enumerate(events):
        if isinstance(event, Saved) and event in events[number + 1 :]:
            continue
        kept.append(event)
        if isinstance(event, Stopped):
            break
    return kept
