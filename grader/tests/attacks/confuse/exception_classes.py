# /// attack
# tries = "raise classes with two million bases' worth of names, and a BaseException of its own"
# answer = "stub"
# score = "zero"
# ///
say("classes")
Base = type("B" * 100_000, (BaseException,), {"__str__": lambda self: "s" * 10**7, "__module__": "m" * 10**6})
def attack(honest, *a, **k):
    error = Base()
    error.add_note("n" * 10**7)
    raise error from Base()
