# /// attack
# tries = "leave threads behind that spin"
# score = "full"
# ///

import threading


def spin():
    for _ in range(500_000):
        pass


for _ in range(3):
    threading.Thread(target=spin, daemon=True).start()
    threading.Thread(target=threading.Event().wait).start()
say("threads")
