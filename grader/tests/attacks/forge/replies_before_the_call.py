# /// attack
# tries = "answer calls that have not been made yet, when loaded"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m

say("early")
for number in range(60):
    for value in (True, 1.0):
        data = m.encode(m.Returned(number, value))
        for descriptor in range(3, 256):
            try:
                _write(descriptor, len(data).to_bytes(4, "big") + data)
            except OSError:
                pass
