# /// attack
# tries = "start programs that stay by every function that starts one"
# refused = true
# ///

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

for program in (sys.executable, "/bin/sh", "/usr/bin/python3", "/proc/self/exe"):
    attempt(f"exec {program}", os.execv, program, ["x"])
    attempt(f"spawn {program}", os.posix_spawn, program, ["x"], {})
    attempt(f"popen {program}", subprocess.Popen, [program, "-c", "while 1: pass"], start_new_session=True)
attempt("nohup", lambda: 1 / (os.system("nohup sleep 1000 &") == 0))
attempt("multiprocessing", multiprocessing.get_context("fork").Process(target=print).start)
attempt("spawned", multiprocessing.get_context("spawn").Process(target=print).start)
attempt("pool", lambda: ProcessPoolExecutor(1).submit(print).result(5))
attempt("execveat", libc, "syscall", 322, -100, b"/bin/true", None, None, 0)
