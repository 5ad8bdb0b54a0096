"""Somebody else's asserts as this course's own comparisons, and names of the solution as ``student.name``.

What a test of theirs does to the solution from within (deletes a function, asks for a class of an instance) can't be
asked from outside: it is left out, and said.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import msgspec

_CLOSE = {"assert_allclose", "assert_array_almost_equal"}
_EXACT = {"assert_array_equal"}
_TRUTH = {
    f"{module}.{name}"
    for module, name in (
        ("np", "allclose"),
        ("np", "isclose"),
        ("np", "array_equal"),
        ("numpy", "allclose"),
        ("numpy", "isclose"),
        ("numpy", "array_equal"),
        ("torch", "allclose"),
        ("torch", "equal"),
        ("math", "isclose"),
    )
}
_PLACES = {"assert_almost_equal": 7, "assertAlmostEqual": 7}
_EQUAL = {"assert_equal", "assertEqual", "eq_", "assert_list_equal", "assert_tuple_equal", "assert_dict_equal"}
_TRUE = {"assert_true", "assertTrue", "ok_"}
_FALSE = {"assert_false", "assertFalse"}
_RAISES = {"assert_raises", "assertRaises", "raises"}
_ANY_DTYPE = ast.keyword("check_dtype", ast.Constant(False))
_BINDING = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
_NOT_NEEDED = ("nose", "unittest", "IPython", "pytest", "grading", "otter")


class Rewritten(msgspec.Struct, frozen=True):
    """A test's statements, its own words on what it checks, the comparisons it uses, and what was left out."""

    body: tuple[ast.stmt, ...]
    title: str
    used: frozenset[str]
    left_out: tuple[str, ...]


def rewritten(body: Sequence[ast.stmt], names: Sequence[str]) -> Rewritten:
    """The statements of a test of functions and classes called ``names``; an empty body if it can't be asked at all."""
    title, body = _title(body)
    if changed := _changed(body, names):
        return Rewritten((), title, frozenset(), (f"a test changes {changed} itself",))
    rewrite = _Rewrite(names)
    found = [new for statement in body if (new := rewrite.visit(statement)) is not None]
    if not any(
        isinstance(node, ast.Attribute | ast.Name) and _is_student(node) for new in found for node in ast.walk(new)
    ):
        found = []
    return Rewritten(tuple(found), title, frozenset(rewrite.used), tuple(rewrite.left_out))


def with_what_it_needs(body: Sequence[ast.stmt], before: Sequence[ast.stmt]) -> list[ast.stmt]:
    """``body`` after what ``before`` binds, if it names any of that: a notebook's statements share their names."""
    bindings = [statement for statement in before if isinstance(statement, _BINDING)]
    return [*bindings, *body] if bound_by(bindings) & loaded_by(body) else list(body)


def bound_by(body: Sequence[ast.stmt]) -> set[str]:
    """The names that the statements assign, import or define."""
    found: set[str] = set()
    for node in (node for statement in body for node in ast.walk(statement)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).partition(".")[0] for name in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


def loaded_by(body: Sequence[ast.stmt]) -> set[str]:
    """The names that the statements use."""
    return {node.id for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _is_student(node: ast.Attribute | ast.Name) -> bool:
    return isinstance(node, ast.Name) and node.id == "student"


def _title(body: Sequence[ast.stmt]) -> tuple[str, Sequence[ast.stmt]]:
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return " ".join(first.value.value.split()), body[1:]
    return "", body


def _changed(body: Sequence[ast.stmt], names: Sequence[str]) -> str:
    """The solution's name that the statements assign or delete; empty if none."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id in names and not isinstance(node.ctx, ast.Load):
                return node.id
    return ""


def _last(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]


def _is_numpys(function: ast.expr) -> bool:
    return ast.unparse(function).startswith(("np.", "numpy.", "npt."))


class _Rewrite(ast.NodeTransformer):
    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)
        self.used: set[str] = set()
        self.left_out: list[str] = []

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._names or not isinstance(node.ctx, ast.Load):
            return node
        return ast.Attribute(ast.Name("student", ast.Load()), node.id, ast.Load())

    def visit_Import(self, node: ast.Import) -> ast.stmt | None:
        kept = [name for name in node.names if name.name.partition(".")[0] not in _NOT_NEEDED]
        return ast.Import(kept) if kept else None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | None:
        return None if (node.module or "").partition(".")[0] in _NOT_NEEDED else node

    def visit_Assert(self, node: ast.Assert) -> ast.stmt | None:
        test = node.test
        if any(self._asks_for_class(each) for each in ast.walk(test)):
            self.left_out.append(f"`{ast.unparse(test)}` asks for a class of the solution")
            return None
        help_ = [ast.keyword("help", node.msg)] if isinstance(node.msg, ast.Constant) and node.msg.value else []
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            return self._equal(test.left, test.comparators[0], help_)
        if isinstance(test, ast.Call) and ast.unparse(test.func) in _TRUTH and len(test.args) >= 2:
            return self._compare("assert_allclose", test.args[:2], [*self._tolerance(test.keywords), *help_])
        return self._truth(test, help_)

    def visit_Expr(self, node: ast.Expr) -> ast.stmt | None:
        call = node.value
        if not isinstance(call, ast.Call):
            self.generic_visit(node)
            return node
        name, given = _last(call.func), call.args
        if name == "print":
            return None
        if len(given) >= 2:
            if name in _CLOSE | _EXACT:
                return self._compare(
                    "assert_allclose", given[:2], self._tolerance(call.keywords) if name in _CLOSE else []
                )
            if name in _PLACES:
                return self._compare("assert_allclose", given[:2], self._by_places(call))
            if name in _EQUAL:
                return self._equal(given[0], given[1], [])
            if name in _RAISES:
                return self._call("assert_raises", [self.visit(each) for each in given], call.keywords)
        if given and name in _TRUE | _FALSE:
            return self._truth(given[0] if name in _TRUE else ast.UnaryOp(ast.Not(), given[0]), [])
        self.generic_visit(node)
        return node

    def visit_With(self, node: ast.With) -> ast.stmt:
        context = node.items[0].context_expr
        raising = isinstance(context, ast.Call) and _last(context.func) in _RAISES and len(context.args) >= 1
        if raising and isinstance(context, ast.Call) and (call := _only_call(node.body)) is not None:
            return self._raises(context.args[0], call)
        self.generic_visit(node)
        return node

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        passes = len(node.handlers) == 1 and isinstance(node.handlers[0].body[0], ast.Pass) and not node.finalbody
        refuses = [*node.orelse, *node.body[1:]]
        call = _only_call(node.body[:1])
        if passes and call is not None and len(refuses) == 1 and _refuses(refuses[0]):
            return self._raises(node.handlers[0].type or ast.Name("Exception", ast.Load()), call)
        self.generic_visit(node)
        return node

    def _asks_for_class(self, node: ast.AST) -> bool:
        if not (
            isinstance(node, ast.Call) and _last(node.func) in ("isinstance", "issubclass") and len(node.args) == 2
        ):
            return False
        return any(isinstance(each, ast.Name) and each.id in self._names for each in ast.walk(node.args[1]))

    def _raises(self, exception: ast.expr, call: ast.Call) -> ast.stmt:
        given = [exception, self.visit(call.func), *map(self.visit, call.args)]
        return self._call("assert_raises", given, [self.visit(word) for word in call.keywords])

    def _truth(self, test: ast.expr, help_: Sequence[ast.keyword]) -> ast.stmt:
        words = [ast.Constant(ast.unparse(test)), ast.Constant("something else")]
        truth = ast.Call(ast.Name("bool", ast.Load()), [self.visit(test)], [])
        return self._call("assert_that", [truth, *words], help_)

    def _equal(self, left: ast.expr, right: ast.expr, help_: Sequence[ast.keyword]) -> ast.stmt:
        if not self._calls(left) and self._calls(right):
            left, right = right, left
        if any(isinstance(each, ast.Attribute) and each.attr == "shape" for each in (left, right)):
            # A shape of torch's is no tuple.
            left, right = (
                each if isinstance(each, ast.Tuple) else ast.Call(ast.Name("tuple", ast.Load()), [each], [])
                for each in (left, right)
            )
        if isinstance(right, ast.Constant) and type(right.value) is int:
            # Theirs took 2.0 for 2.
            exact = [ast.keyword(word, ast.Constant(0)) for word in ("rtol", "atol")]
            return self._compare("assert_allclose", [left, right], [*exact, _ANY_DTYPE, *help_])
        return self._compare("assert_equal", [left, right], help_)

    def _compare(self, name: str, given: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> ast.stmt:
        if name == "assert_allclose" and isinstance(given[1], ast.List | ast.Tuple):
            # Floats are what such a comparison is for.
            array = ast.Attribute(ast.Name("np", ast.Load()), "array", ast.Load())
            dtype = ast.keyword("dtype", ast.Name("float", ast.Load()))
            given = [given[0], ast.Call(array, [given[1]], [dtype])]
        return self._call(name, [self.visit(each) for each in given], keywords)

    def _call(self, name: str, given: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> ast.stmt:
        self.used.add(name)
        return ast.Expr(ast.Call(ast.Name(name, ast.Load()), list(given), list(keywords)))

    def _tolerance(self, keywords: Sequence[ast.keyword]) -> list[ast.keyword]:
        return [word for word in keywords if word.arg in ("rtol", "atol")]

    def _by_places(self, call: ast.Call) -> list[ast.keyword]:
        """The tolerance of so many decimal places: NumPy's is three times that of unittest."""
        named = [word.value for word in call.keywords if word.arg in ("places", "decimal")]
        places = next(iter([*call.args[2:3], *named]), ast.Constant(_PLACES["assert_almost_equal"]))
        if not (isinstance(places, ast.Constant) and isinstance(places.value, int)):
            return []
        atol = (1.5 if _is_numpys(call.func) else 0.5) * 10.0**-places.value
        return [ast.keyword("rtol", ast.Constant(0)), ast.keyword("atol", ast.Constant(float(f"{atol:.2g}")))]

    def _calls(self, node: ast.expr) -> bool:
        return any(isinstance(each, ast.Name) and each.id in self._names for each in ast.walk(node))


def _only_call(body: Sequence[ast.stmt]) -> ast.Call | None:
    """The call that the one statement in ``body`` is, or assigns."""
    if len(body) == 1 and isinstance(body[0], ast.Expr | ast.Assign) and isinstance(body[0].value, ast.Call):
        return body[0].value
    return None


def _refuses(statement: ast.stmt) -> bool:
    """Whether the statement fails a test: it raises, or asserts what is false."""
    false = isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Constant) and not statement.test.value
    return isinstance(statement, ast.Raise) or false
