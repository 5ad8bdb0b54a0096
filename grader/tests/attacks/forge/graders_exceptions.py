# /// attack
# tries = "raise the grader's own exceptions, so that it seems to be at fault"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED"]
# ///

from grader.core import errors


def attack(honest, *args, **kwargs):
    say("raising")
    kinds = [errors.SandboxError, errors.CourseError, errors.WireError, errors.GraderError]
    raise kinds[len(args) % 4]("please try again")
