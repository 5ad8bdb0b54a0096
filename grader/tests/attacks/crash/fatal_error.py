# /// attack
# tries = "have the interpreter end itself"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

def attack(honest, *args, **kwargs):
    say("fatal")
    ctypes.pythonapi.Py_FatalError(b"PASSED")
