"""Answers that know nothing and must earn nothing: the stub, an identity, constants, and values of every odd kind.

They also prove the suite robust: whatever a submission returns, a check concludes something about the student; an
exception in the check itself would be an INTERNAL_ERROR, the grader's fault.
"""

from __future__ import annotations

from typing import Final

from grader.core.topic import Topic

_RETURNS: Final = {
    "none": "None",
    "first_argument": "args[0] if args else None",
    "zero": "0",
    "one": "1.0",
    "true": "True",
    "text": "'text'",
    "empty_list": "[]",
    "list_of_lists": "[[1.0, 2.0], [3.0, 4.0]]",
    "empty_tuple": "()",
    "pair": "(0, 0)",
    "triple_of_arrays": "(np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1))",
    "dict": "{'loss': 0.0}",
    "object": "object()",
    "function": "(lambda *a, **k: None)",
    "scalar_array": "np.zeros(())",
    "empty_array": "np.zeros((0, 3))",
    "zeros": "np.zeros(getattr(args[0], 'shape', (2, 2)) if args else (2, 2))",
    "ones_4d": "np.ones((2, 3, 4, 5))",
    "nan": "np.full((1, 1, 2, 2), np.nan)",
    "integers": "np.zeros((1, 1, 2, 2), dtype=np.int64)",
    "complex": "np.zeros((1, 1, 2, 2), dtype=np.complex128)",
    "strings": "np.array(['a', 'b'])",
    "huge_int": "10 ** 400",
    "generator": "(x for x in range(3))",
}


def baselines(topic: Topic) -> dict[str, str]:
    """Name and text of each such answer, every task answered alike."""
    return {f"returns_{name}": _module(topic, value) for name, value in _RETURNS.items()}


def _module(topic: Topic, value: str) -> str:
    functions = "\n\n\n".join(f"def {task.name}(*args, **kwargs):\n    return {value}" for task in topic.config.tasks)
    return f"import numpy as np\n\n\n{functions}\n"
