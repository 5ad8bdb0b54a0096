# /// attack
# tries = "return the arguments as texts, keys and class names"
# answer = "stub"
# score = "zero"
# ///

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("answering")
    told = f"{MARK} {args}"
    answers = [told, told.encode(), [told], {told: told}, type(told, (), {"__repr__": lambda self: told})(), (told,) * 3]
    return answers[len(str(args)) % len(answers)]
