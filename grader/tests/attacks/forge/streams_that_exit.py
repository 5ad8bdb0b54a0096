# /// attack
# tries = "put objects in the place of the standard streams that end the process well when written to"
# answer = "stub"
# score = "zero"
# ///
import sys


class Stream:
    def write(self, *args):
        raise SystemExit(0)

    def flush(self):
        os._exit(0)

    def __getattr__(self, name):
        raise KeyboardInterrupt


say("streams")
sys.stdout = sys.stderr = sys.stdin = sys.__stdout__ = Stream()


def attack(honest, *args, **kwargs):
    print("x")
    return 1
