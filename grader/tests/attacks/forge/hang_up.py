# /// attack
# tries = "shut the connection down, or put another file in its place"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

def attack(honest, *args, **kwargs):
    say("hanging up")
    read, write = os.pipe()
    for descriptor in range(64, 256):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        if len(args) > 1:
            os.dup2(write, descriptor)
        else:
            ctypes.CDLL(None).shutdown(descriptor, 2)
