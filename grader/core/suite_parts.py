"""Which submissions an edit of a suite can touch: the suite taken apart into what each check alone depends on.

What can't be shown to belong to one check belongs to all. So an edit is *narrow* only if it lies in the body of a test
function, in its literal parameters, or in the body of a plain helper that nothing but test functions reach by name. A
submission for which every narrowly edited check was SKIPPED (what it depends on did not pass) is untouched: none of
that code ran for it, and all the rest is as it was. One that could not even be loaded depends on no check at all.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from grader.core.grade import Grade
from grader.core.topic import Topic
from grader.core.verdict import Verdict

Function = ast.FunctionDef | ast.AsyncFunctionDef

SUITES = ("test_public", "test_hidden")

_REFLECTION = frozenset("globals locals vars eval exec compile __import__ importlib inspect sys gc".split())
"""Names by which code may reach what it does not name; where one is used, every check depends on everything."""

_CALLED_BY_PYTEST = ("pytest_", "setup", "teardown", "__")


class SuiteParts(msgspec.Struct, frozen=True):
    """Digests: of what loading a submission depends on, of what all checks share (that included), and of each check's.

    ``answers`` is of the known answers, on which the naming of mistakes depends, but no point.
    """

    loading: str
    shared: str
    checks: dict[str, str]
    answers: str


def suite_parts(topic: Topic) -> SuiteParts:
    """The parts of ``topic``'s suite, comments and layout left out."""
    settings = [topic.path / name for name in ("topic.toml", "support.py", "probes.py")]
    loading = _digest(_content(file) for file in settings)
    trees = {file: _parsed(file) for file in sorted(topic.tests.rglob("*.py"))}
    suites = {file: tree for file, tree in trees.items() if tree and file.parent == topic.tests and file.stem in SUITES}
    if any(_reflects(tree) for tree in trees.values() if tree):
        suites = {}
    shared = [loading, _content(topic.reference)]
    shared += [f"{file.relative_to(topic.path)} {_content(file)}" for file in trees if file not in suites]
    checks: dict[str, str] = {}
    for file, tree in suites.items():
        rest, own = _taken_apart(tree)
        shared.append(f"{file.name} {rest}")
        checks |= own
    answers = _digest(f"{file.name} {_content(file)}" for file in sorted(topic.path.glob("submissions/*.py")))
    return SuiteParts(loading, _digest(shared), checks, answers)


def untouched(grade: Grade, old: SuiteParts, new: SuiteParts) -> bool:
    """Whether grading again with suite ``new`` would give the points and verdicts that suite ``old`` gave.

    Where the known answers changed, what fails a check is touched, too: its mistake may have a name now.
    """
    if not grade.gradable:
        return old.loading == new.loading
    if old.shared != new.shared or old.checks.keys() != new.checks.keys():
        return False
    verdicts = {check.id: check.verdict for check in grade.checks}
    edited = [name for name, digest in new.checks.items() if old.checks[name] != digest]
    if any(verdicts.get(name) is not Verdict.SKIPPED for name in edited):
        return False
    return old.answers == new.answers or all(verdict is Verdict.PASSED for verdict in verdicts.values())


def _taken_apart(tree: ast.Module) -> tuple[str, dict[str, str]]:
    """What a module's checks share, and the digest of what each check alone depends on."""
    functions = {node.name: node for node in tree.body if isinstance(node, Function)}
    cached = _names_of_cache(tree)
    narrow = {name: node for name, node in functions.items() if _is_narrow(node, cached)}
    several = len(functions) < sum(isinstance(node, Function) for node in tree.body)
    if several or any(isinstance(node, ast.Global) for node in ast.walk(tree)):
        narrow = {}  # one of two functions of a name is never seen; what one check sets, another may read
    rest = [_without_body(node) if isinstance(node, Function) and node.name in narrow else node for node in tree.body]
    # What module-level code, a class, a decorator or a default value names may run for every check.
    everybodys = _reached({name for node in rest for name in _names(node)}, narrow)
    shared = [ast.dump(node) for node in rest] + [ast.dump(narrow[name]) for name in sorted(everybodys)]
    checks = {}
    for name in narrow:
        if name.startswith("test") and name not in everybodys:
            reached = _reached({name}, narrow) - everybodys
            checks[name] = _digest(ast.dump(narrow[other]) for other in sorted(reached))
    return _digest(shared), checks


def _is_narrow(node: Function, cached: set[str]) -> bool:
    """Whether the body runs only when some check calls it by name."""
    if node.name.startswith("test"):
        return True
    plain = all(ast.unparse(decorator) in cached for decorator in node.decorator_list)
    return plain and not node.name.startswith(_CALLED_BY_PYTEST)


def _names_of_cache(tree: ast.Module) -> set[str]:
    """How the module writes ``functools.cache``, which calls nothing by itself."""
    found = {"functools.cache"}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "functools":
            found |= {alias.asname or alias.name for alias in node.names if alias.name == "cache"}
    return found


def _without_body(node: Function) -> Function:
    """The function's signature, decorators and title, which decide how all checks are scored and shown."""
    decorators = node.decorator_list
    if node.name.startswith("test"):
        decorators = [each for each in decorators if not _is_literal_parametrize(each)]
    title = ast.Expr(ast.Constant(ast.get_docstring(node)))
    kind = type(node)
    return kind(name=node.name, args=node.args, body=[title], decorator_list=decorators, returns=node.returns)


def _is_literal_parametrize(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and ast.unparse(decorator.func) == "pytest.mark.parametrize"
        and all(_is_literal(each) for each in (*decorator.args, *(keyword.value for keyword in decorator.keywords)))
    )


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _reached(names: set[str], functions: Mapping[str, Function]) -> set[str]:
    """The functions among ``names``, and those that their bodies name, and so on."""
    found: set[str] = set()
    waiting = [name for name in names if name in functions]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other in _names(functions[name]) if other in functions]
    return found


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _reflects(tree: ast.Module) -> bool:
    """Whether code may reach a suite's functions otherwise than by their names in the same file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _REFLECTION:
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("__globals__", "__code__"):
            return True
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names]
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(set(module.split(".")) & {*_REFLECTION, *SUITES, "*"} for module in modules):
                return True
    return False


def _parsed(file: Path) -> ast.Module | None:
    try:
        return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None  # what is wrong with it is told where the suite is collected


def _content(file: Path) -> str:
    """A file in short: a Python file's syntax tree, another's bytes; the same for every file that is missing."""
    if not file.is_file():
        return ""
    tree = _parsed(file) if file.suffix == ".py" and file.parent.name == "tests" else None
    return hashlib.sha256(ast.dump(tree).encode() if tree else file.read_bytes()).hexdigest()


def _digest(parts: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(f"{len(part)}\0{part}".encode("utf-8", "surrogatepass"))
    return whole.hexdigest()[:32]
