# /// attack
# tries = "ask to be traced, and stop at every signal"
# answer = "stub"
# score = "zero"
# ///
import signal
def attack(honest, *a, **k):
    attempt("traceme", libc, "ptrace", 0, 0, 0, 0)
    say("raising")
    signal.raise_signal(signal.SIGTRAP)
