# /// attack
# tries = "leave timers, leases and asynchronous signals behind"
# ///
import fcntl, signal
say("leaving")
fd = os.open("x", os.O_CREAT | os.O_RDWR)
for f in (lambda: fcntl.fcntl(fd, 1024, 1), lambda: fcntl.fcntl(fd, 8, WORLD["sibling"]), lambda: fcntl.fcntl(fd, 10, 9),
          lambda: signal.setitimer(signal.ITIMER_REAL, 1000), lambda: fcntl.flock(fd, 2)):
    try:
        f()
    except BaseException:
        pass
