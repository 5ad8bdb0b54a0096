"""What a submission finds when it imports what its runtime does not hold."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.core.topic import Limits
from grader.sandbox.zygote import Zygote
from grader.tests.zygotes import evaluate, result, started
from grader.worker.imports import ReadableOnly


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_a_package_of_the_host_looks_as_if_it_were_not_there(level: str) -> None:
    """At either level an import that a submission can do without raises what it expects."""
    with started(level) as zygote:
        assert "ModuleNotFoundError" == evaluate(zygote, "__import__('click')")
        assert "ModuleNotFoundError" == evaluate(zygote, "__import__('no_such_package')")
        assert evaluate(zygote, "__import__('sqlite3').__name__ + __import__('numpy.fft').__name__") == "sqlite3numpy"


def test_only_what_lies_beneath_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file by its own name, a folder with all in it; a name that only begins alike is another."""
    for name in ("seen", "seen_not"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "alone.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    finder = ReadableOnly([str(tmp_path / "seen"), str(tmp_path / "alone.py")])

    found = [name for name in ("seen", "alone", "seen_not", "sys", "no_such_package") if finder.find_spec(name)]
    assert ["seen", "alone"] == found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
@pytest.mark.parametrize("level", ["full", "landlock"])
@pytest.mark.parametrize("trains", [True, False], ids=["imported", "not imported"])
def test_an_optimizer_steps_whether_or_not_the_zygote_has_imported_what_it_needs(level: str, trains: bool) -> None:
    """A topic that has nothing to do with optimizers starts without them; a submission may use one all the same."""
    pytest.importorskip("torch")
    step = "__import__('torch').optim.SGD(__import__('torch').nn.Linear(2, 2).parameters(), lr=0.1).step() is None"
    with started(level), Zygote("torch", level, Limits(submission_seconds=60), trains=trains) as zygote:
        worker = zygote.fork()
        try:
            assert result(worker, step) is True
        finally:
            worker.close()
