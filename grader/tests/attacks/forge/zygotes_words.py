# /// attack
# tries = "speak for the zygote, so that the host seems to be at fault"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m


def attack(honest, *args, **kwargs):
    say("for the zygote")
    for message in (m.Broken("out of disk"), m.Ready(), m.Forked(1), m.Exited(1, 0, 0.0, 0)):
        data = m.encode(message)
        for descriptor in range(0, 256):
            try:
                _write(descriptor, len(data).to_bytes(4, "big") + data)
            except OSError:
                pass
    raise SystemExit
