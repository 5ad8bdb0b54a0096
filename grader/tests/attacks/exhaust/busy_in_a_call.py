# /// attack
# tries = "loop for ever in a call"
# answer = "stub"
# score = "zero"
# verdicts = ["TIMED_OUT"]
# ///

def attack(honest, *args, **kwargs):
    say("looping")
    while True:
        pass
