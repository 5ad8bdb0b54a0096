"""A submission that draws without a seed draws the same whoever grades it, and so earns the same."""

from __future__ import annotations

from typing import Any

import pytest

from grader.core.topic import Runtime
from grader.sandbox.plain import PlainWorker
from grader.session.inprocess import InProcessTransport
from grader.tests.zygotes import evaluate, result, started
from grader.wire import messages as m
from grader.wire.codec import Codec

NUMBERS = "__import__('random').random(), float(np.random.random())"
TORCHS = "float(__import__('torch').rand(()))"
SETTINGS = "[*__import__('sys').flags, *__import__('sys').path]"
ORDER = "list({'cat', 'dog', 'fox', 'hen', 'owl', 'pig', 'rat', 'yak'})"


def plain(expression: str, runtime: Runtime = "numpy", seed: int = m.SEED) -> Any:
    """The value of ``expression`` in a plain worker."""
    worker = PlainWorker(runtime)
    try:
        return result(worker, expression, seed)
    finally:
        worker.close()


def in_process(expression: str) -> object:
    """The value of ``expression`` in this process."""
    transport = InProcessTransport()
    text = f"import numpy as np\n\ndef f():\n    return {expression}"
    for message in (m.Load("toy", (m.Cell(text, "toy.py"),)), m.Run()):
        transport.call(message, 10)
    reply = transport.call(m.Call(1, [], {}, name="f"), 10)
    assert isinstance(reply, m.Returned)
    return Codec().unpack(reply.value)[0]


def test_draws_are_the_same_everywhere() -> None:
    """Python's and NumPy's own generators start alike in a plain worker and under the debugger, each time."""
    numbers = plain(f"({NUMBERS})")
    assert numbers == plain(f"({NUMBERS})") == in_process(f"({NUMBERS})") == in_process(f"({NUMBERS})")


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_draws_and_orders_of_every_worker(level: str) -> None:
    """Every worker of every zygote draws what a plain one does, and goes through a set of strings in the same order."""
    expression = f"({NUMBERS}, {ORDER})"
    expected = plain(expression)
    for _ in range(2):
        with started(level) as zygote:
            assert expected == evaluate(zygote, expression) == evaluate(zygote, expression)


def test_draws_of_torch() -> None:
    """So it is with torch's, which seeds itself from the system whenever it is imported."""
    assert plain(TORCHS, "torch") == plain(TORCHS, "torch")


@pytest.mark.parametrize(("runtime", "numbers"), [("numpy", NUMBERS), ("torch", f"{NUMBERS}, {TORCHS}")])
def test_a_seed_of_its_own(runtime: Runtime, numbers: str) -> None:
    """To see what chance does, a session may ask for other draws: of all generators, and the same each time."""
    first, same, other = (plain(f"({numbers})", runtime, seed) for seed in (1, 1, 2))
    usual = plain(f"({numbers})", runtime)
    assert first == same
    assert all(len({*each}) == 3 for each in zip(first, other, usual, strict=True))


@pytest.mark.parametrize("name", ["PYTHONHASHSEED", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONOPTIMIZE"])
def test_a_plain_worker_takes_no_settings_of_pythons(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment tells Python does not reach it."""
    expected = plain(f"({ORDER}, {SETTINGS})")
    monkeypatch.setenv(name, "7")
    assert expected == plain(f"({ORDER}, {SETTINGS})")
