# /// attack
# tries = "announce four gigabytes"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

def attack(honest, *args, **kwargs):
    say("four gigabytes")
    for descriptor in range(3, 256):
        try:
            _write(descriptor, b"\xff" * 8)
        except OSError:
            pass
