"""Every message between a session and a worker, and between a session and its zygote.

What comes from a worker forbids unknown fields and is decoded against the exact type: anything else is a WireError.
"""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from grader.core.errors import WireError
from grader.wire.scan import refuse_crowds
from grader.wire.values import Value

SEED: Final = 0
"""What every worker's shared generators begin with: a grade depends on no draw."""


class Cell(msgspec.Struct, frozen=True):
    """A piece of a submission: a whole file, or one code cell; ``label`` is the file name in tracebacks."""

    text: str
    label: str


class Ban(msgspec.Struct, frozen=True):
    """A dotted name the submission may not use, and what it may use instead."""

    name: str
    instead: str


# ---------------------------------------------------------------------------------------- session to worker


class Load(msgspec.Struct, frozen=True, tag=True):
    """The first message: what to compile. ``notebook`` turns on IPython syntax and cell-wise survival.

    ``seed`` is what the generators that a process shares begin with: one number, but where chance is looked for.
    """

    module: str
    cells: tuple[Cell, ...]
    notebook: bool = False
    support: str | None = None
    probes: str | None = None
    banned: tuple[Ban, ...] = ()
    seed: int = SEED


class Run(msgspec.Struct, frozen=True, tag=True):
    """Run what was compiled: from here on the worker is the submission's."""


class Call(msgspec.Struct, frozen=True, tag=True):
    """Call the submission's ``name``, or the probe ``name``, or the object behind ``handle``.

    ``echo`` asks for the arguments as they are after the call.
    """

    number: int
    args: list[Value]
    kwargs: dict[str, Value]
    name: str = ""
    probe: bool = False
    handle: int | None = None
    echo: bool = False


class Attribute(msgspec.Struct, frozen=True, tag=True):
    """Read a public attribute of a handle."""

    number: int
    handle: int
    name: str


class Items(msgspec.Struct, frozen=True, tag=True):
    """Iterate a handle for at most ``limit`` items."""

    number: int
    handle: int
    limit: int


# ---------------------------------------------------------------------------------------- worker to session


class _FromWorker(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """What a submission may have forged."""


class Place(_FromWorker, frozen=True):
    """A line of the submission: the number of its cell from 0, and of the line in it from 1."""

    cell: int
    line: int


class Loaded(_FromWorker, frozen=True):
    """The module ran; ``notes`` tell of cells that were skipped or raised."""

    notes: tuple[str, ...] = ()


class Parsed(_FromWorker, frozen=True):
    """The text is Python and uses no banned name that a scan can find; nothing has run yet."""


class Unparsable(_FromWorker, frozen=True):
    """The text is no Python. An answer to Load only: nothing of the submission has run that could have forged it."""

    reason: str
    place: Place | None


class Forbidden(_FromWorker, frozen=True):
    """A banned name is used; ``number`` is 0 when the scan found it before anything ran."""

    number: int
    name: str
    place: Place | None


class Returned(_FromWorker, frozen=True):
    """A call's value; ``after`` the arguments after it, where asked for."""

    number: int
    value: Value
    after: list[Value] | None = None


class Raised(_FromWorker, frozen=True):
    """A call, or loading (number 0), raised. ``bases`` are the built-in classes of the exception, nearest first."""

    number: int
    bases: tuple[str, ...]
    text: str
    place: Place | None
    trace: str


class Missing(_FromWorker, frozen=True):
    """The module has no such name (``absent``), or it is not callable."""

    number: int
    name: str
    absent: bool


class Unsendable(_FromWorker, frozen=True):
    """The value returned can't cross: too deep, too many elements, too many bytes."""

    number: int
    reason: str


NO_MEMORY = 12
"""The status (ENOMEM) with which a worker exits that has not even the memory to answer."""


# ---------------------------------------------------------------------------------------- session to zygote


class Policy(msgspec.Struct, frozen=True):
    """What a worker is confined to. ``scratch`` is its private directory; sizes are in bytes, times in seconds."""

    level: str
    readable: tuple[str, ...]
    scratch: str
    scratch_bytes: int
    memory_bytes: int
    cpu_seconds: int


class Start(msgspec.Struct, frozen=True, tag=True):
    """The zygote's first message: what to import, with what optimizers need or without, and its workers' policy."""

    runtime: str
    trains: bool
    policy: Policy


class Fork(msgspec.Struct, frozen=True, tag=True):
    """Fork a worker; its socket and its output file come with the message, and the cgroup it is to be in, if any."""

    number: int


# ---------------------------------------------------------------------------------------- zygote to session


class Ready(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The zygote has imported its runtime; from a worker, before it has read a student's byte: it is confined."""


class Forked(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A worker runs; its pidfd comes with the message."""

    number: int


class Exited(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A worker ended: ``status`` as from ``wait``, CPU seconds and peak resident bytes."""

    number: int
    status: int
    cpu_seconds: float
    max_rss: int


class Broken(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The zygote, or the confinement of a worker, failed: the host's fault, never the student's."""

    reason: str


Request = Call | Attribute | Items
ToWorker = Load | Run | Request
FromWorker = Parsed | Loaded | Unparsable | Forbidden | Returned | Raised | Missing | Unsendable
ToZygote = Start | Fork
FromZygote = Ready | Forked | Exited | Broken

T = TypeVar("T")

_encoder = msgspec.msgpack.Encoder()
_to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
_to_zygote: msgspec.msgpack.Decoder[ToZygote] = msgspec.msgpack.Decoder(ToZygote)
_from_zygote: msgspec.msgpack.Decoder[FromZygote] = msgspec.msgpack.Decoder(FromZygote)


def encode(message: ToWorker | FromWorker | ToZygote | FromZygote) -> bytes:
    """The bytes of ``message``, to be put into one frame; WireError if a text in it has half a surrogate pair."""
    try:
        return _encoder.encode(message)
    except UnicodeEncodeError:
        raise WireError("a text with half a surrogate pair can't cross outside a value") from None


def decode_to_worker(data: bytes | bytearray) -> ToWorker:
    """A message from the session, as the worker reads it."""
    return _decode(_to_worker, data)


def decode_from_worker(data: bytes | bytearray) -> FromWorker:
    """A message from a worker; WireError on anything that is not exactly one."""
    return _decode(_from_worker, data)


def decode_to_zygote(data: bytes | bytearray) -> ToZygote:
    """A message from the session, as the zygote reads it."""
    return _decode(_to_zygote, data)


def decode_from_zygote(data: bytes | bytearray) -> FromZygote:
    """A message from a zygote; WireError on anything that is not exactly one."""
    return _decode(_from_zygote, data)


def _decode(decoder: msgspec.msgpack.Decoder[T], data: bytes | bytearray) -> T:
    refuse_crowds(data)
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise WireError(f"not a message: {type(error).__name__}") from None
