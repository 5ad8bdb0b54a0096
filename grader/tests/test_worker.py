"""A worker: how a submission is loaded, what becomes of its output, and the ways it may end."""

from __future__ import annotations

import pytest

from grader.core.verdict import Verdict
from grader.tests.toy import POINTS, RIGHT, ToyCourse, failing, right_but


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
