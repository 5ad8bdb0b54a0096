# /// attack
# tries = "forge a Raised that carries the arguments in every field"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m

MARK = "-".join(["LEAK", "MARKER"])


def attack(honest, *args, **kwargs):
    say("forging")
    told = f"{MARK} {args}"[:1000]
    for number in range(1, 60):
        for message in (m.Raised(number, (told, "ValueError"), told, m.Place(0, 3), told), m.Unsendable(number, told),
                        m.Missing(number, told, True), m.Forbidden(number, told, m.Place(0, 3))):
            data = m.encode(message)
            for descriptor in range(64, 256):
                try:
                    _write(descriptor, len(data).to_bytes(4, "big") + data)
                except OSError:
                    pass
