"""A suite's calls with what the reference answers, as checks that run in the student's own interpreter.

Other graders are given these: the same calls, on the same objects, with the same values to compare. A value that is not
the same in a second run, such as weights that are drawn, is compared by its shape.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.core.topic import Topic
from grader.session.inprocess import InProcessTransport
from grader.session.recorder import Exchange, Recorder
from grader.session.suite import Runner, run_suite
from grader.wire import messages as m
from grader.wire.codec import Codec

_CHECKS: Final = """
import pickle
import types

import numpy as np

with open({cases!r}, "rb") as file:
    CASES, PROBES = pickle.load(file)


def check(task, names):
    probes = {{"submission": types.SimpleNamespace(**names)}}
    exec(PROBES, probes)
    objects = {{}}
    for kind, target, args, kwargs, expected, raised in CASES[task]:
        args, kwargs = put(args, objects), put(kwargs, objects)
        try:
            if kind == "attribute":
                actual = getattr(objects[target], *args)
            elif kind == "items":
                actual = [item for item, _ in zip(objects[target], range(*args))]
            else:
                actual = {{"name": names, "probe": probes, "object": objects}}[kind][target](*args, **kwargs)
        except Exception as error:
            assert raised in [base.__name__ for base in type(error).__mro__]
        else:
            assert not raised
            compare(actual, expected, objects)


def put(value, objects):
    if type(value) is dict and value.keys() == {{"object"}}:
        return objects[value["object"]]
    if type(value) is dict:
        return {{key: put(item, objects) for key, item in value.items()}}
    return type(value)(put(item, objects) for item in value) if type(value) in (list, tuple) else value


def compare(actual, expected, objects):
    if type(expected) is dict and expected.keys() == {{"object"}}:
        objects[expected["object"]] = actual
    elif type(expected) is dict and expected.keys() == {{"shape"}}:
        assert expected["shape"] is None or tuple(actual.shape) == expected["shape"]
    elif type(expected) is dict:
        assert actual.keys() == expected.keys()
        for key in expected:
            compare(actual[key], expected[key], objects)
    elif type(expected) in (list, tuple):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected):
            compare(one, other, objects)
    elif hasattr(expected, "shape") or type(expected) is float:
        actual = actual.detach() if hasattr(actual, "detach") else actual
        np.testing.assert_allclose(actual, expected, rtol={rtol}, atol={atol})
    else:
        assert actual == expected
"""

Case = tuple[str, str | int, Any, dict[str, Any], Any, str]
"""How it is called, what is called, its arguments, what it returns, the exception it raises; an object is a number."""

_REDRAWN: Final = "\n\nimport torch as _torch\n\n_torch.rand(1)\n"
"""Makes every later draw another one, and changes nothing else."""


def write_checks(topic: Topic, folder: Path) -> list[str]:
    """Write ``checks.py`` to ``folder``, whose ``check(task, names)`` raises if a task is wrong; returns the tasks."""
    torch = topic.config.runtime == "torch"
    once, again = _exchanges(topic, ""), _exchanges(topic, _REDRAWN if torch else "")
    codec = Codec(sys.modules.get("torch") if torch else None, from_handle=lambda ref: {"object": ref.number})
    cases: dict[str, list[Case]] = {task.name: [] for task in topic.config.tasks}
    for (task, exchanges), (_, others) in zip(once, again, strict=True):
        for (request, reply), (_, other) in zip(exchanges, others, strict=True):
            cases[task].append(_case(codec, request, reply, other))
    file = folder / "cases.pickle"
    file.write_bytes(pickle.dumps((cases, topic.probes or "")))
    tolerance = topic.config.tolerance
    text = _CHECKS.format(cases=str(file), rtol=tolerance.rtol, atol=tolerance.atol)
    (folder / "checks.py").write_text(text, encoding="utf-8")
    return list(cases)


def _exchanges(topic: Topic, more: str) -> list[tuple[str, list[Exchange]]]:
    """What the reference, with ``more`` at its end, was asked and answered: task by task, in the suite's order."""
    recorder = Recorder(passed=True)
    tasks: dict[str, str] = {}

    def body(runner: Runner) -> None:
        text = topic.reference.read_text(encoding="utf-8") + more
        load = runner.load_message([m.Cell(text, topic.reference.name)], False)
        # What is refused once in this process stays refused, for whatever else it does.
        runner.run(msgspec.structs.replace(load, banned=()), InProcessTransport, recorder=recorder)
        tasks.update({spec.id: spec.task for spec in runner.specs})

    run_suite(topic, body)
    return [(tasks[check], exchanges) for (check, _), exchanges in recorder.exchanges.items()]


def _case(codec: Codec, request: m.ToWorker, reply: object, again: object) -> Case:
    expected: Any = None
    if isinstance(reply, m.Returned) and isinstance(again, m.Returned):
        first, second = codec.unpack(reply.value)[0], codec.unpack(again.value)[0]
        expected = first if reply.value == again.value else _in_common(first, second)
    raised = reply.bases[0] if isinstance(reply, m.Raised) else ""
    if isinstance(request, m.Attribute):
        return ("attribute", request.handle, (request.name,), {}, expected, raised)
    if isinstance(request, m.Items):
        return ("items", request.handle, (request.limit,), {}, expected, raised)
    assert isinstance(request, m.Call)
    args = codec.unpack(*request.args)
    kwargs = dict(zip(request.kwargs, codec.unpack(*request.kwargs.values()), strict=True))
    if request.handle is not None:
        return ("object", request.handle, args, kwargs, expected, raised)
    return ("probe" if request.probe else "name", request.name, args, kwargs, expected, raised)


def _in_common(first: Any, second: Any) -> Any:
    """What two runs agree in: a value that differs is replaced by its shape."""
    if type(first) is dict and type(second) is dict and first.keys() == second.keys():
        return {key: _in_common(first[key], second[key]) for key in first}
    if type(first) in (list, tuple) and type(second) is type(first) and len(first) == len(second):
        return type(first)(_in_common(one, other) for one, other in zip(first, second, strict=True))
    if hasattr(first, "shape"):
        return {"shape": tuple(first.shape) if tuple(first.shape) == tuple(second.shape) else None}
    return first if first == second else {"shape": None}
