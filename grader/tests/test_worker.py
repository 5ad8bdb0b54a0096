"""A worker: how a submission is loaded, what it may do to its own process, and that none of it earns a point."""

from __future__ import annotations

import pytest

from grader.core.verdict import Verdict
from grader.tests.toy import POINTS, RIGHT, ToyCourse, failing, right_but

LOST = {"double_small": "FAILED", "double_table": "FAILED", "double_unchanged": "SKIPPED"}
"""What a wrong ``double`` costs, and all that it costs."""


def honest(course: ToyCourse, code: str) -> list[str]:
    """The lines printed by a right submission with ``code`` at its end."""
    return course.session().observe(code)


# ------------------------------------------------------------------------------------------------ loading


def test_the_module_is_loaded_under_its_own_name(toy_course: ToyCourse) -> None:
    """Not as a program, so that what stands behind a main guard does not run; pickle and inspect find it."""
    code = """
        import inspect, pickle, sys
        print(__name__, __file__, sys.modules[__name__].double is double)
        print(pickle.loads(pickle.dumps(total)) is total, len(inspect.getsource(total)) > 50)
        if __name__ == "__main__":
            input("press a key")
    """
    assert ["toy toy.py True", "True True"] == honest(toy_course, code)


def test_the_topics_support_module_can_be_imported(toy_course: ToyCourse) -> None:
    """As any other module, and it is the same one each time."""
    code = "import support\nfrom support import ANSWER\nprint(ANSWER, support.ANSWER, support.__name__)"
    assert ["42 42 support"] == honest(toy_course, code)


@pytest.mark.parametrize(
    "code",
    [
        "import logging; logging.warning('on stderr')",
        "import warnings; warnings.warn('on stderr')",
        "import sys; print('x', file=sys.stderr); sys.stdout.write('y')",
        "import dataclasses, typing, functools, itertools, math, random, re, collections, json, pathlib, tempfile",
        "with open('notes.txt', 'w') as file: file.write('x')",
        "import tempfile; tempfile.NamedTemporaryFile().write(b'x')",
        "np.save('a.npy', np.ones(3)); assert np.load('a.npy').sum() == 3",
        "import threading; t = threading.Thread(target=print); t.start(); t.join()",
        "from concurrent.futures import ThreadPoolExecutor as T; assert list(T(2).map(abs, [-1])) == [1]",
        "np.seterr(all='raise'); np.set_printoptions(precision=1); np.random.seed(1)",
        "import gc, sys; gc.disable(); sys.setrecursionlimit(5000)",
        "print = len = abs = None",
        "import sys; sys.stdout = sys.stderr = None",
        "import sys; sys.stdout.close(); sys.stderr.close()",
        "import os; os.chdir('/'); os.environ.clear(); os.umask(0)",
        "__name__ = __file__ = None; del __builtins__",
        "def __getattr__(name): raise SystemExit",
    ],
)
def test_odd_but_honest_submissions_keep_their_points(toy_course: ToyCourse, code: str) -> None:
    """Printing, warning, threads, files in the private folder, shadowed names: none of it costs anything."""
    result = toy_course.grade(f"{RIGHT}\n{code}")
    assert (POINTS, {}) == (result.points, failing(result.verdicts))


@pytest.mark.parametrize(
    "value",
    [
        "np.asfortranarray(x * 2)",
        "np.repeat(x * 2, 2, axis=0)[::2]",
        "(x[..., ::-1] * 2)[..., ::-1]",
        "np.broadcast_to(x * 2, x.shape)",
        "np.lib.stride_tricks.as_strided(x * 2, x.shape)",
        "(x * 2).view()",
        "np.require(x * 2, requirements='W')",
    ],
)
def test_memory_layout_does_not_matter(toy_course: ToyCourse, value: str) -> None:
    """Right numbers are right in any order of memory."""
    assert POINTS == toy_course.grade(right_but(f"def double(x):\n    return {value}")).points


# ------------------------------------------------------------------------------------------------ notebooks


def test_a_notebook_runs_cell_by_cell(toy_course: ToyCourse) -> None:
    """A cell that raises, exits, does not parse or does not compile loses itself only, and is noted."""
    result = toy_course.grade(
        "%matplotlib inline\n!pip install torch",
        "1 / 0",
        "this is no Python",
        "return 1",
        RIGHT,
        "import sys\n\nsys.exit()",
        "%%bash\nrm -rf /",
        "%%time\ndouble = total",
        "double = lambda x: x + x",
        notebook=True,
    )
    assert ("", POINTS, {}) == (result.problem, result.points, failing(result.verdicts))
    assert [
        "cell 1: the IPython command on line 1 was not run, nor 1 more",
        "cell 2 raised ZeroDivisionError on its line 1",
        "cell 3 is no Python: invalid syntax",
        "cell 4 is no Python: 'return' outside function",
        "cell 6 raised SystemExit on its line 3",
        "cell 7: cell magic %%bash skipped: not Python",
    ] == sorted(result.notes)


def test_a_notebook_without_a_python_cell_is_not_gradable(toy_course: ToyCourse) -> None:
    """As a file that does not parse."""
    result = toy_course.grade("no Python", "none here", notebook=True)
    assert "cell 1, line 1: invalid syntax" == result.problem
    assert "" == toy_course.grade(notebook=True).problem


def test_an_error_in_a_cell_is_told_by_cell_and_line(toy_course: ToyCourse) -> None:
    """Both from the worker's word, as numbers."""
    result = toy_course.grade("import numpy as np", "\ndef double(x):\n    return x[99]", notebook=True)
    outcome = result.outcome("test_double_small")
    assert ("RAISED", "IndexError", 1, 3) == (outcome.verdict, outcome.reason, outcome.cell, outcome.line)


# ------------------------------------------------------------------------------------------------ input and output


@pytest.mark.parametrize(
    "flood",
    [
        "print('x' * 10**7)",
        "import sys; sys.stderr.write('x' * 10**7)",
        "for _ in range(10**4): print('a line of text')",
        "import sys; sys.stdout.buffer.write(b'x' * 10**7)",
    ],
)
def test_a_flood_of_output_is_cut_and_blocks_nothing(toy_course: ToyCourse, flood: str) -> None:
    """64 KiB are kept, then a note; the checks go on."""
    result = toy_course.grade(f"{RIGHT}\n{flood}")
    assert POINTS == result.points
    assert 65_536 <= len(result.output) <= 66_000
    assert result.output.endswith("\n[output truncated]\n")


def test_a_flood_past_the_standard_streams_is_bounded(toy_course: ToyCourse) -> None:
    """Written to the descriptor itself it ends at the file size limit; the session reads as much as it asked for."""
    code = """
        import os
        try:
            while True:
                os.write(1, b"x" * 2**20)
        except OSError as error:
            full = error.errno
    """
    result = toy_course.grade(right_but(code))
    assert (POINTS, 2**20) == (result.points, len(result.output))


def test_output_is_kept_for_the_instructor_alone(toy_course: ToyCourse) -> None:
    """Both streams in order, whatever bytes; nothing of it in an outcome."""
    text = """
        import os, sys
        print("loaded \\ud800")

        def total(numbers):
            print("given", len(numbers), flush=True)
            os.write(2, b"\\xff")
            return -1
    """
    result = toy_course.grade(right_but(text))
    assert "loaded \\ud800\ngiven 3\n\ufffdgiven 3\n\ufffd" == result.output
    assert not [each for each in result.outcomes if "given" in each.detail + each.reason]


def test_there_is_no_input(toy_course: ToyCourse) -> None:
    """Reading gives nothing at once, and ``input()`` raises."""
    assert ["''", "b''"] == honest(toy_course, "import os, sys\nprint(repr(sys.stdin.read()))\nprint(os.read(0, 9))")
    result = toy_course.grade(right_but("def total(numbers):\n    return int(input('sum? '))"))
    assert "EOFError" == result.outcome("test_total_small").reason


# ------------------------------------------------------------------------------------------------ ways to end


@pytest.mark.parametrize(
    ("body", "verdict", "reason"),
    [
        ("sys.exit(0)", "RAISED", "SystemExit"),
        ("raise SystemExit('PASSED')", "RAISED", "SystemExit"),
        ("exit()", "RAISED", "NameError"),
        ("raise KeyboardInterrupt", "RAISED", "KeyboardInterrupt"),
        ("raise GeneratorExit", "RAISED", "GeneratorExit"),
        ("raise type('Skipped', (BaseException,), {'__module__': 'pytest'})", "RAISED", "BaseException"),
        ("raise type('E', (ValueError,), {'__str__': lambda e: 1 / 0})", "RAISED", "ValueError"),
        ("raise AssertionError", "RAISED", "AssertionError"),
        ("return double(x)", "RAISED", "RecursionError"),
        ("os._exit(0)", "CRASHED", "its process exited with status 0"),
        ("ctypes.string_at(0)", "CRASHED", "its process was ended by SIGSEGV"),
        ("atexit.register(os._exit, 0); sys.exit(0)", "RAISED", "SystemExit"),
        ("os.closerange(3, 4096)", "CRASHED", "its process exited with status "),
        ("re.match('(a+)+$', 'a' * 64 + 'b')", "TIMED_OUT", "no answer within 0.3 s"),
        ("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(99)", "TIMED_OUT", "no answer within 0.3 s"),
        ("x = [x]\n    while True: x = x * 2", "OUT_OF_MEMORY", "it asked for more memory than allowed"),
    ],
)
def test_ways_to_end(toy_course: ToyCourse, body: str, verdict: str, reason: str) -> None:
    """Each is a verdict for the check that met it; the other tasks keep their points."""
    text = f"import atexit, ctypes, os, re, signal, sys, time\n\ndef double(x):\n    {body}"
    result = toy_course.grade(f"{RIGHT}\n{text}")
    assert {"double_small": verdict, "double_table": verdict, "double_unchanged": "SKIPPED"} == failing(result.verdicts)
    assert result.outcome("test_double_small").reason.startswith(reason)


@pytest.mark.parametrize(
    "body",
    [
        "sys.setrecursionlimit(10**9)\n    return double(x)",
        "a = []\n    for _ in range(10**6): a = [a]\n    return repr(a)",
        "sys.setrecursionlimit(10**9)\n    class A: __getattr__ = lambda s, n: getattr(s, n + 'x')\n    A().x",
        "return eval('(' * 10**5)",
        "a = []\n    a.append(a)\n    return a",
    ],
)
def test_depth_ends_in_a_verdict(toy_course: ToyCourse, body: str) -> None:
    """By exception, by memory or by a crash of the worker, as the interpreter has it."""
    result = toy_course.grade(right_but(f"import sys\n\ndef double(x):\n    {body}"))
    assert 20 == result.score
    assert Verdict.INTERNAL_ERROR not in result.verdicts.values()


def test_what_is_registered_for_the_end_does_not_run(toy_course: ToyCourse) -> None:
    """The worker ends without Python's own farewell: neither atexit, nor finalisers, nor threads."""
    code = """
        import atexit, threading, time, weakref
        atexit.register(print, "atexit")
        weakref.finalize(double, print, "finalize")
        threading.Thread(target=lambda: (time.sleep(20), print("thread"))).start()
    """
    assert [] == honest(toy_course, code)


def test_threads_left_running_disturb_nobody(toy_course: ToyCourse) -> None:
    """Not the checks that follow, not the next submission."""
    code = """
        import threading
        for _ in range(3):
            threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()
    """
    toy_course.grade(right_but(code))
    assert POINTS == toy_course.grade(RIGHT).points


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
        "everywhere(m.Fork(1), m.Start('numpy', m.Policy('none', (), '/', 1, 1, 1)))",
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
