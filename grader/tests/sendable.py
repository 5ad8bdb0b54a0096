"""Hypothesis strategies for every value that may cross the wire, and what it is for two of them to be the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from grader.wire import messages as m
from grader.wire.codec import Codec

ARRAY_DTYPES = [
    *("|b1", "|i1", "|u1"),
    *("<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"),
    *(">i2", ">i4", ">i8", ">u2", ">u4", ">u8", ">f2", ">f4", ">f8", ">c8", ">c16"),
]

TENSOR_DTYPES = [
    *(torch.float16, torch.float32, torch.float64, torch.bfloat16, torch.complex64, torch.complex128),
    *(torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.bool),
]

LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "as made": lambda a: a,
    "transposed": lambda a: a.transpose(),
    "Fortran order": np.asfortranarray,
    "negative strides": lambda a: a[(..., *[slice(None, None, -1)] * a.ndim)],
    "every other": lambda a: a[(..., *[slice(None, None, 2)] * a.ndim)],
    "zero strides": lambda a: np.broadcast_to(a, (3, *a.shape)),
    "a column": lambda a: a[..., :1] if a.ndim else a,
}

TENSOR_LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "as made": lambda t: t,
    "transposed": lambda t: t.permute(tuple(reversed(range(t.ndim)))),
    "every other": lambda t: t[(..., *[slice(None, None, 2)] * t.ndim)],
    "zero strides": lambda t: t.expand(3, *t.shape),
    "requires_grad": lambda t: t.requires_grad_() if t.is_floating_point() or t.is_complex() else t,
    "with a graph": lambda t: t.requires_grad_() * 1 if t.is_floating_point() else t,
    "conjugate view": lambda t: t.conj() if t.is_complex() else t,
    "negative view": lambda t: t.conj().imag if t.is_complex() else t,
    "frozen": lambda t: t.detach(),
}

shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)
"""Shapes of up to four axes, 0-d and empty ones among them."""

integers = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.builds(lambda n, shift: n << shift, st.integers(-(2**64), 2**64), st.integers(0, 4030)),
    st.sampled_from([2**63, 2**64 - 1, 2**64, -(2**63) - 1]),
)
"""Ints within 64 bits, at their edges and far outside."""

texts = st.text(st.characters(exclude_categories=()), max_size=20)
"""Text, with lone surrogates and NULs."""

numbers: st.SearchStrategy[Any] = st.booleans() | integers | st.floats() | st.complex_numbers()
"""Python's own numbers, NaN, the infinities and -0.0 among them."""


@st.composite
def arrays(draw: st.DrawFn) -> Any:
    """An array of any allowed dtype, shape and layout, of any bits, read-only or not."""
    dtype = np.dtype(draw(st.sampled_from(ARRAY_DTYPES)))
    shape = draw(shapes)
    data = _bits(draw, math.prod(shape) * dtype.itemsize, dtype.kind == "b")
    array = LAYOUTS[draw(st.sampled_from(sorted(LAYOUTS)))](np.ndarray(shape, dtype, data))
    if draw(st.booleans()):
        array.flags.writeable = False
    return array


@st.composite
def scalars(draw: st.DrawFn) -> Any:
    """A NumPy scalar of any allowed dtype, of any bits."""
    dtype = np.dtype(draw(st.sampled_from(ARRAY_DTYPES)))
    return np.ndarray((), dtype, _bits(draw, dtype.itemsize, dtype.kind == "b"))[()]


@st.composite
def tensors(draw: st.DrawFn) -> Any:
    """A tensor of any allowed dtype, shape and layout, of any bits, with a graph or without."""
    dtype = draw(st.sampled_from(TENSOR_DTYPES))
    shape = draw(shapes)
    data = _bits(draw, math.prod(shape) * dtype.itemsize, dtype is torch.bool)
    plain = torch.frombuffer(data, dtype=dtype).reshape(shape) if data else torch.empty(shape, dtype=dtype)
    return TENSOR_LAYOUTS[draw(st.sampled_from(sorted(TENSOR_LAYOUTS)))](plain)


def _bits(draw: st.DrawFn, size: int, boolean: bool) -> bytearray:
    data = draw(st.binary(min_size=size, max_size=size))
    return bytearray(byte & 1 for byte in data) if boolean else bytearray(data)


leaves: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    numbers,
    texts,
    st.binary(max_size=20),
    arrays(),
    scalars(),
    tensors(),
    shapes.map(torch.Size),
    st.sampled_from(TENSOR_DTYPES),
    st.sampled_from(["cpu", "cuda:1", "meta", "mps"]).map(torch.device),
    st.integers(0, 2**130).map(np.random.default_rng),
    st.integers(0, 2**64 - 1).map(lambda seed: torch.Generator().manual_seed(seed)),
)
"""Everything that holds nothing else."""

keys: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), texts, st.binary(max_size=8)
)
"""What a dict's key may be."""

values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
        st.builds(slice, inner, inner, inner),
    ),
    max_leaves=8,
)
"""Any value that may cross."""


def same(one: Any, other: Any) -> bool:
    """Of the very same type and bits, however they are laid out."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return bool(one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes())
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and one.shape == other.shape and tensor_bits(one) == tensor_bits(other)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, slice):
        return same((one.start, one.stop, one.step), (other.start, other.stop, other.step))
    if isinstance(one, np.random.Generator):
        return bool(one.bit_generator.state == other.bit_generator.state)
    if isinstance(one, torch.Generator):
        return torch.equal(one.get_state(), other.get_state())
    if isinstance(one, complex):
        return same((one.real, one.imag), (other.real, other.imag))
    return repr(one) == repr(other)


def tensor_bits(tensor: Any) -> bytes:
    """The elements' bytes in row-major order, conjugation carried out."""
    flat = tensor.detach().resolve_conj().resolve_neg().reshape(-1).clone(memory_format=torch.contiguous_format)
    return bytes(flat.view(torch.uint8).numpy().tobytes())


def crossed(value: Any, codec: Codec | None = None) -> Any:
    """``value`` after a trip over the wire, through bytes."""
    codec = codec or Codec(torch)
    reply = m.decode_from_worker(m.encode(m.Returned(1, codec.pack(value)[0])))
    assert isinstance(reply, m.Returned)
    return codec.unpack(reply.value)[0]
