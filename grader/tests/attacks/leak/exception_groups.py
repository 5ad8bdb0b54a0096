# /// attack
# tries = "raise groups of exceptions, warnings and errors of the system with the arguments inside"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED"]
# ///

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("raising")
    told = f"{MARK} {args}"
    kinds = [ExceptionGroup(told, [ValueError(told)]), OSError(2, told, told), SyntaxError(told, (told, 1, 1, told)),
             UnicodeDecodeError("utf-8", b"x", 0, 1, told), UserWarning(told), ImportError(told, name=told, path=told)]
    raise kinds[len(args) % len(kinds)]
