"""What must be readable for a worker to run: the interpreter, a few packages, and the engine's four.

The tests, the solutions, the gradebook and other submissions are not in any list here, and neither is torch under the
``numpy`` runtime.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from pathlib import Path
from typing import Final

import msgspec

from grader.core.errors import SandboxError

PYTHON_FLAGS: Final = ("-P", "-s", "-S", "-B")
"""As -I, but for the environment's PYTHON names, of which none but HASHING may be given: -I would ignore it too."""

HASHING: Final = {"PYTHONHASHSEED": "0"}
"""A set of strings has one order in every worker, so that no grade depends on it."""

_ZYGOTE_PACKAGES: Final = ("msgspec", "landlockpy", "seccompy")
_PACKAGES: Final = ("numpy", *_ZYGOTE_PACKAGES)
_TORCH_PACKAGES: Final = (
    "torch",
    "torchgen",
    "functorch",
    "filelock",
    "fsspec",
    "jinja2",
    "markupsafe",
    "mpmath",
    "networkx",
    "sympy",
    "typing_extensions",
)
_ENGINE: Final = Path(__file__).resolve().parents[1]
_FOREIGN: Final = ("site-packages", "dist-packages")


class RuntimeFiles(msgspec.Struct, frozen=True):
    """Files and folders of a runtime, by their paths on this host.

    ``covered`` are folders inside ``system`` that must look empty: other people's packages. ``engine`` is what only
    the zygote reads: its workers find it imported.
    """

    executable: str
    search: tuple[str, ...]
    system: tuple[str, ...]
    covered: tuple[str, ...]
    packages: tuple[str, ...]
    engine: tuple[str, ...]

    def readable(self, covers: bool) -> tuple[str, ...]:
        """What a worker may read; without ``covers``, folders that hold covered ones are listed entry by entry."""
        if covers:
            return (*self.system, *self.packages)
        system: list[str] = []
        for path in self.system:
            inside = [cover for cover in self.covered if cover.startswith(path + os.sep)]
            system += _entries_without(Path(path), inside) if inside else [path]
        return (*system, *self.packages)


def runtime_files(runtime: str) -> RuntimeFiles:
    """What the ``numpy`` or ``torch`` runtime of this interpreter consists of; SandboxError if a package is missing."""
    names = _PACKAGES + (_TORCH_PACKAGES if runtime == "torch" else ())
    packages: list[str] = []
    engine = [str(_ENGINE / part) for part in ("__init__.py", "core", "wire", "worker")]
    search: list[str] = []
    for name in names:
        path = _package(name)
        if path is None:
            if name in ("torch", *_PACKAGES):
                raise SandboxError(f"the {runtime} runtime needs {name}: pip install {name}")
            continue
        (engine if name in _ZYGOTE_PACKAGES else packages).append(str(path))
        search.append(str(path.parent))
        bundled = path.parent / f"{name}.libs"
        if bundled.is_dir():
            packages.append(str(bundled))
    system = _system()
    return RuntimeFiles(
        executable=_interpreter(),
        search=tuple(dict.fromkeys([str(_ENGINE.parent), *search])),
        system=system,
        covered=_covered(system),
        packages=tuple(packages),
        engine=tuple(engine),
    )


def runtime_search(runtime: str) -> tuple[str, ...]:
    """The folders from which a worker imports its runtime and the engine."""
    names = ("msgspec", "numpy", *(_TORCH_PACKAGES if runtime == "torch" else ()))
    found = [str(path.parent) for path in map(_package, names) if path is not None]
    return tuple(dict.fromkeys([str(_ENGINE.parent), *found]))


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]).resolve()
    return Path(spec.origin).resolve() if spec.origin else None


def _interpreter() -> str:
    """The interpreter that a virtual environment was made from: a copy in the environment finds no library alone."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _system() -> tuple[str, ...]:
    executable = _interpreter()
    stdlib = os.path.realpath(sysconfig.get_path("stdlib"))
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    candidates = [executable, stdlib, "/etc/ld.so.cache"]
    # The loader and the C library; a whole folder, since extension modules load further libraries when first used.
    for folder in ("/lib", "/usr/lib"):
        candidates += [f"{folder}/{multiarch}"] if multiarch else []
        candidates += [f"{folder}64"]
    library = sysconfig.get_config_var("LDLIBRARY") or ""
    if ".so" in library:
        # Shared libpython of an interpreter that was built outside the system's folders.
        home = Path(executable).parents[1] / "lib"
        candidates += [str(path) for path in sorted(home.glob("libpython3*.so*"))]
    found = [os.path.realpath(path) for path in candidates if os.path.exists(path)]
    return tuple(dict.fromkeys(found))


def _covered(system: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for path in system:
        for name in _FOREIGN:
            found += [str(Path(path) / name)] + [str(p) for p in Path(path).glob(f"python3*/{name}")]
    return tuple(path for path in dict.fromkeys(found) if os.path.isdir(path))


def _entries_without(folder: Path, covered: list[str]) -> list[str]:
    entries: list[str] = []
    for path in sorted(folder.iterdir()):
        if str(path) in covered:
            continue
        inside = [cover for cover in covered if cover.startswith(str(path) + os.sep)]
        entries += _entries_without(path, inside) if inside else [str(path)]
    return entries
