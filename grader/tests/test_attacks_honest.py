"""Odd but honest submissions: whatever they do beside the exercise, a right answer earns every point."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from grader.core.grade import Grade
from grader.core.verdict import Verdict
from grader.tests.corpus import TOPICS, World
from grader.tests.ordinary import Unavailable
from grader.tests.walls import WALLS, chosen_wall

FUTURE = "from __future__ import annotations\n"

ALWAYS = {
    ("toy", "full"),
    ("convolution", "landlock-ordinary"),
    ("residual_block", "landlock"),
}
"""What every run of the tests grades; the rest with ``EVERY_WALL=1``."""

BEFORE: dict[str, str] = {
    "prints at import": "print('loading', flush=True)",
    "a million lines of output": "print('x\\n' * 1_000_000)",
    "warnings on stderr": "import sys, warnings\nwarnings.warn('old')\nprint('careful', file=sys.stderr)",
    "warnings as errors": "import warnings\nwarnings.simplefilter('error')",
    "warnings silenced": "import warnings\nwarnings.filterwarnings('ignore')",
    "logging": "import logging\nlogging.basicConfig(level=logging.DEBUG)\nlogging.getLogger(__name__).error('hello')",
    "logging to a file": "import logging\nlogging.basicConfig(filename='my.log')\nlogging.error('hello')",
    "floating point errors raise": "import numpy\nnumpy.seterr(divide='warn', over='ignore')",
    "print options": "import numpy\nnumpy.set_printoptions(precision=2, suppress=True, threshold=3)",
    "seeds": "import random\nimport numpy\nrandom.seed(0)\nnumpy.random.seed(0)\nRNG = numpy.random.default_rng(1)",
    "optional packages": (
        "try:\n    import matplotlib.pyplot as plt\nexcept ImportError:\n    plt = None\n"
        "try:\n    from tqdm import tqdm\nexcept Exception:\n    tqdm = list"
    ),
    "dataclasses": (
        "from dataclasses import dataclass, field\n\n@dataclass(frozen=True)\nclass Config:\n    size: int = 3\n"
        "    names: list[str] = field(default_factory=list)\n\nCONFIG = Config()"
    ),
    "typing": (
        "import typing\nfrom typing import Any, Callable, Generic, NamedTuple, Optional, Protocol, TypeVar, Union\n"
        "T = TypeVar('T')\nclass Pair(NamedTuple):\n    a: int\n    b: Optional[int] = None\n"
        "class Thing(Protocol):\n    def f(self) -> int: ...\nPoint = typing.TypedDict('Point', {'x': int})\n"
        "print(typing.get_type_hints(Pair))"
    ),
    "enums and abstract classes": (
        "import abc, enum\nclass Mode(enum.Enum):\n    SAME = enum.auto()\n"
        "class Base(abc.ABC):\n    @abc.abstractmethod\n    def f(self): ..."
    ),
    "caches": (
        "import functools\n_CACHE = {}\n@functools.lru_cache(maxsize=None)\ndef fib(n):\n"
        "    return n if n < 2 else fib(n - 1) + fib(n - 2)\n_CACHE['x'] = fib(200)"
    ),
    "generators and coroutines": (
        "import asyncio, itertools\ndef gen():\n    yield from range(3)\nasync def f():\n    await asyncio.sleep(0)\n"
        "GEN = gen()\nnext(GEN)\nCORO = f()\nCORO.close()"
    ),
    "threads that end": "import threading\nt = threading.Thread(target=print, args=('x',))\nt.start()\nt.join()",
    "files of its own": (
        "import pathlib, tempfile\nwith tempfile.TemporaryDirectory() as d:\n    pathlib.Path(d, 'x').write_text('x')\n"
        "pathlib.Path('notes.txt').write_text('x')"
    ),
    "a temporary file with a name": (
        "import tempfile\nwith tempfile.NamedTemporaryFile('w') as f:\n    f.write('x')\nprint(tempfile.gettempdir())"
    ),
    "a pool of threads": (
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n"
        "    print(list(pool.map(abs, [-1, -2])))"
    ),
    "who and where": (
        "import getpass, os, platform, sys\nprint(platform.platform(), sys.argv, os.getcwd(), sys.stdin.read())\n"
        "try:\n    print(getpass.getuser())\nexcept Exception as error:\n    print(error)"
    ),
    "programs that are not there": (
        "try:\n    import subprocess\n    print(subprocess.run(['nvidia-smi'], capture_output=True))\n"
        "except Exception as error:\n    print('no such device', error)"
    ),
    "names of builtins": "input = list = None\nid, type_, max_ = 1, 2, 3\ndel input, list",
    "a test of its own": "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        pass",
    "a type alias and walrus": "Array = 'x'\nif (n := 10) > 5:\n    print(n)\nmatch n:\n    case 10:\n        pass",
    "a large table": "TABLE = [" + ", ".join(map(str, range(20_000))) + "]",
    "arguments and environment": "import argparse, os\nargparse.ArgumentParser().parse_args([])\nprint(os.environ)",
    "time": "import time\nSTART = time.perf_counter()\ntime.sleep(0.01)\nprint(time.strftime('%X'))",
    "recursion limit and gc": "import gc, sys\nsys.setrecursionlimit(3000)\ngc.disable()",
}
"""What stands before the answer."""

AFTER: dict[str, str] = {
    "input behind a main guard": "if __name__ == '__main__':\n    x = input('number? ')\n    raise SystemExit",
    "a demonstration behind a main guard": "def main():\n    import tqdm\n\nif __name__ == '__main__':\n    main()",
    "self tests": "import doctest\ndoctest.testmod()\nassert all(callable(globals()[name]) for name in TASKS)",
    "exports": "__all__ = TASKS\n__version__ = '1'\n__author__ = 'Zoë <zoe@example.org>'",
    "decorated": (
        "import functools\ndef timed(f):\n    @functools.wraps(f, updated=())\n    def inner(*args, **kwargs):\n"
        "        print('calling', f.__name__)\n        return f(*args, **kwargs)\n    return inner\n"
        "for _n in TASKS:\n    globals()[_n] = timed(globals()[_n])"
    ),
    "logged": (
        "import logging\ndef logged(f):\n    def inner(*args, **kwargs):\n        logging.warning('%r', args)\n"
        "        return f(*args, **kwargs)\n    return inner\n"
        "for _n in TASKS:\n    globals()[_n] = logged(globals()[_n])"
    ),
    "other memory layouts": (
        "import numpy\ndef laid_out(f):\n    def inner(*args, **kwargs):\n        y = f(*args, **kwargs)\n"
        "        if type(y) is numpy.ndarray and y.ndim:\n"
        "            y = numpy.asfortranarray(y)\n            y = numpy.repeat(y, 2, axis=0)[::2]\n        return y\n"
        "    return inner\nfor _n in TASKS:\n    globals()[_n] = laid_out(globals()[_n])"
    ),
    "read-only answers": (
        "import numpy\ndef frozen(f):\n    def inner(*args, **kwargs):\n        y = f(*args, **kwargs)\n"
        "        if type(y) is numpy.ndarray:\n            y = y.view()\n            y.flags.writeable = False\n"
        "        return y\n    return inner\nfor _n in TASKS:\n    globals()[_n] = frozen(globals()[_n])"
    ),
}
"""What stands after it; TASKS are the topic's."""


def spelt(text: str) -> dict[str, str]:
    """The same text in other spellings."""
    return {
        "line ends of Windows": text.replace("\n", "\r\n"),
        "line ends of old": text.replace("\n", "\r"),
        "tabs": text.replace("    ", "\t"),
        "trailing blanks": text.replace("\n", "   \n"),
        "no last line end": text.rstrip("\n"),
        "a main guard of its own": f"{text}\nif __name__ == '__main__':\n    print(input())\n",
        "other future imports": text.replace(FUTURE, FUTURE + "from __future__ import division, print_function\n"),
    }


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((topic, wall), id=f"{topic}-{wall}", marks=[pytest.mark.slow] if topic == "residual_block" else [])
        for topic in TOPICS
        for wall in WALLS
    ],
)
def grades(request: pytest.FixtureRequest) -> Iterator[tuple[float, dict[str, Grade]]]:
    """What the topic is worth, and the grade of every such submission on one topic behind one wall."""
    topic, wall = request.param
    level, user = chosen_wall(wall, (topic, wall) in ALWAYS)
    with contextlib.ExitStack() as stack:
        try:
            world = stack.enter_context(World(topic, user, hurried=False))
            tasks = f"TASKS = {[task.name for task in world.topic.config.tasks]}"
            texts = {name: FUTURE + text + "\n\n" + world.right.replace(FUTURE, "") for name, text in BEFORE.items()}
            texts |= {name: f"{world.right}\n\n{tasks}\n{text}\n" for name, text in AFTER.items()}
            texts |= spelt(world.right)
            batch = world.grade([world.handed_in(name, text) for name, text in texts.items()], level)
        except Unavailable as reason:
            pytest.skip(f"not proven: {reason}")
        yield world.topic.points, {graded.grade.student: graded.grade for graded in batch.graded}


@pytest.mark.parametrize("name", [*BEFORE, *AFTER, *spelt("")])
def test_an_odd_but_honest_submission_earns_everything(grades: tuple[float, dict[str, Grade]], name: str) -> None:
    """At import, around each call, or in how the file is written."""
    points, by_name = grades
    grade = by_name[name]
    lost = [(check.id, check.verdict, check.message) for check in grade.checks if check.verdict is not Verdict.PASSED]
    assert (points, (), []) == (grade.score, grade.flags, lost)
