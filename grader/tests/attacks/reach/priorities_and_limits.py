# /// attack
# tries = "slow a sibling down: its priority, processors, limits and scheduling"
# refused = true
# ///

import resource

for pid in (WORLD["sibling"], WORLD["parent"]):
    attempt(f"nice {pid}", os.setpriority, os.PRIO_PROCESS, pid, 19)
    attempt(f"processors {pid}", os.sched_setaffinity, pid, {0})
    attempt(f"scheduler {pid}", os.sched_setscheduler, pid, os.SCHED_IDLE, os.sched_param(0))
    attempt(f"limit {pid}", resource.prlimit, pid, resource.RLIMIT_CPU, (1, 1))
    attempt(f"read limit {pid}", resource.prlimit, pid, resource.RLIMIT_CPU)
    attempt(f"input and output {pid}", libc, "syscall", 251, 1, pid, 3 << 13)
attempt("own limits", resource.setrlimit, resource.RLIMIT_AS, (-1, -1))
attempt("own priority", os.nice, -5)
