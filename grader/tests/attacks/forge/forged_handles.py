# /// attack
# tries = "hand out handles to objects that do not exist"
# answer = "stub"
# score = "zero"
# ///

from grader.wire import messages as m
from grader.wire.values import HandleRef


def attack(honest, *args, **kwargs):
    say("handles")
    for number in range(1, 60):
        data = m.encode(m.Returned(number, HandleRef(2**40, "Tensor")))
        for descriptor in range(64, 256):
            try:
                _write(descriptor, len(data).to_bytes(4, "big") + data)
            except OSError:
                pass
