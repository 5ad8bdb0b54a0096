"""Comparisons for suites. ``actual`` always comes first; ``expected`` was computed on the trusted side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

import numpy as np

from grader.core.errors import CheckFailure, Mismatch, StudentRaised, WrongDtype, WrongShape
from grader.core.failure import Failure, Stage
from grader.core.topic import Tolerance
from grader.testing.describe import (
    argument_words,
    is_tensor,
    number_words,
    tensor_to_numpy,
    type_words,
    value_words,
)
from grader.testing.pictures import look
from grader.testing.proxies import Echo, Handle

_DEFAULT = Tolerance()
_TOLERANCE: ContextVar[Tolerance] = ContextVar("tolerance", default=_DEFAULT)

Observer = Callable[[float], None]
_OBSERVER: ContextVar[Observer | None] = ContextVar("observer", default=None)


@contextmanager
def tolerance(value: Tolerance) -> Iterator[None]:
    """Make ``value`` the default of :func:`assert_allclose` inside the block; the session does so per topic."""
    token = _TOLERANCE.set(value)
    try:
        yield
    finally:
        _TOLERANCE.reset(token)


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Inside the block, tell ``observer`` how much of its tolerance each comparison that passes has used, 0 to 1.

    It learns ``max(|actual - expected| / (atol + rtol * |expected|))`` of every :func:`assert_allclose` of inexact
    numbers that allows an error at all, and can't change what the comparison concludes.
    """
    token = _OBSERVER.set(observer)
    try:
        yield
    finally:
        _OBSERVER.reset(token)


def assert_allclose(
    actual: Any,
    expected: Any,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_dtype: bool = True,
    help: str = "",
) -> None:
    """``actual`` is an array, tensor or number like ``expected``, within ``atol + rtol * |expected|``.

    Checks the type, the dtype (unless ``check_dtype`` is False), the shape, that no element is NaN or infinite where
    the expected one is finite, and the values. NaN never equals NaN unless ``equal_nan``. An expected Python number
    also accepts a NumPy scalar. A tuple or list of expected values compares element by element.

    Raises WrongDtype, WrongShape or Mismatch.
    """
    default = _TOLERANCE.get()
    rtol = default.rtol if rtol is None else rtol
    atol = default.atol if atol is None else atol
    if isinstance(expected, tuple | list):
        _sequence(actual, expected, help)
        for mine, target in zip(actual, expected, strict=True):
            assert_allclose(mine, target, rtol=rtol, atol=atol, equal_nan=equal_nan, check_dtype=check_dtype, help=help)
        return
    a, e = _pair(actual, expected, check_dtype, help)
    if a.shape != e.shape:
        _wrong_shape(a.shape, e.shape, help)
    inexact = a.dtype.kind in "fc" or e.dtype.kind in "fc"
    with np.errstate(all="ignore"):
        close = np.asarray(a == e)
        if inexact:
            # Nothing but the same infinity is close to an infinity, however wide the tolerance around it.
            close |= np.isfinite(e) & (np.abs(a - e) <= atol + rtol * np.abs(e))
        if equal_nan:
            close |= np.isnan(a) & np.isnan(e)
    if close.all():
        observer = _OBSERVER.get()
        if observer is not None and (rtol or atol) and inexact:
            observer(_tolerance_used(a, e, rtol, atol))
        return
    _finite(a, e, help)
    wrong = ~close
    seen = {**_first(wrong, a, e), **look(a, e, wrong)}
    _fail(Mismatch, "values", value_words(expected), value_words(actual), help=help, **seen)


def assert_equal(actual: Any, expected: Any, *, help: str = "") -> None:
    """``actual`` has exactly the type and the value of ``expected``: integers, strings, booleans, tuples, lists, dicts.

    Floats inside compare exactly; use :func:`assert_allclose` for arrays and measured numbers. An expected ``int``
    accepts a NumPy integer, an expected ``bool`` a NumPy boolean.
    """
    if isinstance(expected, tuple | list):
        _sequence(actual, expected, help)
        for mine, target in zip(actual, expected, strict=True):
            assert_equal(mine, target, help=help)
        return
    if type(expected) is int and isinstance(actual, np.integer):
        actual = int(actual)
    if type(expected) is bool and type(actual) is np.bool_:
        actual = bool(actual)
    if type(actual) is not type(expected):
        _fail(WrongDtype, "type", type_words(expected), type_words(actual), help=help)
    if isinstance(expected, np.ndarray) or is_tensor(expected):
        assert_allclose(actual, expected, rtol=0.0, atol=0.0, help=help)
    elif isinstance(expected, dict):
        _keys(actual, expected, help)
        for key, target in expected.items():
            assert_equal(actual[key], target, help=help)
    elif isinstance(expected, slice):
        assert_equal(_parts(actual), _parts(expected), help=help)
    elif actual != expected:
        _fail(Mismatch, "values", argument_words(expected), value_words(actual), help=help)


def assert_shape(actual: Any, shape: tuple[int, ...], *, help: str = "") -> None:
    """``actual`` is an array or tensor of exactly ``shape``; WrongDtype or WrongShape otherwise."""
    if not (type(actual) is np.ndarray or is_tensor(actual)):
        _fail(WrongDtype, "type", "an array or tensor", type_words(actual), help=help)
    if tuple(actual.shape) != tuple(shape):
        _wrong_shape(tuple(actual.shape), tuple(shape), help)


def assert_dtype(actual: Any, dtype: str, *, help: str = "") -> None:
    """``actual`` is an array, tensor or NumPy scalar of ``dtype`` (``"float64"``, ``"bool"`` …); WrongDtype if not."""
    if not (isinstance(actual, np.ndarray | np.generic) or is_tensor(actual)):
        _fail(WrongDtype, "type", f"an array of {dtype}", type_words(actual), help=help)
    found = str(actual.dtype).removeprefix("torch.")
    if found != dtype:
        _fail(WrongDtype, "dtype", dtype, found, help=help)


def assert_unchanged(echo: Echo, *, help: str = "") -> None:
    """After the call, every argument is what was sent, bit for bit (``echo = student.echo.f(x)``).

    An object behind a Handle can't be looked into from here and counts as unchanged.
    """
    for position, (before, after) in enumerate(zip(echo.sent, echo.after, strict=True)):
        if not _same(before, after):
            _fail(
                Mismatch,
                "unchanged",
                f"argument {position + 1} unchanged",
                "changed by the call",
                help=help or "work on a copy: the caller still needs its array",
            )


def assert_raises(
    exception: type[Exception] | tuple[type[Exception], ...],
    function: Callable[..., Any],
    *args: Any,
    help: str = "",
    **kwargs: Any,
) -> None:
    """``function(*args, **kwargs)`` raises ``exception`` or a subclass of it, in the submission."""
    wanted = exception if isinstance(exception, tuple) else (exception,)
    words = " or ".join(kind.__name__ for kind in wanted)
    try:
        value = function(*args, **kwargs)
    except StudentRaised as raised:
        if any(kind.__name__ in raised.bases for kind in wanted):
            return
        if raised.bases[:1] == ("NotImplementedError",):
            raise
        _fail(Mismatch, "raises", words, raised.bases[0] if raised.bases else "another exception", help=help)
    _fail(Mismatch, "raises", words, f"a result ({type_words(value)})", help=help)


def assert_handle(actual: Any, kind: str, *, help: str = "") -> Handle:
    """``actual`` is an object that stayed with the submission (a module, an iterator …); returns it, typed."""
    if not isinstance(actual, Handle):
        _fail(WrongDtype, "type", kind, type_words(actual), help=help)
    return actual


def assert_that(truth: bool, expected: str, actual: str, *, help: str = "") -> None:
    """``truth`` holds; if not, the failure reads "expected ``expected``, not ``actual``"."""
    if not truth:
        _fail(Mismatch, "truth", expected, actual, help=help)


def _fail(kind: type[CheckFailure], stage: Stage, expected: str, actual: str, **fields: Any) -> NoReturn:
    raise kind(Failure(stage=stage, expected=expected, actual=actual, **fields))


def _sequence(actual: Any, expected: tuple[Any, ...] | list[Any], help: str) -> None:
    if type(actual) is not type(expected):
        _fail(WrongDtype, "type", f"a {type(expected).__name__}", type_words(actual), help=help)
    if len(actual) != len(expected):
        _fail(WrongShape, "shape", f"of {len(expected)} values", f"{len(actual)} values", help=help)


def _keys(actual: dict[Any, Any], expected: dict[Any, Any], help: str) -> None:
    """The same keys, of the same types (1, 1.0 and True are one key to a dict), in any order."""
    if {(type(key), key) for key in actual} != {(type(key), key) for key in expected}:
        _fail(Mismatch, "values", f"keys {argument_words(list(expected))}", value_words(list(actual)), help=help)


def _parts(value: slice) -> tuple[Any, Any, Any]:
    return value.start, value.stop, value.step


def _pair(actual: Any, expected: Any, check_dtype: bool, help: str) -> tuple[Any, Any]:
    """Both as NumPy arrays, after the type and dtype stages."""
    if is_tensor(expected):
        if not is_tensor(actual):
            _fail(WrongDtype, "type", type_words(expected), type_words(actual), help=help)
        if check_dtype and actual.dtype != expected.dtype:
            dtypes = [str(t.dtype).removeprefix("torch.") for t in (expected, actual)]
            _fail(WrongDtype, "dtype", dtypes[0], dtypes[1], help=help)
        return tensor_to_numpy(actual), tensor_to_numpy(expected)
    if isinstance(expected, np.ndarray):
        if type(actual) is not np.ndarray:
            scalar_for_0d = expected.ndim == 0 and isinstance(actual, np.generic)
            if not scalar_for_0d:
                _fail(WrongDtype, "type", type_words(expected), type_words(actual), help=help)
        # The order of the bytes is no property that a check asks for.
        if check_dtype and actual.dtype.newbyteorder("=") != expected.dtype.newbyteorder("="):
            _fail(WrongDtype, "dtype", str(expected.dtype), str(actual.dtype), help=help)
        return np.asarray(actual), expected
    number = isinstance(actual, int | float | complex | np.number) and not isinstance(actual, bool)
    if not number:
        _fail(WrongDtype, "type", "a number", type_words(actual), help=help)
    dtype = np.result_type(type(expected), float)
    if isinstance(actual, complex | np.complexfloating) and dtype.kind != "c":
        # Its imaginary part would be dropped.
        _fail(WrongDtype, "type", "a real number", type_words(actual), help=help)
    try:
        return np.asarray(actual, dtype=dtype), np.asarray(expected)
    except OverflowError:
        _fail(Mismatch, "values", number_words(expected), "a number out of range", help=help)


def _wrong_shape(actual: tuple[int, ...], expected: tuple[int, ...], help: str) -> NoReturn:
    axis = None
    if len(actual) == len(expected):
        axis = next(i for i, (a, e) in enumerate(zip(actual, expected, strict=True)) if a != e)
    _fail(WrongShape, "shape", str(tuple(expected)), str(tuple(actual)), axis=axis, help=help)


def _finite(a: Any, e: Any, help: str) -> None:
    if a.dtype.kind not in "fc":
        return
    bad = ~np.isfinite(a) & np.isfinite(e)
    if bad.any():
        kind = "NaN" if np.isnan(a[bad]).any() else "infinity"
        _fail(
            Mismatch,
            "finite",
            "finite numbers",
            kind,
            help=help,
            **_first(bad, a, e),
        )


def _tolerance_used(a: Any, e: Any, rtol: float, atol: float) -> float:
    """The largest error as a share of what is allowed where it is; infinities and NaNs that agree have no error."""
    with np.errstate(all="ignore"):
        error, allowed = np.abs(a - e), atol + rtol * np.abs(e)
        used = np.where(np.isfinite(e) & (error > 0), error / allowed, 0.0)
    return float(used.max(initial=0.0))


def _first(wrong: Any, a: Any, e: Any) -> dict[str, Any]:
    """Where, and how much of it, an array is wrong; a single number is simply wrong."""
    if not wrong.ndim:
        return {}
    index = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    return {
        "share_wrong": float(wrong.mean()),
        "first_index": tuple(int(i) for i in index),
        "expected_at": number_words(e[index]),
        "actual_at": number_words(a[index]),
    }


def _same(before: Any, after: Any) -> bool:
    """Bit for bit, so that a NaN is itself and 0.0 is not -0.0."""
    if isinstance(before, Handle):
        return isinstance(after, Handle)
    if type(before) is not type(after):
        return False
    if is_tensor(before):
        same = before.dtype == after.dtype and before.shape == after.shape
        return bool(same and tensor_to_numpy(before).tobytes() == tensor_to_numpy(after).tobytes())
    if isinstance(before, np.ndarray | np.generic):
        same = before.dtype == after.dtype and before.shape == after.shape
        return bool(same and before.tobytes() == after.tobytes())
    if isinstance(before, tuple | list):
        return len(before) == len(after) and all(_same(b, a) for b, a in zip(before, after, strict=True))
    if isinstance(before, dict):
        return _same(list(before.items()), list(after.items()))
    if isinstance(before, slice):
        return _same(_parts(before), _parts(after))
    if isinstance(before, float):
        return bool(before.hex() == after.hex())
    if isinstance(before, complex):
        return _same((before.real, before.imag), (after.real, after.imag))
    if isinstance(before, np.random.Generator):
        return bool(before.bit_generator.state == after.bit_generator.state)
    if hasattr(before, "get_state"):  # a torch.Generator
        return bool((before.get_state() == after.get_state()).all())
    return bool(before == after)
