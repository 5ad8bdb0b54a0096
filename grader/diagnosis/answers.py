"""What a call answered, taken apart into leaves, so that two answers can be compared part by part and kept on disk.

A leaf is one array, tensor, number, text or container by its place (``"1"``, ``"state/convs/0"``). Of a large array a
sample is kept: mistakes show in more than one element. Types count, and so do dtypes and shapes; what only the
submission chose, such as the class of an opaque object, does not.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, Final

import msgspec
import numpy as np

from grader.core.errors import WireError
from grader.core.topic import Tolerance
from grader.core.verdict import Verdict
from grader.wire import messages as m
from grader.wire import values as v
from grader.wire.limits import ARRAY_DTYPES, TORCH_DTYPES

Exchange = tuple[m.ToWorker, m.FromWorker | Verdict]
"""A request to the worker with its reply, or with the verdict of the fault that came instead."""

SAMPLE: Final = 512
"""How many elements of an array are kept."""

MOST_LEAVES: Final = 2_000
"""How many parts of one answer are looked at; suites compare far fewer."""


class Leaf(msgspec.Struct, frozen=True, array_like=True):
    """One part of an answer: its place, its kind with dtype and shape, and its (sampled) data."""

    place: str
    kind: str
    data: bytes = b""

    @property
    def numbers(self) -> np.ndarray[Any, Any] | None:
        """The data as numbers; None for what is none."""
        dtype = self.kind.split(" ")[1] if self.kind.startswith(("array ", "tensor ", "number ")) else ""
        return np.frombuffer(self.data, dtype) if dtype else None


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """One call: a digest of what was asked, and the leaves of the answer; a fault is a leaf of kind ``raised``."""

    asked: bytes
    leaves: tuple[Leaf, ...]


def answers_of(exchanges: Iterable[Exchange]) -> tuple[Answer, ...]:
    """The answers of one case, in the order of its calls; an object that is gone through at once is a tuple."""
    answers: list[Answer] = []
    for request, reply in exchanges:
        leaves = tuple(_answered(reply))
        if isinstance(request, m.Items) and answers and _is_object(answers[-1]) and leaves[0].kind.startswith("List "):
            # A named tuple, say, which crosses in two steps.
            first = msgspec.structs.replace(leaves[0], kind=leaves[0].kind.replace("List", "Tuple"))
            answers[-1] = Answer(answers[-1].asked, (first, *leaves[1:]))
        else:
            answers.append(Answer(_asked(request), leaves))
    return tuple(answers)


def _is_object(answer: Answer) -> bool:
    return len(answer.leaves) == 1 and answer.leaves[0].kind == "object"


def agree(one: Leaf, other: Leaf, tolerance: Tolerance) -> bool:
    """Whether two leaves of one place are the same within ``tolerance``, taken relative to the largest number.

    One exception is as good as another: which it is depends on how the code was written.
    """
    if one.kind.startswith("raised ") and other.kind.startswith("raised "):
        return True
    if one.kind != other.kind:
        return False
    if one.data == other.data:
        return True
    a, b = one.numbers, other.numbers
    return a is not None and b is not None and bool(close(a, b, tolerance).all())


def close(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any], tolerance: Tolerance) -> np.ndarray[Any, Any]:
    """Which elements are the same; a NaN is like a NaN, for here both are answers and neither is expected."""
    if a.dtype.kind not in "fc":
        return np.asarray(a == b)
    with np.errstate(all="ignore"):
        finite = np.isfinite(b)
        scale = np.abs(b[finite]).max(initial=0.0)
        near = np.abs(a - b) <= tolerance.atol + tolerance.rtol * scale
        return np.asarray((a == b) | (near & finite) | (np.isnan(a) & np.isnan(b)))


def differences(one: Sequence[Leaf], other: Sequence[Leaf], tolerance: Tolerance) -> Iterator[str]:
    """The places at which two answers differ; where a container differs, its parts are not named."""
    if len(one) == len(other) == 1 and one[0].place == other[0].place:
        # One array for another: what is compared most often.
        if not agree(one[0], other[0], tolerance):
            yield one[0].place
        return
    mine = {leaf.place: leaf for leaf in one}
    theirs = {leaf.place: leaf for leaf in other}
    different: set[str] = set()
    for place in (*mine, *(place for place in theirs if place not in mine)):
        if place and parent(place) in different:
            different.add(place)
        elif place not in mine or place not in theirs or not agree(mine[place], theirs[place], tolerance):
            different.add(place)
            yield place


def same(one: Sequence[Leaf], other: Sequence[Leaf], tolerance: Tolerance) -> bool:
    """Whether two answers differ nowhere."""
    return next(differences(one, other, tolerance), None) is None


def parent(place: str) -> str:
    """The place of the container that holds ``place``; of the whole answer, itself."""
    return place.rpartition("/")[0]


def _asked(request: m.ToWorker) -> bytes:
    """A digest of a request; the number of an object says nothing, since each worker counts its own."""
    whole = hashlib.blake2b(digest_size=12)
    if isinstance(request, m.Call):
        what = "object" if request.handle is not None else request.name
        whole.update(f"call {what} {request.probe} {request.echo} {list(request.kwargs)}".encode("utf-8", "replace"))
        for argument in (*request.args, *request.kwargs.values()):
            for leaf in _leaves(argument, "", None):
                whole.update(f"{leaf.place} {leaf.kind} {len(leaf.data)} ".encode("utf-8", "replace") + leaf.data)
    elif isinstance(request, m.Attribute):
        whole.update(f"attribute {request.name}".encode("utf-8", "replace"))
    else:
        whole.update(b"items")
    return whole.digest()


def _answered(reply: m.FromWorker | Verdict) -> Iterator[Leaf]:
    if isinstance(reply, Verdict):
        yield Leaf("", f"fault {reply}")
    elif isinstance(reply, m.Raised):
        yield Leaf("", f"raised {reply.bases[0][:80] if reply.bases else 'something'}", _numbered(reply.text))
    elif isinstance(reply, m.Returned):
        try:
            parts = [_leaves(reply.value, "value", SAMPLE)]
            parts += [_leaves(after, f"after {n}", SAMPLE) for n, after in enumerate(reply.after or ())]
            leaves = list(islice(chain.from_iterable(parts), MOST_LEAVES))
        except WireError:
            # The session has ended the worker for it.
            leaves = [Leaf("", f"fault {Verdict.CRASHED}")]
        yield from leaves
    else:
        yield Leaf("", f"fault {type(reply).__name__}")


def _numbered(text: str) -> bytes:
    """An exception's words if they hold two numbers or more, such as the shapes that a library could not multiply."""
    return text[:300].encode("utf-8", "replace") if len(re.findall(r"[0-9]+", text[:300])) > 1 else b""


def same_numbers(one: Leaf, other: Leaf, tolerance: Tolerance) -> bool:
    """Whether two arrays of one shape hold the same numbers, whatever their dtypes."""
    a, b = one.numbers, other.numbers
    if a is None or b is None or one.kind.split(" ")[2:] != other.kind.split(" ")[2:]:
        return False
    wide = np.result_type(a.dtype, b.dtype, np.float64)
    return bool(close(a.astype(wide), b.astype(wide), tolerance).all())


def _leaves(value: v.Value, place: str, most: int | None) -> Iterator[Leaf]:
    """The leaves of a value on the wire, whatever it is: WireError if its data and its shape don't fit."""
    if place.count("/") > v.MAX_DEPTH:
        raise WireError(f"containers nested more than {v.MAX_DEPTH} deep")
    if value is None or isinstance(value, bool):
        yield Leaf(place, f"constant {value}")
    elif isinstance(value, int):
        yield Leaf(place, "integer", str(value).encode())
    elif isinstance(value, v.BigInt):
        yield Leaf(place, "integer", value.digits.encode("utf-8", "replace"))
    elif isinstance(value, float):
        yield Leaf(place, "number <f8", np.float64(value).tobytes())
    elif isinstance(value, v.Complex):
        yield Leaf(place, "number <c16", np.complex128(complex(value.real, value.imag)).tobytes())
    elif isinstance(value, str):
        yield Leaf(place, "text", value.encode("utf-8", "replace")[:4096])
    elif isinstance(value, v.Array):
        yield _array("array", place, _dtype(value.dtype), value.shape, value.data, most)
    elif isinstance(value, v.Tensor):
        yield _tensor(place, value, most)
    elif isinstance(value, v.Scalar):
        yield _scalar(place, value)
    elif isinstance(value, v.List | v.Tuple):
        yield Leaf(place, f"{type(value).__name__} of {len(value.items)}")
        for position, item in enumerate(value.items[:MOST_LEAVES]):
            yield from _leaves(item, f"{place}/{position}", most)
    elif isinstance(value, v.Dict):
        items = sorted((_key(key), item) for key, item in value.items) if _sortable(value) else []
        yield Leaf(place, f"Dict of {len(value.items)}", "\n".join(key for key, _ in items).encode("utf-8", "replace"))
        for key, item in items[:MOST_LEAVES]:
            yield from _leaves(item, f"{place}/{key}", most)
    elif isinstance(value, v.HandleRef):
        yield Leaf(place, "object")
    else:
        yield Leaf(place, type(value).__name__, msgspec.msgpack.encode(value)[:4096])


def _sortable(value: v.Dict) -> bool:
    keys = [_key(key) for key, _ in value.items]
    return len(set(keys)) == len(keys)


def _key(key: v.Value) -> str:
    return repr(key).replace("/", "∕")[:200]


def _dtype(name: str) -> np.dtype[Any]:
    if name not in ARRAY_DTYPES:
        raise WireError("an array dtype that may not cross")
    return np.dtype(name)


def _array(kind: str, place: str, dtype: np.dtype[Any], shape: tuple[int, ...], data: bytes, most: int | None) -> Leaf:
    if math.prod(shape) * dtype.itemsize != len(data):
        raise WireError("array data whose size does not fit its shape")
    native = dtype.newbyteorder("<")
    array = np.frombuffer(data, dtype)
    if most is not None and array.size > most:
        array = array[_sample(array.size)]
    words = f"{kind} {native.str} {'x'.join(map(str, shape))}"
    return Leaf(place, words, array.astype(native, copy=False).tobytes())


def _tensor(place: str, value: v.Tensor, most: int | None) -> Leaf:
    if value.dtype not in TORCH_DTYPES:
        raise WireError("a tensor dtype that may not cross")
    if value.dtype == "bfloat16":
        # NumPy has none: the upper half of a float32.
        wide = (np.frombuffer(value.data, "<u2").astype("<u4") << 16).view("<f4")
        leaf = _array("tensor", place, np.dtype("<f4"), value.shape, wide.tobytes(), most)
        return msgspec.structs.replace(leaf, kind=f"{leaf.kind} bfloat16")
    return _array("tensor", place, np.dtype(value.dtype), value.shape, value.data, most)


def _scalar(place: str, value: v.Scalar) -> Leaf:
    """A NumPy scalar is what Python's own number is, as it is to checks."""
    dtype = _dtype(value.dtype)
    if dtype.itemsize != len(value.data):
        raise WireError("a scalar whose data does not fit its dtype")
    number = np.frombuffer(value.data, dtype)[0]
    if dtype.kind == "b":
        return Leaf(place, f"constant {bool(number)}")
    if dtype.kind in "iu":
        return Leaf(place, "integer", str(int(number)).encode())
    wide = np.complex128 if dtype.kind == "c" else np.float64
    return Leaf(place, f"number {np.dtype(wide).str}", wide(number).tobytes())


@cache
def _sample(size: int) -> np.ndarray[Any, Any]:
    """Places spread at random, the same for every array of ``size``: even spacing would miss whole columns."""
    return np.sort(np.random.default_rng(size).choice(size, SAMPLE, replace=False))
