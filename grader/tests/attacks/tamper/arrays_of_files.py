# /// attack
# tries = "return arrays that are mapped files, and cut the files off under them"
# answer = "stub"
# score = "zero"
# ///
import sys
import numpy as np
t = sys.modules.get("torch")

turn = []


def attack(honest, *args, **kwargs):
    say("mapped")
    turn.append(1)
    with open("m", "wb") as file:
        file.write(bytes(8 * 16))
    mapped = np.memmap("m", "f8", "r+", 0, (4, 4))
    plain = np.frombuffer(mapped, "f8").reshape(4, 4)
    os.truncate("m", 0)
    return [mapped, plain][len(turn) % 2]
