# /// attack
# tries = "hide the banned import in a text that exec runs, in a call"
# answer = "stub"
# score = "zero"
# verdicts = ["FORBIDDEN"]
# ///

def attack(honest, *args, **kwargs):
    say("hiding")
    space = {}
    exec("imp" + "ort " + WORLD["banned"] + " as module", space)
    return space["module"]
