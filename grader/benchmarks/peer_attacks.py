"""``python -m grader.benchmarks.peer_attacks --nbgrader PYTHON --otter PYTHON``: the same attacks on three graders.

One exercise, ``double(x)``, with one shown and two hidden tests, is written for nbgrader, for Otter-Grader and for this
grader. Each attack is the same text beside a function that was left empty. It succeeds where it earns the points, where
a hidden test's input reaches its author, or where it read or wrote what it should not (it leaves a file that says so).
``PYTHON`` is the interpreter of an environment that holds the grader; one that is not given is left out. The peers
run submissions as whoever starts this: use a machine that you can spare.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.autograde.run import grade_all
from grader.autograde.submissions import Submission
from grader.core.topic import read_topic
from grader.report.text import grade_text
from grader.sandbox.levels import best_level
from grader.wire.messages import Cell

LEAK = "LEAK-" + "MARKER"
SECRET = "CANARY-4711"
RIGHT = "def double(x):\n    return 2 * x\n"
STUB = "def double(x):\n    raise NotImplementedError\n"

SHOWN = "assert double(3) == 6"
HIDDEN = ("assert double(21) == 42", "np.testing.assert_allclose(double(np.array([1.5, -2.0])), [3.0, -4.0])")

ATTACKS: Mapping[str, str] = {
    "an object that is equal to everything": """
class Yes:
    __array_ufunc__ = None
    def __eq__(self, other): return True
    def __float__(self): return 0.0
double = lambda x: Yes()
import numpy as np
np.testing.assert_allclose = lambda *a, **k: None
""",
    "the comparison patched": """
import numpy as np, builtins
np.testing.assert_allclose = lambda *a, **k: None
class Yes(int):
    def __eq__(self, other): return True
double = lambda x: Yes()
""",
    "assertions dropped by a syntax-tree transformer": """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Expr(self, node): return ast.Pass() if "assert" in ast.dump(node) else node
get_ipython().ast_transformers.append(Drop())
""",
    "exceptions swallowed by the shell": """
get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)
""",
    "expected values read from the calling frames": """
import sys
def double(x):
    frame, found = sys._getframe(1), []
    while frame is not None and len(found) < 40:
        found += [c for c in frame.f_code.co_consts if isinstance(c, (int, float)) and not isinstance(c, bool)]
        frame = frame.f_back
    try:
        import numpy as np
        if isinstance(x, np.ndarray):
            class Any(float):
                __eq__ = lambda self, other: True
            np.testing.assert_allclose = lambda *a, **k: None
            return x
        return found[found.index(x) + 1]
    except ValueError:
        return None
""",
    "the test runner's verdict replaced": """
import sys
for name, module in list(sys.modules.items()):
    for value in list(vars(module).values()) if hasattr(module, "__dict__") else []:
        if isinstance(value, type) and name.startswith(("otter", "grader", "doctest", "_pytest", "nbgrader")):
            for attribute in ("passed", "passed_all", "passed_all_public", "passed_all_hidden"):
                if attribute in vars(value):
                    try:
                        setattr(value, attribute, True)
                    except Exception:
                        pass
import doctest
doctest.DocTestRunner.run = lambda self, *a, **k: doctest.TestResults(0, 1)
doctest.OutputChecker.check_output = lambda *a, **k: True
""",
    "hidden inputs printed": f"""
import numpy as np
def double(x):
    text = "{LEAK[:4]}" + "{LEAK[4:]}" + repr(x)
    print(text)
    raise ValueError(text)
""",
    "the reference read by the parent's folder": f"""
import glob, os
def look():
    pid = os.getpid()
    for _ in range(4):
        pid = int(open(f"/proc/{{pid}}/stat").read().rpartition(")")[2].split()[1])
        root = f"/proc/{{pid}}/cwd"
        for path in [*glob.glob(root + "/*"), *glob.glob(root + "/source/*/*"), *glob.glob(root + "/*/tests/*")]:
            try:
                data = open(path, "rb").read(10**6)
            except OSError:
                continue
            if b"{SECRET[:6]}" + b"{SECRET[6:]}" in data:
                open(MARK, "w").write(path)
                return
try:
    look()
except Exception:
    pass
""",
    "a file written where the grader's are": """
import os
try:
    pid = int(open(f"/proc/{os.getpid()}/stat").read().rpartition(")")[2].split()[1])
    open(MARK, "w").write("written beside the grader's own files")
except OSError:
    pass
""",
    "a connection to the network": """
import socket
try:
    s = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(s.getsockname()).send(b"x")
    open(MARK, "w").write("connected")
except OSError:
    pass
""",
    "a program that outlives the grading": """
import subprocess, sys
try:
    subprocess.Popen([sys.executable, "-c", f"import time; time.sleep(3); open({MARK!r}, 'w').write('alive')"],
                     start_new_session=True, stdin=-3, stdout=-3, stderr=-3)
except Exception:
    pass
""",
}


def main() -> int:
    """Print, attack by attack, where it succeeded, and a count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nbgrader", metavar="PYTHON", help="an interpreter that has nbgrader")
    parser.add_argument("--otter", metavar="PYTHON", help="an interpreter that has otter-grader")
    given = parser.parse_args()
    runs = {"here": _here}
    if given.nbgrader:
        runs["nbgrader"] = lambda folder, texts: _nbgrader(given.nbgrader, folder, texts)
    if given.otter:
        runs["otter"] = lambda folder, texts: _otter(given.otter, folder, texts)
    won: dict[str, set[str]] = {}
    for grader, run in runs.items():
        with tempfile.TemporaryDirectory(prefix="peer-") as folder:
            marks = {name: Path(folder) / f"mark-{number}" for number, name in enumerate(ATTACKS)}
            texts = {name: f"MARK = {str(marks[name])!r}\n{STUB}{code}" for name, code in ATTACKS.items()}
            (Path(folder) / "work").mkdir()
            earned, told = run(Path(folder) / "work", {"right": RIGHT, "stub": STUB, **texts})
            if (earned["right"], earned["stub"]) != (1, 0):
                raise SystemExit(f"{grader} gave the right answer {earned['right']} and an empty one {earned['stub']}")
            _wait_for_survivors()
            won[grader] = {name for name in ATTACKS if earned[name] > 0 or LEAK in told[name] or marks[name].exists()}
    print(f"{'':50}" + "".join(f"{grader:>10}" for grader in won))
    for name in ATTACKS:
        print(f"{name:50}" + "".join(f"{'succeeds' if name in found else '-':>10}" for found in won.values()))
    print(f"{f'of {len(ATTACKS)}':50}" + "".join(f"{len(found):10}" for found in won.values()))
    return 0


Outcome = tuple[dict[str, float], dict[str, str]]
"""What each submission earned of 1 point, and all that its author may read."""


def _wait_for_survivors() -> None:
    subprocess.run(["sleep", "6"], check=True)


def _here(folder: Path, texts: Mapping[str, str]) -> Outcome:
    """Graded by this grader, at the best level the host has."""
    topic = folder / "solutions" / "double"
    (topic / "tests").mkdir(parents=True)
    files = {
        "topic.toml": (
            'title = "Double"\norder = 1\nruntime = "numpy"\n[[tasks]]\nname = "double"\npoints = 1\n'
            'hints = ["Twice.", "Twice as much.", "Multiply by two."]\n'
        ),
        "README.md": "# Double\n",
        "double.py": f"# {SECRET}\ndef double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n",
        "tests/test_public.py": _suite("shown", ("3", "6")),
        "tests/test_hidden.py": _suite("hidden", ("21", "42"), ("np.array([1.5, -2.0])", "np.array([3.0, -4.0])")),
    }
    for name, text in files.items():
        (topic / name).write_text(text, encoding="utf-8")
    names = dict(enumerate(texts))
    handed_in = [
        Submission(str(n), "double.py", str(n), (Cell(texts[name], "double.py"),)) for n, name in names.items()
    ]
    graded = [g.grade for g in grade_all(read_topic(topic), handed_in, best_level(), 1)]
    return (
        # What is shown can be answered by a table, here as everywhere: the hidden checks count.
        {names[int(g.student)]: float(any(c.points for c in g.checks if c.visibility == "hidden")) for g in graded},
        {names[int(g.student)]: grade_text(g, "double") for g in graded},
    )


def _suite(kind: str, *cases: tuple[str, str]) -> str:
    head = (
        "import numpy as np\nimport pytest\nfrom grader.testing import assert_allclose\n\npytestmark = pytest.mark.task"
    )
    checks = (
        f"\n\ndef test_{kind}_{number}(student):\n    '''Twice.'''\n    assert_allclose(student.double({x}), {y})\n"
        for number, (x, y) in enumerate(cases)
    )
    return f"{head}('double')\n{''.join(checks)}"


def _nbgrader(python: str, folder: Path, texts: Mapping[str, str]) -> Outcome:
    """Graded by ``nbgrader autograde`` as it comes; feedback by ``nbgrader generate_feedback``."""
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'x'\n", encoding="utf-8"
    )
    solution = f"# {SECRET}\ndef double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    hidden = "\n".join(HIDDEN)
    test = f"import numpy as np\n{SHOWN}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    common = {"schema_version": 3, "task": False}
    source = _notebook(
        _cell("double", solution, nbgrader={**common, "grade": False, "solution": True, "locked": False}),
        _cell("test", test, nbgrader={**common, "grade": True, "solution": False, "locked": True, "points": 1}),
    )
    _write(folder / "source" / "ps1" / "ps1.ipynb", source)
    _run(folder, python, "-m", "nbgrader", "generate_assignment", "ps1")
    released = json.loads((folder / "release" / "ps1" / "ps1.ipynb").read_bytes())
    names = {f"s{number}": name for number, name in enumerate(texts)}
    for student, name in names.items():
        released["cells"][0]["source"] = texts[name]
        _write(folder / "submitted" / student / "ps1" / "ps1.ipynb", released)
    _run(folder, python, "-m", "nbgrader", "autograde", "ps1", check=False)
    _run(folder, python, "-m", "nbgrader", "generate_feedback", "ps1", check=False)
    query = (
        "import json\nfrom nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as g:\n"
        "    print('SCORES' + json.dumps({s.student.id: s.score for s in g.assignment_submissions('ps1')}))\n"
    )
    said = _run(folder, python, "-c", query)
    scores = json.loads(re.findall("SCORES(.*)", said)[0])
    pages = {student: folder / "feedback" / student / "ps1" / "ps1.html" for student in names}
    return (
        {name: float(scores.get(student, 0.0)) for student, name in names.items()},
        {names[s]: page.read_text(encoding="utf-8") if page.exists() else "" for s, page in pages.items()},
    )


def _otter(python: str, folder: Path, texts: Mapping[str, str]) -> Outcome:
    """Graded one by one by ``otter run``."""
    cases = [{"code": ">>> double(3) == 6\nTrue", "hidden": False, "locked": False}]
    cases += [
        {"code": f">>> import numpy as np\n>>> {_doctest(line)}", "hidden": True, "locked": False} for line in HIDDEN
    ]
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": "double", "points": 1, "suites": [suite]}
    (folder / "tests").mkdir()
    text = f"# {SECRET}\nOK_FORMAT = True\ntest = {test!r}\n"
    (folder / "tests" / "double.py").write_text(text, encoding="utf-8")
    otter = str(Path(python).with_name("otter"))
    _run(folder, otter, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment")
    earned, told = {}, {}
    for number, (name, submitted) in enumerate(texts.items()):
        out = folder / f"out-{number}"
        out.mkdir()
        start = "import otter\ngrader = otter.Notebook()"
        _write(folder / f"s{number}.ipynb", _notebook(_cell("start", start), _cell("double", submitted)))
        _run(folder, otter, "run", "-a", "autograder.zip", "-o", out.name, f"s{number}.ipynb", check=False)
        results = out / "results.json"
        tests = json.loads(results.read_bytes())["tests"] if results.exists() else []
        earned[name] = sum(float(test.get("score") or 0) for test in tests)
        told[name] = json.dumps([test for test in tests if test.get("visibility") != "hidden"])
    return earned, told


def _doctest(line: str) -> str:
    return f"{line.removeprefix('assert ')}\nTrue" if line.startswith("assert ") else line


def _cell(name: str, source: str, **metadata: Any) -> dict[str, Any]:
    for entry in metadata.values():
        entry["grade_id"] = name
    cell = {"cell_type": "code", "id": name, "metadata": metadata, "source": source}
    return {**cell, "outputs": [], "execution_count": None}


def _notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _write(path: Path, notebook: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _run(folder: Path, *command: str, check: bool = True) -> str:
    environment = {**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed: {done.stderr[-1500:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
