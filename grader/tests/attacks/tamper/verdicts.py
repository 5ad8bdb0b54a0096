# /// attack
# tries = "patch the grader's verdicts, scores and errors in its own process"
# answer = "stub"
# score = "zero"
# ///

from grader.core import errors
from grader.core.verdict import Verdict

for verdict in Verdict:
    verdict._value_ = "PASSED"
errors.CheckFailure.__init__ = lambda self, *args: None
errors.StudentFault.verdict = Verdict.PASSED
say("patched")
