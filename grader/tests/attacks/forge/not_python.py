# /// attack
# tries = "claim when loaded that the file is no Python, or that a ban was met"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

from grader.wire import messages as m

say("claims")
for message in (m.Unparsable("the grader is broken", None), m.Forbidden(0, "nothing", m.Place(0, 1))):
    data = m.encode(message)
    for descriptor in range(3, 256):
        try:
            _write(descriptor, len(data).to_bytes(4, "big") + data)
        except OSError:
            pass
