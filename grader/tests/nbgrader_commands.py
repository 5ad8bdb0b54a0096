"""nbgrader's own commands, each in a process of its own that is forked from one which has imported nbgrader.

Importing nbgrader, nbconvert and what they need takes a command longer than its work. What is forked has run nothing of
nbgrader's yet: working folder, environment, arguments and streams are those that a shell would give it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.tests.classroom import PATIENCE, ROOT, Ran

_PYTHON = [sys.executable, "-m", "grader.tests.nbgrader_commands"]


class Commands:
    """Runs nbgrader's commands: ``commands(folder, "autograde", "toy")``. A context manager; needs ``os.fork``."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            _PYTHON,
            env={**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=PATIENCE)

    def __call__(self, folder: Path, *arguments: str) -> Ran:
        """One command, in ``folder``, which is its home, too."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.TemporaryDirectory() as said:
            print(json.dumps([str(folder), arguments, said]), file=self._process.stdin, flush=True)
            code = int(self._process.stdout.readline())
            out, err = ((Path(said) / name).read_text(encoding="utf-8") for name in ("out", "err"))
        return Ran(code, out, err)


def serve() -> None:
    """Read a command a line from stdin, run it in a fork, and answer with its exit code, until stdin ends."""
    import nbgrader.apps.nbgraderapp
    import nbgrader.server_extensions.formgrader.apihandlers  # noqa: F401

    import grader.lms.nbgrader.configuration  # noqa: F401  what every course's configuration imports

    for line in sys.stdin:
        folder, arguments, said = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_run(folder, arguments, said))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(folder: str, arguments: list[str], said: str) -> int:
    """In the fork: the command, as ``python -m nbgrader`` runs it."""
    os.chdir(folder)
    os.environ["HOME"] = folder
    for number, name in enumerate(("in", "out", "err")):
        path = os.devnull if name == "in" else os.path.join(said, name)
        opened = os.open(path, os.O_RDONLY if name == "in" else os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["nbgrader", *arguments]
    code = 0
    try:
        from nbgrader.apps.nbgraderapp import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    serve()
