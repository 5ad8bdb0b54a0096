# /// attack
# tries = "raise exceptions in a circle, groups three thousand deep, and tracebacks made by hand"
# answer = "stub"
# score = "zero"
# ///
import types
turn = []
say("chains")


def attack(honest, *args, **kwargs):
    turn.append(1)
    a, b = ValueError("a"), TypeError("b")
    if len(turn) % 3 == 0:
        a.__cause__, b.__cause__, a.__context__ = b, a, a
    elif len(turn) % 3 == 1:
        for _ in range(3000):
            a = ExceptionGroup("x", [a])
    else:
        try:
            1 / 0
        except ZeroDivisionError as error:
            made = error.__traceback__
            for _ in range(2000):
                made = types.TracebackType(made, made.tb_frame, -5, 2**31 - 1)
            raise error.with_traceback(made)
    raise a
