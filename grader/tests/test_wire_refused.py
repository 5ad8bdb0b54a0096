"""Values that stay where they are: what is no exact type is refused by name, or held by a handle."""

from __future__ import annotations

import collections
import decimal
import enum
import fractions
import types
from typing import Any

import numpy as np
import pytest
import torch

from grader.core.errors import WireError
from grader.tests.sendable import crossed
from grader.wire import values as v
from grader.wire.codec import Codec

# ------------------------------------------------------------------------------------------------- exact types


class Colour(enum.IntEnum):
    RED = 1


class Word(enum.StrEnum):
    YES = "yes"


class Point(collections.namedtuple("Point", "x y")):
    __slots__ = ()


class MyTensor(torch.Tensor):
    pass


class Claims:
    """Says it is a list to whoever asks isinstance."""

    __class__ = list  # type: ignore[assignment]


class ClaimsArray:
    """An array to every duck."""

    __class__ = np.ndarray  # type: ignore[assignment]
    dtype, shape, ndim, nbytes = np.dtype(float), (1,), 1, 8

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.zeros(1)

    def tobytes(self) -> bytes:
        return bytes(8)


def subclass(kind: type, *args: Any, module: str = __name__) -> Any:
    """An instance of a fresh subclass of ``kind``."""
    return types.new_class(f"My{kind.__name__}", (kind,), {}, lambda body: body.update(__module__=module))(*args)


LOOK_ALIKES: dict[str, Any] = {
    **{f"{kind.__name__} subclass": subclass(kind) for kind in (int, float, complex, str, bytes, list, tuple, dict)},
    **{f"{kind.__name__} subclass": subclass(kind, 1) for kind in (np.float64, np.int64, np.float32)},
    "a scalar that says it is NumPy's": subclass(np.float64, 1, module="numpy"),
    "IntEnum": Colour.RED,
    "StrEnum": Word.YES,
    "namedtuple": Point(1, 2),
    "OrderedDict": collections.OrderedDict(a=1),
    "defaultdict": collections.defaultdict(int),
    "Counter": collections.Counter("ab"),
    "set": {1},
    "frozenset": frozenset(),
    "bytearray": bytearray(2),
    "memoryview": memoryview(b"ab"),
    "range": range(3),
    "Fraction": fractions.Fraction(1, 2),
    "Decimal": decimal.Decimal(1),
    "Ellipsis": ...,
    "NotImplemented": NotImplemented,
    "object": object(),
    "type": int,
    "function": len,
    "module": types,
    "generator": (x for x in "ab"),
    "iterator": iter([1]),
    "exception": ValueError("x"),
    "big int as key": {2**63: 1},
    "tuple as key": {(1, 2): 1},
    "NumPy scalar as key": {np.int64(1): 1},
    "enum as key": {Colour.RED: 1},
    "str subclass as key": {subclass(str): 1},
    "ndarray subclass": np.zeros(2).view(subclass(np.ndarray, 0).__class__),
    "recarray": np.rec.array([(1, 2.0)]),
    "masked array": np.ma.masked_array([1, 2], [False, True]),
    "masked constant": np.ma.masked,
    "object array": np.array([None]),
    "str array": np.array(["a"]),
    "bytes array": np.array([b"a"]),
    "datetime array": np.zeros(2, "M8[s]"),
    "structured array": np.zeros(2, "i4,f8"),
    "void array": np.zeros(2, "V8"),
    "long double array": np.zeros(2, np.longdouble),
    "np.str_": np.str_("a"),
    "np.bytes_": np.bytes_(b"a"),
    "np.datetime64": np.datetime64(0, "s"),
    "np.void": np.void(b"ab"),
    "long double": np.longdouble(1),
    "NumPy dtype": np.dtype(float),
    "RandomState": np.random.RandomState(0),
    "SeedSequence": np.random.SeedSequence(0),
    "Generator subclass": subclass(np.random.Generator, np.random.PCG64(0)),
    "Parameter": torch.nn.Parameter(torch.zeros(2)),
    "frozen Parameter": torch.nn.Parameter(torch.zeros(2), requires_grad=False),
    "tensor subclass": torch.zeros(2).as_subclass(MyTensor),
    "sparse tensor": torch.zeros(2, 2).to_sparse(),
    "meta tensor": torch.zeros(2, device="meta"),
    "uint16 tensor": torch.zeros(2, dtype=torch.uint16),
    "uint16 dtype": torch.uint16,
    "torch layout": torch.strided,
    "module with weights": torch.nn.Linear(1, 1),
    "says it is a list": Claims(),
    "says it is an array": ClaimsArray(),
}


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_is_no_exact_type_is_refused_by_name(name: str) -> None:
    """The message names the type; the look-alike does not cross, alone or inside something."""
    value = LOOK_ALIKES[name]
    for sent in (value, [value], (1, value), {"a": value}, slice(value)):
        with pytest.raises(WireError) as refused:
            Codec(torch).pack(sent)
        assert f"a value of type {type(value).__qualname__} can't cross" in str(refused.value)


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_is_no_exact_type_stays_behind_a_handle(name: str) -> None:
    """Where handles are given out, it becomes one, at any depth, and the very object comes back."""
    kept: list[Any] = []

    def keep(value: Any) -> v.HandleRef:
        kept.append(value)
        return v.HandleRef(len(kept) - 1, type(value).__name__)

    codec = Codec(torch, keep, lambda ref: kept[ref.number])
    value = LOOK_ALIKES[name]
    first, (second,) = crossed([value, (value,)], codec)
    assert first is value and second is value
    assert len(kept) == 2


def test_a_bool_is_no_int() -> None:
    """True arrives as True and 1 as 1, NumPy's as NumPy's."""
    arrived = crossed([True, 1, 1.0, np.True_, np.int64(1)])
    assert [type(item) for item in arrived] == [bool, int, float, np.bool_, np.int64]


def test_a_np_matrix_is_refused() -> None:
    """It multiplies otherwise than an array does."""
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.matrix([[1, 2]])
    with pytest.raises(WireError, match="of type matrix can't cross"):
        Codec().pack(matrix)


@pytest.mark.parametrize(
    "value", [torch.zeros(1), torch.Size([1]), torch.float32, torch.device("cpu"), torch.Generator()]
)
def test_torch_stays_outside_a_numpy_topic(value: Any) -> None:
    """Without torch a tensor is a stranger in both directions."""
    with pytest.raises(WireError, match="can't cross"):
        Codec().pack(value)
    with pytest.raises(WireError, match="a torch value where the topic's runtime is numpy"):
        Codec().unpack(Codec(torch).pack(value)[0])


def test_a_handle_where_none_is_expected_is_refused() -> None:
    """A codec that gave out no handle takes none."""
    with pytest.raises(WireError, match="a handle where none is expected"):
        Codec().unpack(v.HandleRef(1))
