"""A copyist at work: the same program under other names, in another order and layout."""

from __future__ import annotations

import ast
import builtins
import random


class _Renamer(ast.NodeTransformer):
    """Gives every name that the text itself binds another one; the functions that a topic asks for keep theirs."""

    def __init__(self, keep: frozenset[str]) -> None:
        self._keep = keep | frozenset(dir(builtins))
        self._names: dict[str, str] = {}

    def _new(self, name: str) -> str:
        return name if name in self._keep else self._names.setdefault(name, f"renamed_{len(self._names)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A variable."""
        node.id = self._new(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """A parameter keeps its name in public functions' calls by name: here all are renamed."""
        node.arg = self._new(node.arg)
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A helper."""
        node.name = self._new(node.name)
        node.returns = None
        self.generic_visit(node)
        return node


def disguised(text: str, keep: frozenset[str], seed: int = 0) -> str:
    """``text`` with names changed, functions in another order, other comments, docstrings and layout."""
    tree = ast.parse(text)
    _Renamer(keep | {"np", "numpy"}).visit(tree)
    chance = random.Random(seed)
    moved = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    rest = [node for node in tree.body if node not in moved]
    chance.shuffle(moved)
    tree.body = [*rest, *moved]
    lines = []
    for line in ast.unparse(tree).split("\n"):
        lines.append(line + ("  # my own idea" if line.strip() and chance.random() < 0.3 else ""))
        if line.endswith(":"):
            indent = " " * (len(line) - len(line.lstrip()) + 4)
            lines.append(f'{indent}"""I thought of this."""' if line.lstrip().startswith("def") else "")
    return "\n".join(lines)
