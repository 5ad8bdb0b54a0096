# /// attack
# tries = "signal a sibling, the session, everybody"
# refused = true
# ///

import signal

for pid in (WORLD["sibling"], WORLD["parent"], -1, 0, os.getppid() or 1, -WORLD["sibling"]):
    attempt(f"kill {pid}", os.kill, pid, signal.SIGSTOP if pid == WORLD["sibling"] else 0)
    attempt(f"queue {pid}", libc, "sigqueue", pid, 0, 0)
    attempt(f"thread {pid}", libc, "syscall", 234, pid, pid, 0)
    attempt(f"pidfd {pid}", libc, "syscall", 434, pid, 0)
attempt("group", os.killpg, os.getpgrp() or 1, 0)
