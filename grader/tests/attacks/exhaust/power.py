# /// attack
# tries = "one multiplication that takes hours"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT", "OUT_OF_MEMORY"]
# ///

def attack(honest, *args, **kwargs):
    say("multiplying")
    number = 3**10_000_000
    return number**97
