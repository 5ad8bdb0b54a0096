# /// attack
# tries = "free None, types and its own frame"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED", "FAILED", "RAISED", "TIMED_OUT"]
# ///

def attack(honest, *args, **kwargs):
    say("freeing")
    for each in (int, str, tuple, list, None):
        ctypes.memset(id(each), 0, 8)
    return [int("7"), str(7), (7,)]
