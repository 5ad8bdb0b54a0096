"""Bytes that announce more than they are, nest, crowd or collide: at worst a WireError, and cheap."""

from __future__ import annotations

import contextlib
import struct
import tracemalloc
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.errors import WireError
from grader.tests.wire_bytes import DECODERS, EXAMPLES, pack, returned, values_in
from grader.wire import messages as m
from grader.wire import scan
from grader.wire import values as v
from grader.wire.codec import Codec


@contextlib.contextmanager
def at_most(size: int) -> Iterator[None]:
    """What happens inside takes no more than ``size`` bytes beyond what was there."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] - before <= size
    finally:
        tracemalloc.stop()


# ------------------------------------------------------------------------------------------------- size and depth

HUGE = b"\xff\xff\xff\xff"


@pytest.mark.parametrize(
    "value",
    [
        b"\xdd" + HUGE,
        b"\xdf" + HUGE,
        b"\xc6" + HUGE,
        b"\xdb" + HUGE,
        b"\xc9" + HUGE + b"\x01",
        b"\x92\xa4list\xdd" + HUGE,
        b"\x92\xa5tuple\xdd" + HUGE,
        b"\x92\xa4dict\xdd" + HUGE,
        b"\x92\xa5bytes\xc6" + HUGE,
        b"\x94\xa5array\xa3<f8\xdd" + HUGE,
        b"\x94\xa5array\xa3<f8\x91\x01\xc6" + HUGE,
        b"\x92\xa4size\xdd" + HUGE,
    ],
)
def test_a_huge_announced_length_costs_nothing(value: bytes) -> None:
    """Four thousand million elements that never come are refused in the memory of a few."""
    with at_most(2**16), pytest.raises(WireError, match="^not a message: "):
        m.decode_from_worker(returned(value))


@pytest.mark.parametrize(
    "prefix",
    [
        b"\x91",
        b"\x81\xa1a",
        b"\x92\xa4list\x91",
        b"\x92\xa5tuple\x91",
        b"\x92\xa4dict\x91\x92\xc0",
        b"\x94\xa5slice\xc0\xc0",
    ],
)
@pytest.mark.parametrize("depth", [33, 500, 5000, 300_000])
def test_deep_nesting_is_a_wire_error(prefix: bytes, depth: int) -> None:
    """However deep: Python's recursion limit is met in order."""
    for decode in DECODERS:
        with pytest.raises(WireError):
            Codec().unpack(*values_in(decode(returned(prefix * depth + b"\xc0"))))


@pytest.mark.parametrize("element", [b"\xc0", b"\xd0\x80", b"\x92\xa4list\x90", b"\x90", b"\x80"])
def test_a_crowd_is_refused_before_it_is_made(element: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """20 MiB of tiny values would be some 400 MiB of Python objects."""
    monkeypatch.setattr(scan, "MAX_HEADERS", 50_000)
    count = 20 * 2**20 // len(element)
    message = returned(b"\x92\xa4list\xdd" + struct.pack(">I", count) + element * count)
    with at_most(2**20), pytest.raises(WireError, match="^more than 50,000 values in one message$"):
        m.decode_from_worker(message)


def test_a_crowd_spread_over_lists_is_refused() -> None:
    """Counted over the whole message, not for each list."""
    inner = b"\x92\xa4list\xdc\xff\xff" + b"\xc0" * 65535
    message = returned(b"\x92\xa4list\xdc\x00\x40" + inner * 64)
    with pytest.raises(WireError, match="^more than 1,600,000 values in one message$"):
        m.decode_from_worker(message)


def test_large_honest_messages_are_no_crowd() -> None:
    """Both a big array and the largest crowd that may be packed arrive."""
    for value in (np.zeros(2**20), [np.zeros((1,) * 9)] * 9_990, [""] * 99_999, [2**70] * 60_000, [0.5j] * 99_999):
        reply = m.decode_from_worker(m.encode(m.Returned(1, Codec().pack(value)[0])))
        assert isinstance(reply, m.Returned)
        assert len(Codec().unpack(reply.value)[0]) == len(value)


_trees: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(),
        st.text(max_size=40),
        st.sampled_from([0, 1, 31, 32, 255, 256, 65535, 65536]).flatmap(lambda n: st.sampled_from([bytes(n), "x" * n])),
        st.builds(
            msgspec.msgpack.Ext,
            st.integers(-128, -2) | st.integers(0, 127),
            st.sampled_from([0, 1, 2, 3, 4, 8, 16, 17, 256, 65536]).map(bytes),
        ),
        st.sampled_from([15, 16, 65536]).map(lambda n: [None] * n),
        st.sampled_from([16, 65536]).map(lambda n: dict.fromkeys(range(n))),
    ),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=3), inner, max_size=5),
    max_leaves=10,
)


def headers(tree: Any) -> int:
    """How many values a tree holds, itself included."""
    if isinstance(tree, dict):
        return 1 + sum(headers(key) + headers(item) for key, item in tree.items())
    return 1 + sum(map(headers, tree)) if isinstance(tree, list) else 1


@settings(max_examples=EXAMPLES, deadline=None)
@given(_trees)
def test_the_scan_counts_every_value_once(tree: Any) -> None:
    """Whatever widths MessagePack chose for lengths and numbers."""
    data, count = pack(tree), headers(tree)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "MAX_HEADERS", count)
        scan.refuse_crowds(data)
        patch.setattr(scan, "MAX_HEADERS", count - 1)
        with pytest.raises(WireError):
            scan.refuse_crowds(data)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=100))
def test_the_scan_ends_on_any_bytes(data: bytes) -> None:
    """Noise is either counted or refused; what it is, the decoder says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "MAX_HEADERS", 10)
        with contextlib.suppress(WireError):
            scan.refuse_crowds(data)


# ------------------------------------------------------------------------------------------------- odd text


@pytest.mark.parametrize(
    "message",
    [m.Raised(1, ("ValueError",), "\ud800", None, ""), m.Call(1, [], {"\udfff": 1}), m.Loaded(("\ud800",))],
)
def test_half_a_surrogate_pair_is_a_wire_error(message: Any) -> None:
    """Only a value may hold one: no message's own text."""
    with pytest.raises(WireError, match="^a text with half a surrogate pair can't cross outside a value$"):
        m.encode(message)


# ------------------------------------------------------------------------------------------------- dict keys


@pytest.mark.parametrize(
    "keys",
    [
        [i * 2**44 for i in range(v.MAX_KEYS)],
        [2.0**-1074 * i for i in range(v.MAX_KEYS)],
        [2.0 ** (61 * i) for i in range(16)] + [i * (2**61 - 1) for i in range(-4, 4)],
        [-1, -2, -1.0, -2.0, True, 1, 1.0, 0, False, -0.0],
        [float("nan")] * 100,
    ],
    ids=["low bits equal", "subnormals", "equal hashes", "equal keys", "NaN"],
)
def test_colliding_keys_are_a_dict_all_the_same(keys: list[Any]) -> None:
    """Numbers whose hashes were chosen: at most ten thousand of them, in any number of buckets."""
    arrived = Codec().unpack(v.Dict([(key, None) for key in keys]))[0]
    assert list(arrived) == list(dict.fromkeys(keys)) or len(arrived) == len(keys)
