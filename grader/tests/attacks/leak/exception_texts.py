# /// attack
# tries = "raise exceptions with the arguments in their text, notes, causes and names"
# answer = "stub"
# score = "zero"
# verdicts = ["RAISED"]
# ///

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("raising")
    told = f"{MARK} {args}"
    error = type(told, (ValueError,), {"__module__": told, "__str__": lambda self: told})(told, args)
    error.add_note(told)
    try:
        raise KeyError(told)
    except KeyError as cause:
        raise error from cause
