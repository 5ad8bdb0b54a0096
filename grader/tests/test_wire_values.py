"""Values over the wire: what crosses arrives as it was, within its caps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.errors import WireError
from grader.tests import sendable
from grader.tests.sendable import crossed
from grader.wire import messages as m
from grader.wire import values as v
from grader.wire.codec import Codec

# ------------------------------------------------------------------------------------------------- round trips


@settings(max_examples=300, deadline=None)
@given(sendable.values)
def test_every_value_arrives_as_it_was(value: Any) -> None:
    """Type, dtype, shape and every bit, at any nesting."""
    assert sendable.same(value, crossed(value))


@pytest.mark.parametrize("dtype", sendable.ARRAY_DTYPES)
@pytest.mark.parametrize("layout", sendable.LAYOUTS)
def test_every_array_layout_arrives(dtype: str, layout: str) -> None:
    """Any strides go in; C order comes out, byte order kept, writable."""
    array = sendable.LAYOUTS[layout](np.arange(24).reshape(2, 3, 4).astype(dtype))
    array.flags.writeable = False
    arrived = crossed(array)
    assert arrived.dtype.str == dtype
    assert arrived.flags.c_contiguous and arrived.flags.writeable
    np.testing.assert_array_equal(array, arrived)


@pytest.mark.parametrize("dtype", sendable.TENSOR_DTYPES, ids=str)
@pytest.mark.parametrize("layout", sendable.TENSOR_LAYOUTS)
def test_every_tensor_layout_arrives(dtype: Any, layout: str) -> None:
    """Detached and contiguous, with its dtype, its shape and its bits."""
    tensor = sendable.TENSOR_LAYOUTS[layout](torch.arange(24).reshape(2, 3, 4).to(dtype))
    arrived = crossed(tensor)
    assert type(arrived) is torch.Tensor
    assert arrived.is_contiguous() and not arrived.requires_grad and arrived.grad_fn is None
    assert sendable.same(tensor, arrived)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0, 2), (1,) * 32])
def test_shapes_at_the_edges_arrive(shape: tuple[int, ...]) -> None:
    """0-d, empty, and as many axes as are allowed."""
    assert crossed(np.zeros(shape)).shape == shape
    assert crossed(torch.zeros(shape)).shape == shape
    assert crossed(torch.zeros(shape, dtype=torch.bfloat16)).shape == shape


def test_what_arrives_is_nobody_elses_memory() -> None:
    """Writing to an array or a tensor that came does not change what was sent, nor another copy."""
    array, tensor = np.zeros(3), torch.zeros(3)
    packed = Codec(torch).pack(array, tensor)
    first, second = Codec(torch).unpack(*packed), Codec(torch).unpack(*packed)
    first[0][:] = 1
    first[1][:] = 1
    assert not second[0].any() and not second[1].any() and not array.any() and not tensor.any()


@pytest.mark.parametrize("seed", [0, 7, 2**63, 2**64 - 1, 2**127 + 5])
def test_a_seeded_numpy_generator_arrives_as_its_seed(seed: int) -> None:
    """It draws the same numbers on the other side."""
    arrived = crossed(np.random.default_rng(seed))
    assert arrived.random(5).tolist() == np.random.default_rng(seed).random(5).tolist()


def test_an_unseeded_numpy_generator_arrives() -> None:
    """Its entropy is its seed."""
    generator = np.random.default_rng()
    arrived = crossed(generator)
    assert arrived.random() == generator.random()


@pytest.mark.parametrize("seed", [0, 7, -1, 2**63, 2**64 - 1])
def test_a_seeded_torch_generator_arrives_as_its_seed(seed: int) -> None:
    """It draws the same numbers on the other side."""
    generator = torch.Generator().manual_seed(seed)
    arrived = crossed(generator)
    assert torch.equal(torch.rand(5, generator=arrived), torch.rand(5, generator=generator))


def drawn(generator: Any) -> Any:
    """The generator after one number."""
    torch.rand(1, generator=generator) if isinstance(generator, torch.Generator) else generator.random()
    return generator


def half_drawn() -> Any:
    """A generator that keeps half a word for the next caller."""
    generator = np.random.default_rng(3)
    generator.integers(0, 10, dtype=np.uint32)
    return generator


@pytest.mark.parametrize(
    "generator",
    [
        pytest.param(drawn(np.random.default_rng(3)), id="drawn"),
        pytest.param(half_drawn(), id="half a word drawn"),
        pytest.param(np.random.default_rng(3).spawn(1)[0], id="spawned"),
        pytest.param(np.random.default_rng([1, 2]), id="seeded with a list"),
        pytest.param(np.random.Generator(np.random.MT19937(3)), id="another bit generator"),
        pytest.param(np.random.Generator(np.random.Philox(3)), id="Philox"),
        pytest.param(np.random.Generator(np.random.PCG64(3).jumped()), id="jumped"),
        pytest.param(drawn(torch.Generator().manual_seed(3)), id="torch, drawn"),
    ],
)
def test_a_generator_that_a_seed_does_not_describe_is_refused(generator: Any) -> None:
    """A look-alike that starts again from the seed would give other numbers."""
    with pytest.raises(WireError, match="of type Generator can't cross"):
        crossed(generator)


def test_a_generator_whose_seed_is_too_wide_says_so() -> None:
    """The seed is an int like any other."""
    with pytest.raises(WireError, match="an int of 4101 bits: 4096 are allowed"):
        crossed(np.random.default_rng(2**4100))


def test_truth_is_normalised() -> None:
    """`.view(bool)` may hold any byte, and NumPy takes each but 0 for True: so does the other side."""
    assert crossed(np.array([0, 2, 255], np.uint8).view(np.bool_)).view(np.uint8).tolist() == [0, 1, 1]
    assert crossed(torch.tensor([0, 2, 255], dtype=torch.uint8).view(torch.bool)).view(torch.uint8).tolist() == [
        0,
        1,
        1,
    ]
    assert crossed(np.array(7, np.uint8).view(np.bool_)[()]) is np.True_


def test_c_types_of_one_width_are_one() -> None:
    """On a platform where `long` and `long long` are equal dtypes, both arrive as the one that has a name."""
    assert crossed(np.longlong(-5)) == -5
    assert crossed(np.ones(2, np.longlong)).dtype == np.dtype(np.longlong)


# ------------------------------------------------------------------------------------------------- caps


def nested(depth: int) -> list[Any]:
    """An empty list inside ``depth`` lists."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_containers_nest_thirty_two_deep() -> None:
    """One more is refused, and so is a list that holds itself."""
    assert crossed(nested(v.MAX_DEPTH)) == nested(v.MAX_DEPTH)
    endless: list[Any] = []
    endless.append(endless)
    for value in (nested(v.MAX_DEPTH + 1), nested(5000), endless):
        with pytest.raises(WireError, match="^containers nested more than 32 deep$"):
            Codec().pack(value)


def test_a_message_holds_a_hundred_thousand_values() -> None:
    """The list counts too; a few shared lists that unfold to billions are stopped as early."""
    assert len(crossed([None] * (v.MAX_ELEMENTS - 1))) == v.MAX_ELEMENTS - 1
    doubled: list[Any] = []
    for _ in range(31):
        doubled = [doubled, doubled]
    for value in ([None] * v.MAX_ELEMENTS, doubled, [np.zeros((1,) * 20)] * 5000):
        with pytest.raises(WireError, match="^more than 100,000 values in one message; send an array instead$"):
            Codec().pack(value)


def test_the_values_of_one_message_share_its_budget() -> None:
    """Several arguments are one message."""
    half = [None] * (v.MAX_ELEMENTS // 2)
    with pytest.raises(WireError, match="more than 100,000 values"):
        Codec().pack(half, half)


@pytest.mark.parametrize(
    "value",
    [
        bytes(1001),
        "x" * 1001,
        "\N{SNOWMAN}" * 400,
        "\ud800" * 400,
        np.zeros(126),
        torch.zeros(251),
        np.broadcast_to(0.0, (2**40,)),
        torch.zeros(1).expand(2**40),
        [2**4000] * 2,
        [np.zeros(60)] * 3,
    ],
    ids=["bytes", "str", "non-ASCII", "surrogates", "array", "tensor", "broadcast", "expanded", "ints", "list"],
)
def test_bytes_are_counted_as_sent(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text by its UTF-8, an array by all its elements, however few lie in memory."""
    monkeypatch.setattr(v, "MAX_BYTES", 1000)
    with pytest.raises(WireError, match="MiB of data in one message"):
        Codec(torch).pack(value)


def test_the_byte_cap_is_named_in_mebibytes() -> None:
    """A broadcast array of 8 TiB is refused without being made."""
    with pytest.raises(WireError, match="^more than 64 MiB of data in one message$"):
        Codec().pack(np.broadcast_to(0.0, (2**40,)))


def test_a_dict_has_ten_thousand_keys() -> None:
    """One more is refused."""
    assert len(crossed(dict.fromkeys(range(v.MAX_KEYS)))) == v.MAX_KEYS
    with pytest.raises(WireError, match="^a dict of 10001 keys can't cross: 10000 are allowed$"):
        Codec().pack(dict.fromkeys(range(v.MAX_KEYS + 1)))


def test_an_int_has_four_thousand_and_ninety_six_bits() -> None:
    """One more is refused, on either side of 0."""
    for sign in (1, -1):
        assert crossed(sign * (2**v.MAX_INT_BITS - 1)) == sign * (2**v.MAX_INT_BITS - 1)
        with pytest.raises(WireError, match="^an int of 4097 bits: 4096 are allowed$"):
            Codec().pack(sign * 2**v.MAX_INT_BITS)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (np.zeros((1,) * 33), "a shape of 33 axes: 32 are allowed"),
        (torch.zeros((1,) * 33), "a shape of 33 axes: 32 are allowed"),
        (torch.Size([1] * 33), "a shape of 33 axes: 32 are allowed"),
        (np.zeros((0, 2**50)), "a shape with a negative length, or too large a one"),
        (torch.Size([-1]), "a shape with a negative length, or too large a one"),
        (torch.Size([2**30, 2**30]), "a shape with a negative length, or too large a one"),
    ],
)
def test_a_shape_that_could_not_be_read_is_not_sent(value: Any, why: str) -> None:
    """What one side refuses the other does not send: an honest answer must not look like a forged one."""
    with pytest.raises(WireError, match=f"^{why}$"):
        Codec(torch).pack(value)


@settings(max_examples=100, deadline=None)
@given(st.lists(sendable.values, max_size=3))
def test_packing_changes_nothing(sent: list[Any]) -> None:
    """The same values pack to the same bytes twice."""
    codec = Codec(torch)
    one, two = ([m.encode(m.Returned(1, item)) for item in codec.pack(*sent)] for _ in range(2))
    assert one == two
