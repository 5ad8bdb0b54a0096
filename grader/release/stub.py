"""From a reference to the stub that is released: each solution region becomes one ``raise NotImplementedError``."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import msgspec

from grader.core.errors import CourseError
from grader.core.review import Review
from grader.core.topic import Topic, required_text

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"

_ALMOST_A_MARKER = re.compile(r"(BEGIN|END)[ _-]*SOLUTION", re.IGNORECASE)

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Region(msgspec.Struct, frozen=True):
    """A solution region: the lines of its two markers, from 1, and the text between them."""

    begin: int
    end: int
    text: str


class _Place(msgspec.Struct, frozen=True):
    """Where a region's statements stand: the definitions around them, outermost first, and their indentation."""

    around: tuple[_Definition, ...]
    indent: str


def released_source(topic: Topic) -> str:
    """What students get as ``<slug>.py``: an exercise's stub, or a review's code with every bug in."""
    if topic.config.kind == "review":
        code = Review(topic).planted()
        _parse(code, f"the planted {topic.slug}.py")
        return code
    return make_stub(required_text(topic.reference), topic.slug)


def make_stub(source: str, slug: str) -> str:
    """The reference ``source`` without its solution regions.

    A region in a function raises NotImplementedError there; one in a class gives the class a raising ``__init__``
    (the stub must import), unless it has its own; one at module level is dropped. CourseError if markers are
    unbalanced or nested, a region holds no whole statement of one block, or the result does not compile.
    """
    tree = _parse(source, f"{slug}.py")
    lines = list(io.StringIO(source))
    stub: list[str] = []
    copied = 0
    for region in find_regions(source, slug):
        stub += lines[copied : region.begin - 1]
        copied = region.end
        replacement = _replacement(_place(tree, region, lines, slug), region, slug)
        if replacement:
            stub.append(replacement)
        elif stub and stub[-1].isspace():
            while copied < len(lines) and lines[copied].isspace():
                copied += 1
    text = "".join(stub + lines[copied:])
    _parse(text, f"the stub of {slug}.py")
    return text


def find_regions(source: str, slug: str) -> list[Region]:
    """The solution regions of ``source`` in order; CourseError if a marker is unbalanced, nested or misspelt."""
    _parse(source, f"{slug}.py")
    lines = list(io.StringIO(source))
    regions = []
    begin = 0
    for number, marker in _markers(source, slug):
        if (marker == BEGIN) == bool(begin):
            fault = "begins inside another" if begin else "ends, but none began"
            raise CourseError(f"{slug}.py, line {number}: a solution region {fault}")
        if begin:
            regions.append(Region(begin, number, "".join(lines[begin : number - 1])))
        begin = number if marker == BEGIN else 0
    if begin:
        raise CourseError(f"{slug}.py, line {begin}: a solution region begins and never ends: add {END}")
    return regions


def _parse(source: str, name: str) -> ast.Module:
    try:
        tree = ast.parse(source)
        compile(tree, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise CourseError(f"{name}{line}: it does not compile: {error}") from None
    return tree


def _markers(source: str, slug: str) -> Iterator[tuple[int, str]]:
    """Line and text of each marker; what only looks like one is refused, since it would release a solution."""
    comments = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#")
    }
    for number, line in enumerate(io.StringIO(source), start=1):
        if _ALMOST_A_MARKER.search(line):
            if comments.get(number, "").rstrip() not in (BEGIN, END):
                raise CourseError(f"{slug}.py, line {number}: write {BEGIN} or {END}, alone on its line, or neither")
            yield number, comments[number].rstrip()


def _place(tree: ast.Module, region: Region, lines: list[str], slug: str) -> _Place:
    statements = list(_statements_within(tree, region, ()))
    where = f"{slug}.py, line {region.begin}: the solution region"
    if not statements:
        raise CourseError(f"{where} holds no statement")
    if any(block is not statements[0][1] for _, block, _ in statements):
        raise CourseError(f"{where} must begin and end in one block")
    first, _, around = statements[0]
    if any(first_line(other) < region.end <= (other.end_lineno or 0) for other, _, _ in statements):
        raise CourseError(f"{where} ends inside a statement")
    line = lines[first_line(first) - 1]
    return _Place(around, line[: len(line) - len(line.lstrip())])


def _statements_within(
    node: ast.AST, region: Region, around: tuple[_Definition, ...]
) -> Iterator[tuple[ast.stmt, ast.AST, tuple[_Definition, ...]]]:
    """The outermost statements that begin in ``region``, each with its block and the definitions around it."""
    if isinstance(node, _Definition):
        around = (*around, node)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt) and region.begin < first_line(child) < region.end:
            yield child, node, around
        else:
            yield from _statements_within(child, region, around)


def first_line(statement: ast.stmt) -> int:
    """The line, from 1, on which ``statement`` or its first decorator begins."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _replacement(place: _Place, region: Region, slug: str) -> str:
    if not place.around:
        return ""
    owner = place.around[-1]
    name = ".".join(definition.name for definition in place.around).removesuffix(".__init__")
    fault = f'raise NotImplementedError("{slug}: {name}")\n'
    if not isinstance(owner, ast.ClassDef):
        return place.indent + fault
    for statement in owner.body:
        inside = region.begin < statement.lineno < region.end
        if isinstance(statement, _Definition) and statement.name == "__init__" and not inside:
            return ""
    return f"{place.indent}def __init__(self, *args: object, **kwargs: object) -> None:\n{place.indent}    {fault}"
