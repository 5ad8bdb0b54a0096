# /// attack
# tries = "have the interpreter write the number of each signal into the connection"
# answer = "stub"
# score = "zero"
# ///
import signal
say("wake up")
for descriptor in range(3, 256):
    try:
        os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
        for number in (signal.SIGUSR1, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, lambda *args: None)
            signal.raise_signal(number)
    except BaseException:
        pass


def attack(honest, *args, **kwargs):
    return 1
