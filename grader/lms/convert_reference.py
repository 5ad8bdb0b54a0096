"""Somebody else's code cells as a reference: their regions in this course's markers, without what only shows things."""

from __future__ import annotations

import ast
import re

from grader.release.stub import BEGIN, END

MARK = re.compile(r"^([ \t]*)#+ ?(BEGIN|END) SOLUTION[ \t]*$", re.MULTILINE)

_SHOWN = ast.Expr | ast.For | ast.While | ast.With
_PLACED = ast.Assign | ast.AugAssign | ast.AnnAssign


def reference_part(text: str, *, solution: bool) -> str:
    """A cell's part of the reference; nbgrader clears a solution cell without markers as a whole, its functions here.

    Of a cell that students don't fill in, definitions, imports and constants stay: what it prints or draws does not.
    """
    text = MARK.sub(lambda mark: f"{mark[1]}### {mark[2]} SOLUTION", text).strip("\n")
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return text
    if not solution:
        return _without(text, [statement for statement in body if _only_shows(statement)])
    if BEGIN in text:
        return text
    lines = text.split("\n")
    for statement in reversed(body):
        if isinstance(statement, ast.FunctionDef):
            kept = ast.get_docstring(statement) is not None
            first = statement.body[1 if kept and len(statement.body) > 1 else 0]
            indent = " " * first.col_offset
            lines.insert(statement.end_lineno or len(lines), f"{indent}{END}")
            lines.insert(first.lineno - 1, f"{indent}{BEGIN}")
    return "\n".join(lines)


def without_unused_imports(reference: str) -> str:
    """The reference without imports of which it uses no name, such as those for plots; no Python stays as it is."""
    try:
        tree = ast.parse(reference)
    except SyntaxError:
        return reference
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    unused = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom) and getattr(statement, "module", "") != "__future__":
            bound = {(name.asname or name.name).partition(".")[0] for name in statement.names}
            if not bound & used and "*" not in bound:
                unused.append(statement)
    return _without(reference, unused)


def _only_shows(statement: ast.stmt) -> bool:
    """Whether a statement defines nothing: a call, a loop, or a setting of something else's."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return False
    if isinstance(statement, _PLACED):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return all(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)
    return isinstance(statement, _SHOWN)


def _without(text: str, statements: list[ast.stmt] | list[ast.Import | ast.ImportFrom]) -> str:
    lines = text.split("\n")
    for statement in reversed(statements):
        del lines[statement.lineno - 1 : statement.end_lineno]
    return "\n".join(lines)
