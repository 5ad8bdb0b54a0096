"""Bytes from a worker are a message, or they are a WireError: nothing else, whatever they are."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.errors import WireError
from grader.tests import sendable
from grader.tests.wire_bytes import DECODERS, EXAMPLES, pack, returned, values_in
from grader.wire import messages as m
from grader.wire import values as v
from grader.wire.codec import Codec

_ENCODER = msgspec.msgpack.Encoder()


HONEST: list[bytes] = [
    _ENCODER.encode(message)
    for message in (
        m.Loaded(("cell 2 was skipped",)),
        m.Unparsable("invalid syntax", m.Place(0, 3)),
        m.Forbidden(1, "torch", None),
        m.Raised(1, ("ValueError", "Exception"), "no", m.Place(0, 1), "trace"),
        m.Missing(1, "conv2d", True),
        m.Unsendable(1, "too deep"),
        m.Load("convolution", (m.Cell("x = 1", "convolution.py"),)),
        m.Call(1, Codec().pack(np.zeros((2, 3)), 1, "x"), {"stride": v.Tuple([1, 2])}, name="conv2d"),
        m.Attribute(1, 2, "training"),
        m.Items(1, 2, 10),
        m.Ready(),
        m.Exited(1, 9, 0.5, 2**20),
        m.Returned(1, v.Dict([("a", v.BigInt("0x10")), (None, v.Slice(None, 1, None))]), [v.HandleRef(3, "Conv")]),
        *(
            m.Returned(1, value)
            for value in Codec(torch).pack(
                [1.5, (True, None), {"a": b"b"}, slice(1, 2)],
                np.arange(6.0).reshape(2, 3),
                np.float32(1.5),
                torch.zeros(2, 3, dtype=torch.bfloat16),
                [torch.Size([1, 2]), torch.float32, torch.device("cpu")],
                [np.random.default_rng(2**70), torch.Generator().manual_seed(1)],
                ["\ud800", 2**70, 1j],
            )
        ),
    )
]


def digest(data: bytes) -> None:
    """All that a session does with a frame; a WireError is a fine answer."""
    for decode in DECODERS:
        with contextlib.suppress(WireError):
            message = decode(data)
            for codec in (Codec(torch, from_handle=lambda ref: ref), Codec()):
                for value in values_in(message):
                    with contextlib.suppress(WireError):
                        codec.unpack(value)


# ------------------------------------------------------------------------------------------------- any bytes


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_at_worst_a_wire_error(data: bytes) -> None:
    """Noise, to each of the four decoders."""
    digest(data)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_mutated_messages_are_at_worst_a_wire_error(data: st.DataObject) -> None:
    """Honest messages with bytes changed, cut out, doubled, cut off, or spliced with one another."""
    message = bytearray(data.draw(st.sampled_from(HONEST)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(message)))
        to = min(len(message), at + data.draw(st.integers(0, 8)))
        other = data.draw(st.sampled_from(HONEST))
        cut = data.draw(st.integers(0, len(other)))
        new = data.draw(st.binary(max_size=8) | st.just(bytes(message[at:to]) * 2) | st.just(other[cut:]))
        message[at:to] = new
    digest(bytes(message))


@pytest.mark.parametrize("message", HONEST)
def test_every_truncation_is_a_wire_error(message: bytes) -> None:
    """No proper beginning of a message is a message."""
    for length in range(len(message)):
        for decode in DECODERS:
            with pytest.raises(WireError, match="^not a message: "):
                decode(message[:length])


@pytest.mark.parametrize("message", HONEST)
def test_nothing_may_follow_a_message(message: bytes) -> None:
    """A frame holds one message and no more."""
    for decode in DECODERS:
        with pytest.raises(WireError):
            decode(message + b"\xc0")


# ------------------------------------------------------------------------------------------------- any fields

_ints = st.integers(-(2**63), 2**64 - 1) | st.sampled_from([-1, 0, 1, 2, 33, 2**31, 2**48, 2**63])


_dtypes = st.sampled_from(["<f8", "|b1", ">i2", "<c16", "|O", "<U1", "|V8", "f8", "<f16", "float32", "bool", "no", ""])


_texts = st.text(max_size=6) | st.sampled_from(
    ["numpy", "torch", "cpu", "cuda:0", "meta", "cuda:-1", "0x1", "-0x1", "zz"]
)


_tuples = st.lists(_ints | st.integers(0, 3), max_size=4).map(tuple)


_bytes = st.binary(max_size=32)


_forged: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        _ints,
        st.floats(),
        st.text(max_size=4),
        st.builds(v.BigInt, _texts | st.just("0x" + "f" * 1025)),
        st.builds(v.Surrogates, _bytes),
        st.builds(v.Bytes, _bytes),
        st.builds(v.Complex, st.floats(), st.floats()),
        st.builds(v.Array, _dtypes, _tuples, _bytes),
        st.builds(v.Scalar, _dtypes, _bytes),
        st.builds(v.Tensor, _dtypes, _tuples, _bytes),
        st.builds(v.Size, _tuples),
        st.builds(v.TorchDtype, _dtypes),
        st.builds(v.Device, _texts),
        st.builds(v.Generator, _texts, _ints | st.builds(v.BigInt, _texts | st.just("0x" + "f" * 100))),
        st.builds(v.HandleRef, _ints, _texts),
    ),
    lambda inner: st.one_of(
        st.builds(v.List, st.lists(inner, max_size=3)),
        st.builds(v.Tuple, st.lists(inner, max_size=3)),
        st.builds(v.Dict, st.lists(st.tuples(inner, inner), max_size=3)),
        st.builds(v.Slice, inner, inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(_forged)
def test_well_typed_nonsense_is_at_worst_a_wire_error(value: Any) -> None:
    """Right tags and right types, with shapes, dtypes, names, digits and bytes that fit nothing."""
    digest(m.encode(m.Returned(1, value)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(_forged)
def test_what_is_unpacked_can_be_packed_again(value: Any) -> None:
    """Whatever a forger gets through is an honest value: no read-only, oversized or half-made thing."""
    codec = Codec(torch, from_handle=lambda ref: None)
    with contextlib.suppress(WireError):
        (arrived,) = codec.unpack(value)
        assert sendable.same(arrived, codec.unpack(*codec.pack(arrived))[0])


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (v.Array("|O", (1,), bytes(8)), "an array dtype that may not cross"),
        (v.Array("<U1", (1,), bytes(4)), "an array dtype that may not cross"),
        (v.Array("f8", (1,), bytes(8)), "an array dtype that may not cross"),
        (v.Array("<f8", (2,), bytes(8)), "array data whose size does not fit its shape"),
        (v.Array("<f8", (), b""), "array data whose size does not fit its shape"),
        (v.Array("<f8", (-1, -1), bytes(8)), "a shape with a negative length, or too large a one"),
        (v.Array("<f8", (2**32, 2**32, 0), b""), "a shape with a negative length, or too large a one"),
        (v.Array("<f8", (1,) * 33, bytes(8)), "a shape of 33 axes: 32 are allowed"),
        (v.Scalar("<f8", bytes(4)), "array data whose size does not fit its shape"),
        (v.Tensor("float8_e5m2", (1,), bytes(1)), "a tensor dtype that may not cross"),
        (v.Tensor("__class__", (1,), bytes(1)), "a tensor dtype that may not cross"),
        (v.Tensor("float32", (2,), bytes(4)), "array data whose size does not fit its shape"),
        (v.TorchDtype("load"), "a tensor dtype that may not cross"),
        (v.Device("toaster"), "a torch device that does not exist"),
        (v.Device(""), "a torch device that does not exist"),
        (v.Generator("numpy", -1), "a NumPy generator with a negative seed"),
        (v.Generator("numpy", v.BigInt("-0xff")), "a NumPy generator with a negative seed"),
        (v.Generator("torch", v.BigInt("0x1" + "0" * 16)), "a generator of an unknown library or with too wide a seed"),
        (v.Generator("random", 1), "a generator of an unknown library or with too wide a seed"),
        (v.BigInt("12.5"), "an int that is not hexadecimal"),
        (v.BigInt("0x" + "f" * 5000), "an int of more than 4096 bits"),
        (v.Surrogates(b"\xff"), "text that is not UTF-8"),
        (v.Dict([(v.List([]), 1)]), "a dict key that is no None, bool, int, float, str or bytes"),
        (v.Dict([(v.Tuple([1]), 1)]), "a dict key that is no None, bool, int, float, str or bytes"),
        (v.Dict([(v.HandleRef(1), 1)]), "a dict key that is no None, bool, int, float, str or bytes"),
        (v.Dict([(i, None) for i in range(10_001)]), "a dict of 10001 keys: 10000 are allowed"),
        (v.List([None] * v.MAX_ELEMENTS), "more than 100,000 values in one message; send an array instead"),
    ],
)
def test_each_ill_formed_value_is_refused_in_words(value: Any, why: str) -> None:
    """One sentence for each, without anything the forger wrote."""
    with pytest.raises(WireError, match=f"^{why}$"):
        Codec(torch).unpack(value)


def test_nesting_is_counted_on_arrival() -> None:
    """What no honest worker could send so deep is refused here too."""
    value: Any = None
    for _ in range(v.MAX_DEPTH + 1):
        value = v.Slice(None, v.Tuple([value]), None)
    with pytest.raises(WireError, match="^containers nested more than 32 deep$"):
        Codec().unpack(value)


def test_bytes_are_counted_on_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    """All arrays, texts and digits of a message together."""
    monkeypatch.setattr(v, "MAX_BYTES", 1000)
    for part in ("x" * 400, v.Bytes(bytes(400)), v.Array("|u1", (400,), bytes(400)), v.BigInt("0x" + "f" * 398)):
        Codec().unpack(part, part)
        with pytest.raises(WireError, match="MiB of data in one message"):
            Codec().unpack(part, part, part)


def test_the_hand_made_message_is_one() -> None:
    """So that the refusals below are not for its frame."""
    assert m.decode_from_worker(returned(b"\x01")) == m.Returned(1, 1)


@pytest.mark.parametrize(
    "value",
    [
        ["set", []],
        ["Array", "<f8", [], b""],
        ["list"],
        ["list", [], []],
        ["list", None],
        ["list", {}],
        ["array", "<f8", [1]],
        ["array", "<f8", [1.0], bytes(8)],
        ["array", "<f8", [True], bytes(8)],
        ["array", "<f8", [1], "12345678"],
        ["array", "<f8", [1], bytes(8), None],
        ["array", b"<f8", [1], bytes(8)],
        ["dict", [[1]]],
        ["dict", [[1, 2, 3]]],
        ["dict", {"a": 1}],
        ["slice", 1, 2],
        ["slice", 1, 2, 3, 4],
        ["handle", "1", ""],
        ["handle", 1, "", 2],
        ["generator", "numpy", "7"],
        ["complex", 1.0],
        ["complex", "1", 2.0],
        ["int", 5],
        [],
        [1],
        [["list", []]],
        {},
        {"type": "list", "items": []},
        b"raw bytes",
        msgspec.msgpack.Ext(1, b"x"),
        msgspec.msgpack.Ext(-1, bytes(4)),
    ],
    ids=lambda value: f"Ext {value.code}" if isinstance(value, msgspec.msgpack.Ext) else repr(value),
)
def test_wrong_tags_and_fields_of_a_value_are_refused(value: Any) -> None:
    """An unknown tag, a field too few or too many, or one of another type."""
    with pytest.raises(WireError):
        m.decode_from_worker(returned(pack(value)))


@pytest.mark.parametrize(
    "message",
    [
        {"type": "Passed", "number": 1},
        {"type": "Call", "number": 1, "args": [], "kwargs": {}},
        {"type": "Returned", "number": 1},
        {"type": "Returned", "number": 1, "value": None, "verdict": "PASSED"},
        {"type": "Returned", "number": "1", "value": None},
        {"type": "Returned", "number": True, "value": None},
        {"type": "Returned", "number": 1.0, "value": None},
        {"type": "Loaded", "notes": [1]},
        {"type": "Loaded", "notes": [], "points": 10},
        {"type": "Raised", "number": 1, "bases": "ValueError", "text": "", "place": None, "trace": ""},
        {"number": 1, "value": None},
        ["Returned", 1, None],
        None,
        "Returned",
        7,
    ],
    ids=repr,
)
def test_wrong_tags_and_fields_of_a_message_are_refused(message: Any) -> None:
    """A worker can't speak for the session, nor add a field."""
    with pytest.raises(WireError, match="^not a message: "):
        m.decode_from_worker(pack(message))
