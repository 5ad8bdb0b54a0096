# /// attack
# tries = "turn an int of ten million digits into a text"
# answer = "stub"
# score = "zero"
# ///
import sys
def attack(honest, *a, **k):
    say("digits")
    sys.set_int_max_str_digits(0)
    return str(7 ** 40_000_000)
