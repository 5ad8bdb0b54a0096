# /// attack
# tries = "import the tests, the session, the reference and the grader's trusted half"
# refused = true
# ///

import importlib
import sys

sys.path[:0] = [WORLD["topic"], os.path.join(WORLD["topic"], "tests"), os.path.dirname(WORLD["engine"])]
for name in ("test_hidden", "test_public", "oracle", "conftest", "pytest", "_pytest", "grader.session.suite",
             "grader.testing", "grader.autograde", "grader.sandbox.levels", "grader.tests.corpus"):
    attempt(f"import {name}", importlib.import_module, name)
    attempt(f"loaded {name}", sys.modules.__getitem__, name)
