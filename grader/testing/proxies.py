"""What a check holds in place of the submission's own objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import msgspec


class Link(Protocol):
    """What a handle needs from the session to reach the object it stands for."""

    def call_handle(self, handle: Handle, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the object."""
        ...

    def attribute(self, handle: Handle, name: str) -> Any:
        """Read a public attribute of the object."""
        ...

    def items(self, handle: Handle, limit: int) -> list[Any]:
        """At most ``limit`` of what iterating the object gives."""
        ...


class Handle:
    """An object that stayed with the submission because it can't cross.

    It may be called, read by public attribute, iterated up to ``Handle.MAX_ITEMS``, and passed back as an argument.
    ``kind`` is the name of its class, which the submission chose: never evidence of anything.
    """

    MAX_ITEMS = 10_000

    __slots__ = ("_link", "kind", "number")

    def __init__(self, link: Link, number: int, kind: str) -> None:
        self._link = link
        self.number = number
        self.kind = kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object, in the worker."""
        return self._link.call_handle(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"a handle gives public attributes only, not {name!r}")
        return self._link.attribute(self, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._link.items(self, self.MAX_ITEMS))

    def __repr__(self) -> str:
        return f"<handle {self.number}: {self.kind}>"


class Echo(msgspec.Struct, frozen=True):
    """A call's value, with the arguments as sent and as they were in the worker after the call."""

    value: Any
    sent: tuple[Any, ...]
    after: tuple[Any, ...]
