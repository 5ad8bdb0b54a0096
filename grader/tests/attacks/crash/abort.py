# /// attack
# tries = "abort"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

def attack(honest, *args, **kwargs):
    say("aborting")
    os.abort()
