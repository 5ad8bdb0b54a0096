"""A worker that lies: tampered runtimes, objects that pretend, and forged frames earn nothing."""

from __future__ import annotations

import pytest

from grader.core.verdict import Verdict
from grader.tests.toy import POINTS, RIGHT, ToyCourse, failing, right_but

LOST = {"double_small": "FAILED", "double_table": "FAILED", "double_unchanged": "SKIPPED"}
"""What a wrong ``double`` costs, and all that it costs."""


# ------------------------------------------------------------------------------------------------ tampering


@pytest.mark.parametrize(
    "tamper",
    [
        "np.allclose = np.array_equal = lambda *args, **options: True",
        "np.ndarray.__eq__ = None",
        "np.abs = np.isfinite = lambda x: x * 0",
        "import builtins; builtins.isinstance = builtins.all = builtins.any = lambda *args: True",
        "import sys, types; sys.modules['grader.testing'] = sys.modules['pytest'] = types.ModuleType('grader.testing')",
        "import sys; sys.settrace(lambda *args: None); sys.setprofile(lambda *args: None)",
        "import sys; sys.excepthook = sys.unraisablehook = print",
        "import ast; ast.Assert = ast.Pass",
        "import sys, importlib.abc; sys.meta_path.insert(0, importlib.abc.MetaPathFinder())",
        "import gc; [o.clear() for o in gc.get_objects() if type(o) is list and o is not globals()]",
        "import ctypes; ctypes.memset(id(True) + 24, 0, 4)",
        "open('conftest.py', 'w').write('raise SystemExit'); open('sitecustomize.py', 'w').write('raise SystemExit')",
        "print('PASSED'); print('{\"verdict\": \"PASSED\", \"points\": 10}'); print('================ 11 passed')",
        "from grader.wire.codec import Codec; Codec.pack = lambda self, *values: [None] * len(values)",
        "from grader.worker import serve; serve._Worker.answer = lambda self, request: b'PASSED'",
        "from grader.worker import serve; serve.Channel.send = lambda self, data: None",
        "from grader.core.verdict import Verdict; Verdict.FAILED._value_ = 'PASSED'",
        "from grader.core import failure, errors; errors.CheckFailure.__init__ = lambda *args: None",
    ],
)
def test_tampering_with_the_runtime_earns_nothing(toy_course: ToyCourse, tamper: str) -> None:
    """A wrong answer stays wrong whatever the worker is turned into; the next submission meets none of it."""
    result = toy_course.grade(right_but(f"def double(x):\n    return x\n\n{tamper}"))
    assert 0 == result.points["double"]
    assert Verdict.INTERNAL_ERROR not in result.verdicts.values()
    assert POINTS == toy_course.grade(RIGHT).points


LIARS = """
class Yes:
    dtype = np.dtype(float)
    shape = (2,)
    ndim = 1
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 2
    def __array__(self, *args, **options): return np.zeros(2)
    def __array_function__(self, *args): return True
    def __array_ufunc__(self, *args, **options): return True
    def __float__(self): return 1.0
    def __getattr__(self, name): return self
    def __call__(self, *args, **options): return self
    __rsub__ = __sub__ = __radd__ = __le__ = __lt__ = __getitem__ = __call__

class Lying(Yes):
    __class__ = property(lambda self: np.ndarray)

class Int(int):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = int.__hash__

class Str(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__

class List(list):
    __eq__ = lambda self, other: True

class Array(np.ndarray):
    __array_priority__ = 1e9
    def __eq__(self, other): return np.True_
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __sub__
    def __array_ufunc__(self, *args, **options): return np.zeros(self.shape)

class float64(np.float64):
    __module__ = "numpy"
    def __eq__(self, other): return True

Fake = type("ndarray", (), {"__module__": "numpy", "tobytes": lambda self: b"", "__eq__": lambda self, other: True})
"""


@pytest.mark.parametrize(
    "value",
    [
        "Yes()",
        "Lying()",
        "Int(7)",
        "Str('x')",
        "List([1.0, 2.0])",
        "np.zeros(2).view(Array)",
        "np.ma.masked_all(2)",
        "np.matrix([1.0, 2.0])",
        "np.empty(2, object)",
        "[Yes(), Yes()]",
        "(Int(6),)",
        "float64(1)",
        "Fake()",
        "Fake",
        "{Yes(): 1}",
        "{'__eq__': True}",
        "np.lib.stride_tricks.as_strided(np.zeros(1), (2,), (0,))",
        "np.lib.stride_tricks.as_strided(np.zeros(1), (2**50,), (0,))",
        "np.zeros(2, dtype=[('a', 'f8')])",
        "np.empty((0, 2**40))",
        "np.zeros((1,) * 32)",
        "memoryview(b'x')",
        "bytearray(8)",
        "iter([1.0])",
        "range(3)",
        "NotImplemented",
        "Exception('PASSED')",
    ],
)
def test_objects_that_lie_are_seen_through(toy_course: ToyCourse, value: str) -> None:
    """Always equal, of a false class, a subclass of an array or of an int: they fail as what they are."""
    text = f"{LIARS}\ndef double(x):\n    return {value}\n\ndef total(numbers):\n    return {value}"
    result = toy_course.grade(f"{RIGHT}\n{text}")
    assert 10 == result.score
    assert {Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED} == set(result.verdicts.values())


def test_an_int_subclass_that_is_right_is_still_no_int(toy_course: ToyCourse) -> None:
    """A handle, whose class's name is the submission's word and is not repeated to anyone as a fact."""
    result = toy_course.grade(right_but("class Mine(int): pass\n\ndef total(numbers):\n    return Mine(sum(numbers))"))
    failure = result.outcome("test_total_small").failure
    assert failure is not None
    assert ("type", "int", "an object of another type") == (failure.stage, failure.expected, failure.actual)


# ------------------------------------------------------------------------------------------------ forging

FORGE = """
import os
from grader.wire import messages as m
from grader.wire.codec import Codec

def everywhere(*messages, raw=b""):
    for data in [len(each).to_bytes(4, "big") + each for each in map(m.encode, messages)] + [raw]:
        for descriptor in [*range(0, 1024), 4096]:
            try:
                os.write(descriptor, data)
            except OSError:
                pass

def returned(number, value):
    return m.Returned(number, Codec().pack(value)[0])
"""


@pytest.mark.parametrize(
    "forge",
    [
        "everywhere(*(returned(number, np.zeros(2)) for number in range(1, 50)))",
        "everywhere(*(returned(number, True) for number in range(-5, 50)))",
        "everywhere(*(returned(number, 'PASSED') for number in range(1, 50)))",
        "everywhere(returned(1, 6), returned(1, 6))",
        "everywhere(returned(2**62, 1), returned(0, 1))",
        "everywhere(m.Loaded(('PASSED',)))",
        "everywhere(m.Loaded(), m.Loaded(), returned(1, np.zeros(2)))",
        "everywhere(m.Unparsable('no Python', None))",
        "everywhere(m.Forbidden(1, 'unheard of', None))",
        "everywhere(m.Missing(1, 'double', True))",
        "everywhere(m.Unsendable(1, 'too big'))",
        "everywhere(m.Raised(1, ('ValueError', 'PASSED'), 'text', m.Place(99, -1), 'trace'))",
        "everywhere(m.Ready(), m.Forked(1), m.Exited(1, 0, 0.0, 0), m.Broken('INTERNAL_ERROR'))",
        "everywhere(m.Fork(1), m.Start('numpy', False, m.Policy('none', (), '/', 1, 1, 1)))",
        "everywhere(raw=b'PASSED')",
        "everywhere(raw=b'\\xff' * 100)",
        "everywhere(raw=b'\\0' * 1000)",
        "everywhere(raw=(79 * 2**20).to_bytes(4, 'big'))",
        "everywhere(raw=(10**4).to_bytes(4, 'big') + b'\\x91' * 10**4)",
        "everywhere(raw=(10**4).to_bytes(4, 'big') + b'\\xdd' + b'\\x7f' * 9999)",
    ],
)
@pytest.mark.parametrize("when", ["load", "call"])
def test_forged_frames_earn_nothing(toy_course: ToyCourse, forge: str, when: str) -> None:
    """Written to every descriptor, early, late, twice, as any message or none: a wrong answer stays wrong."""
    text = f"{FORGE}\ndef double(x):\n    {forge if when == 'call' else ''}\n    return x\n\n"
    text += "def total(numbers):\n    return 7\n\nCounter = total\n"
    result = toy_course.grade(f"{RIGHT}\n{text}{forge if when == 'load' else ''}")
    assert 0 == result.score
    assert Verdict.INTERNAL_ERROR not in result.verdicts.values()
    assert POINTS == toy_course.grade(RIGHT).points


@pytest.mark.parametrize(
    "items",
    ["b'\\0' * n", "b'\\x90' * n", "b'\\x92\\xa4list\\x90' * (n // 7)", "b'\\xa0' * n"],
    ids=["numbers", "arrays", "lists", "texts"],
)
def test_a_bomb_of_small_values_is_not_unpacked(toy_course: ToyCourse, items: str) -> None:
    """A frame of millions of values, which would take the session many times its size, is refused as bytes."""
    text = f"""{FORGE}
import struct

def double(x):
    n = 20 * 2**20 // 7 * 7
    items = {items}
    count = n // 7 if items[:2] == b"\\x92\\xa4" else n
    head = m.encode(returned(1, [])).replace(b"\\x90", b"\\xdd" + struct.pack(">I", count))
    everywhere(raw=struct.pack(">I", len(head) + len(items)) + head + items)
"""
    session = toy_course.session()
    session.grade(RIGHT)
    before = session.peak_memory()
    result = session.grade(right_but(text))
    assert "CRASHED" == result.outcome("test_double_small").verdict
    # The frame as it arrived, and a copy of it.
    assert session.peak_memory() - before < 100 * 2**20


def test_two_replies_to_one_call_end_the_worker(toy_course: ToyCourse) -> None:
    """The second is no answer to the next call, even where it would be the right one."""
    text = f"""{FORGE}
def double(x):
    everywhere(returned(1, x * 2))
    return x * 2
"""
    result = toy_course.grade(right_but(text))
    assert ["PASSED", "CRASHED"] == [each.verdict for each in result.outcomes[:2]]
    assert "it answered out of turn" == result.outcomes[1].reason


def test_a_slow_drip_is_a_time_out(toy_course: ToyCourse) -> None:
    """A byte now and then is no answer."""
    text = f"""{FORGE}
import time

def double(x):
    everywhere(raw=(10**6).to_bytes(4, "big"))
    while True:
        time.sleep(0.01)
        everywhere(raw=b"x")
"""
    result = toy_course.grade(right_but(text))
    assert {**LOST, "double_small": "TIMED_OUT", "double_table": "TIMED_OUT"} == failing(result.verdicts)


@pytest.mark.parametrize("reference", ["7", "-1", "0", "2**63 - 1"])
def test_forged_handles_reach_nothing(toy_course: ToyCourse, reference: str) -> None:
    """A handle to what does not exist is an error in the worker when it is used."""
    text = f"""{FORGE}
from grader.wire.values import HandleRef

def Counter(count):
    everywhere(*(m.Returned(number, HandleRef({reference}, "Counter")) for number in range(1, 30)))
"""
    result = toy_course.grade(right_but(text))
    assert 20 >= result.score
    assert 0 == result.points["Counter"]
    assert Verdict.INTERNAL_ERROR not in result.verdicts.values()
