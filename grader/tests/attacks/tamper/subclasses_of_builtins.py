# /// attack
# tries = "return subclasses of texts, bytes, ints, lists and dicts whose length and bytes lie"
# answer = "stub"
# score = "zero"
# ///
import gc


class Text(str):
    def encode(self, *args):
        return b"\xff" * 10**8

    def __len__(self):
        return -1


class Int(int):
    def __index__(self):
        return 2**70

    def to_bytes(self, *args, **kwargs):
        raise SystemExit


class Bytes(bytes):
    def __len__(self):
        return 2**62


class List(list):
    def __iter__(self):
        gc.collect()
        return iter([1] * 5)

    def __len__(self):
        return 2**62


class Dict(dict):
    def items(self):
        raise SystemExit


turn = []
say("subclasses")


def attack(honest, *args, **kwargs):
    turn.append(1)
    made = [Text("x"), Int(1), Bytes(b"x"), List([1]), Dict(a=1), {Text("k"): Int(2)}, slice(Int(1), object(), 2**70)]
    return made[len(turn) % len(made)]
