# /// attack
# tries = "answer from a thread, without reading what is asked"
# answer = "stub"
# score = "zero"
# ///

import threading, time
from grader.wire import messages as m
import gc
from grader.wire.frames import Channel
c=[o for o in gc.get_objects() if type(o) is Channel]
def go():
    n=0
    while True:
        n+=1
        for x in c:
            try: x.send(m.encode(m.Returned(n, 0.0)))
            except Exception: pass
        time.sleep(0.001)
say('x')
threading.Thread(target=go,daemon=True).start()
