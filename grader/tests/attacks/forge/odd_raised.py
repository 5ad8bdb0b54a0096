# /// attack
# tries = "report an exception of the grader's own classes, from a line that is not there"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m


def attack(honest, *args, **kwargs):
    say("raised")
    for number in range(1, 60):
        bases = ("SandboxError", "GraderError", "KeyboardInterrupt", "Skipped", "BaseException")
        data = m.encode(m.Raised(number, bases, "PASSED", m.Place(-1, 2**62), "PASSED"))
        for descriptor in range(64, 256):
            try:
                _write(descriptor, len(data).to_bytes(4, "big") + data)
            except OSError:
                pass
