# /// attack
# tries = "raise from lines far beyond the file's end, and from line minus one"
# answer = "stub"
# score = "zero"
# ///
say("lines")
code = compile("\n" * 100_000 + "raise ValueError('here')", SLUG + ".py", "exec")
def attack(honest, *a, **k):
    exec(code.replace(co_firstlineno=2**31 - 1))
