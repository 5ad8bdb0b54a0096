"""Small slips made in a reference on purpose, one at a time: a suite worth its name catches nearly all of them.

Only what stands in the solution regions is mutated (in a code review, in the definitions that its tasks name), and no
annotation: a comparison or an arithmetic operator is changed, a constant moved by one, a condition negated, two
elements of a tuple swapped, a statement or a keyword argument dropped. A mutant that no suite could tell from the
reference is declared in ``equivalent.toml`` beside it::

    [[mutant]]
    change = "conv2d, line 40, column 9: max(a, b) -> max(b, a)"
    reason = "max does not care"
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from grader.core.toml import read_toml
from grader.core.topic import Topic
from grader.release.stub import find_regions

REQUIRED: Final = 0.97
"""The share of mutants, declared ones left out, that a suite must kill."""

_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}

_OPERATORS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}

_REMOVABLE: Final = (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.Raise)

_NO_CODE: Final = frozenset({"annotation", "returns", "decorator_list", "type_comment"})

Change = Callable[[Any], None]


class Mutant(msgspec.Struct, frozen=True):
    """A mutated reference; ``change`` names the place and what stands there instead of what."""

    change: str
    text: str


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that is no mistake, and why."""

    change: str
    reason: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mutant: tuple[Declared, ...] = ()


def declared_equivalent(topic: Topic) -> dict[str, str]:
    """Change and reason of each mutant that the author declares equivalent; CourseError if the file is ill-formed."""
    try:
        file = read_toml(topic.path / "equivalent.toml", _File)
    except FileNotFoundError:
        return {}
    return {entry.change: entry.reason for entry in file.mutant}


def make_mutants(topic: Topic) -> list[Mutant]:
    """Every mutant of ``topic``'s reference, in the order of its lines; those with equal text once."""
    source = topic.reference.read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = _lines_of_tasks(topic, tree) if topic.config.kind == "review" else _lines_of_regions(topic, source)
    original = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for path, owner in _walk(tree, (), ""):
        node = _at(tree, path)
        if getattr(node, "lineno", 0) not in lines:
            continue
        for change in [*_changes(node), *_removals(node, path)]:
            mutated = copy.deepcopy(tree)
            change(mutated, path)
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text != original and text not in found:
                after = _words(_at(mutated, path))
                place = f"{owner}, line {node.lineno}, column {node.col_offset + 1}"
                found[text] = Mutant(f"{place}: {_words(node)} -> {after}", text)
    return list(found.values())


Path = tuple[tuple[str, int | None], ...]


def _lines_of_regions(topic: Topic, source: str) -> set[int]:
    return {line for region in find_regions(source, topic.slug) for line in range(region.begin, region.end + 1)}


def _lines_of_tasks(topic: Topic, tree: ast.Module) -> set[int]:
    """A review's reader may change any line; these are the ones that the tasks promise something about."""
    tasks = {task.name for task in topic.config.tasks}
    return {
        line
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in tasks
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def _walk(node: ast.AST, path: Path, owner: str) -> Iterator[tuple[Path, str]]:
    """Every node below ``node`` that holds code, by its path, with the name of the function or class it is in."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        owner = f"{owner}.{node.name}".lstrip(".")
    for name, value in ast.iter_fields(node):
        if name in _NO_CODE:
            continue
        for position, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                here = (*path, (name, position))
                yield here, owner
                yield from _walk(child, here, owner)


def _at(tree: ast.AST, path: Path) -> Any:
    node: Any = tree
    for name, position in path:
        node = getattr(node, name) if position is None else getattr(node, name)[position]
    return node


def _removals(node: ast.AST, path: Path) -> Iterator[Callable[[ast.AST, Path], None]]:
    """``pass`` for a statement that does something."""
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, _REMOVABLE) and not is_docstring and path[-1][1] is not None:
        yield lambda tree, path: getattr(_at(tree, path[:-1]), path[-1][0]).__setitem__(path[-1][1], ast.Pass())


def _changes(node: ast.AST) -> Iterator[Callable[[ast.AST, Path], None]]:
    for change in _changes_in_place(node):
        yield lambda tree, path, change=change: change(_at(tree, path))  # type: ignore[misc]


def _changes_in_place(node: ast.AST) -> Iterator[Change]:
    """What can be done to ``node``, each a function that does it in place."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        yield lambda n: n.ops.__setitem__(0, _COMPARISONS[type(n.ops[0])]())
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _OPERATORS:
        yield lambda n: setattr(n, "op", _OPERATORS[type(n.op)]())
    if isinstance(node, ast.BoolOp):
        yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield lambda n: setattr(n, "op", ast.UAdd())
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda n: setattr(n, "value", n.value + 1)
        yield lambda n: setattr(n, "value", n.value - 1)
    if isinstance(node, ast.Tuple) and len(node.elts) >= 2 and ast.dump(node.elts[0]) != ast.dump(node.elts[1]):
        yield lambda n: n.elts.__setitem__(slice(0, 2), [n.elts[1], n.elts[0]])
    if isinstance(node, ast.Call):
        for number in range(len(node.keywords)):
            yield lambda n, number=number: n.keywords.pop(number)  # type: ignore[misc]


def _words(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 100 else text[:99] + "…"
