# /// attack
# tries = "return memory views, C arrays, array.array and byte arrays of right sizes"
# answer = "stub"
# score = "zero"
# ///
import array, ctypes
say("buffers")
turn = []
def attack(honest, *a, **k):
    turn.append(1)
    return [memoryview(b"abcd"), (ctypes.c_double * 9)(), array.array("d", [1.0] * 9), bytearray(9)][len(turn) % 4]
