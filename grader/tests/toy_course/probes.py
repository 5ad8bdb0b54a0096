"""What runs beside a submission to the toy."""

from typing import Any


def steps(counter: Any, times: int) -> list[int]:
    """What ``times`` steps of ``counter`` return."""
    return [counter.step() for _ in range(times)]
