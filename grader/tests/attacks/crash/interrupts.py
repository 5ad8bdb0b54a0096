# /// attack
# tries = "interrupt the main thread for ever from another"
# answer = "stub"
# score = "zero"
# ///
import _thread, threading
def forever():
    while True:
        _thread.interrupt_main()
def attack(honest, *a, **k):
    say("interrupting")
    threading.Thread(target=forever, daemon=True).start()
    while True:
        try:
            sum(range(1000))
        except KeyboardInterrupt:
            pass
