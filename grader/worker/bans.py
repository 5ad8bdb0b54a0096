"""Names a topic bans, looked for in the syntax tree and refused at run time.

The scan resolves aliases (``import numpy as np``, ``from torch.nn import functional as F``) and constant strings given
to ``getattr``, ``__import__`` and ``importlib.import_module``, so that an honest slip is told by line. What it can't
see (``exec``, computed names) the second layer refuses: banned modules can't be imported, banned callables raise.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

from grader.wire.messages import Ban, Place


class ForbiddenName(Exception):
    """The submission uses ``name``, which the topic bans."""

    def __init__(self, name: str, place: Place | None = None) -> None:
        super().__init__(f"{name} is banned in this topic")
        self.name, self.place = name, place


_BY_STRING: Final = ("getattr", "__import__", "import_module")
"""What reaches a name by a string, which may be written in many ways."""


class Banned:
    """The bans of a topic: a dotted name bans itself and everything below it."""

    def __init__(self, bans: tuple[Ban, ...]) -> None:
        self.names = tuple(ban.name for ban in bans)
        self._words = (*(name.rpartition(".")[2] for name in self.names), *_BY_STRING)

    def match(self, dotted: str) -> str | None:
        """The ban that covers ``dotted``, or None."""
        return next((name for name in self.names if dotted == name or dotted.startswith(name + ".")), None)

    def may_be_in(self, text: str) -> bool:
        """Whether a scan of ``text`` could find anything at all; no is certain, and by far cheaper than a scan.

        What a scan finds ends in a ban's last part, as a name, which Python reads in its normal form (NFKC), or in a
        string that is given to one of three functions.
        """
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)
        return any(word in text for word in self._words)

    def scan(self, trees: Sequence[tuple[int, ast.Module]]) -> None:
        """Raise ForbiddenName, with its place, for the first banned name used in the numbered cells' ``trees``."""
        scanner = _Scanner(self)
        for cell, tree in trees:
            scanner.cell = cell
            scanner.scan(tree)

    def arm(self) -> None:
        """From now on banned modules can't be imported, and what is banned of loaded ones raises when used."""
        sys.meta_path.insert(0, _ImportGuard(self))
        for name in self.names:
            sys.modules.pop(name, None)
            parent, _, attribute = name.rpartition(".")
            owner = sys.modules.get(parent)
            if owner is not None:
                # Without asking whether it is there: NumPy would import a lazy submodule to answer.
                setattr(owner, attribute, _Refusing(name))


class _Refusing:
    """Stands in for a banned callable or module."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise ForbiddenName(self._name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise ForbiddenName(self._name)


class _ImportGuard(importlib.abc.MetaPathFinder):
    def __init__(self, banned: Banned) -> None:
        self._banned = banned

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """Refuse a banned module; leave the others to the finders that follow."""
        found = self._banned.match(name)
        if found is not None:
            raise ForbiddenName(found)
        return None


_LEAVES: Final = frozenset(
    kind
    for base in (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    for kind in base.__subclasses__()
) | {ast.Name, ast.Constant}
"""What holds no name that could be banned, and nothing below it that could."""


class _Scanner:
    def __init__(self, banned: Banned) -> None:
        self._banned = banned
        self._aliases: dict[str, str] = {}
        self.cell = 0

    def scan(self, tree: ast.Module) -> None:
        """Every node in the order of the text; not by recursion, which a long sum would take too deep."""
        # Read once a node, of which a submission has thousands: nothing here may cost much.
        visits: dict[type[ast.AST], Callable[[Any], None]] = {
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Assign: self._assign,
        }
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop()
            visit = visits.get(type(node))
            if visit is not None:
                visit(node)
            children: list[ast.AST] = []
            for name in node._fields:
                field = getattr(node, name, None)
                if type(field) is list:
                    children += [item for item in field if isinstance(item, ast.AST)]
                elif isinstance(field, ast.AST) and type(field) not in _LEAVES:
                    children.append(field)
            children.reverse()
            waiting += children

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._refuse(alias.name, node)
            self._aliases[alias.asname or alias.name.partition(".")[0]] = (
                alias.name if alias.asname else alias.name.partition(".")[0]
            )

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level == 0:
            self._refuse(module, node)
        for alias in node.names:
            if alias.name == "*":
                continue
            self._refuse(f"{module}.{alias.name}", node)
            self._aliases[alias.asname or alias.name] = f"{module}.{alias.name}"

    def _attribute(self, node: ast.Attribute) -> None:
        dotted = self._dotted(node)
        if dotted is not None:
            self._refuse(dotted, node)

    def _call(self, node: ast.Call) -> None:
        function = self._dotted(node.func)
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if function in ("__import__", "importlib.import_module", "builtins.__import__") and words:
            self._refuse(words[0], node)
        if function == "getattr" and len(node.args) >= 2 and words:
            owner = self._dotted(node.args[0])
            if owner is not None:
                self._refuse(f"{owner}.{words[0]}", node)

    def _assign(self, node: ast.Assign) -> None:
        dotted = self._dotted(node.value)
        if dotted is not None and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._aliases[node.targets[0].id] = dotted

    def _dotted(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        parts.append(self._aliases.get(node.id, node.id))
        return ".".join(reversed(parts))

    def _refuse(self, dotted: str, node: ast.stmt | ast.expr) -> None:
        found = self._banned.match(dotted)
        if found is not None:
            raise ForbiddenName(found, Place(self.cell, node.lineno))
