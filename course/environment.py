"""The one environment that every tox environment shares, so that torch is installed once.

``python course/environment.py pytest -q`` makes ``.tox/shared`` if it is missing or out of date, installs the course
into it, and runs that command there. Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".tox" / "shared"
LOCK_SECONDS = 1800


def ensure() -> Path:
    """The folder of the environment's programs, installed for today's ``pyproject.toml``."""
    programs = FOLDER / ("Scripts" if os.name == "nt" else "bin")
    stamp = FOLDER / "installed"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    with _Lock():
        if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
            print(f"installing the course into {FOLDER} (once)", flush=True)
            shutil.rmtree(FOLDER, ignore_errors=True)
            venv.create(FOLDER, symlinks=os.name != "nt", with_pip=True)
            # A student's bundle has no tests of the engine, and needs no tools to run them.
            what = f"{ROOT}[dev]" if (ROOT / "grader" / "tests").is_dir() else str(ROOT)
            pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "--editable", what], check=True)
            stamp.write_text(wanted, encoding="ascii")
    return programs


class _Lock:
    """One installation at a time; a lock that a killed run left behind is broken after a while."""

    def __init__(self) -> None:
        self._folder = FOLDER.with_suffix(".lock")

    def __enter__(self) -> None:
        FOLDER.parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                self._folder.mkdir()
                return
            except FileExistsError:
                if time.time() - self._folder.stat().st_mtime > LOCK_SECONDS:
                    self._folder.rmdir()
                time.sleep(0.5)

    def __exit__(self, *exc: object) -> None:
        self._folder.rmdir()


def main(command: list[str]) -> int:
    """Run ``command``, a program of the environment, in it; returns its exit code."""
    try:
        programs = ensure()
    except subprocess.CalledProcessError as error:
        print(f"the course could not be installed (pip: {error.returncode}); see above", file=sys.stderr)
        return 2
    environment = {**os.environ, "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", "")])}
    return subprocess.run([str(programs / command[0]), *command[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
