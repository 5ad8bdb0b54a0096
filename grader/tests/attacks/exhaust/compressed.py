# /// attack
# tries = "unpack a few kilobytes into gigabytes"
# answer = "stub"
# score = "zero"
# verdicts = ["OUT_OF_MEMORY", "TIMED_OUT"]
# ///

import zlib


def attack(honest, *args, **kwargs):
    say("unpacking")
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(bytes(2**20)) for _ in range(1100)) + packer.flush()
    return zlib.decompress(data)
