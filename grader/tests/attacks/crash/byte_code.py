# /// attack
# tries = "run byte code that no compiler made"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "RAISED", "FAILED"]
# ///

def attack(honest, *args, **kwargs):
    say("byte code")
    code = (lambda: None).__code__
    exec(code.replace(co_code=bytes([100, 255] * 50 + [83, 0]), co_stacksize=1))
