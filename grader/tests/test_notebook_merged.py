"""A notebook whose cells were merged or moved."""

from __future__ import annotations

import types

import pytest

from grader.wire.messages import Cell, Load
from grader.worker.submission import Submission, Unreadable

MERGED = '%load_ext x\n"""A module."""\n\nfrom __future__ import annotations\n\ndef f(x: Nowhere):\n    return x\n'


def loaded(text: str, *, notebook: bool) -> types.ModuleType:
    """The module of a submission of one cell."""
    module = types.ModuleType("merged")
    load = Load(module="merged", cells=(Cell(text, "merged"),), notebook=notebook, support=None, probes=None, banned=())
    assert Submission(load).run(module) == (["merged: the IPython command on line 1 was not run"] if notebook else [])
    return module


def test_a_future_import_holds_wherever_merging_put_it() -> None:
    """In a notebook; in a file Python refuses it, and so does grading."""
    assert loaded(MERGED, notebook=True).f.__annotations__ == {"x": "Nowhere"}
    with pytest.raises(Unreadable, match="__future__"):
        loaded(MERGED.removeprefix("%load_ext x\n").replace('"""A', 'x = 1\n"""A'), notebook=False)
