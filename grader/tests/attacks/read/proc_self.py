# /// attack
# tries = "its own memory, maps, environment and descriptors through /proc"
# refused = true
# ///

for name in ("mem", "maps", "smaps", "environ", "cmdline", "status", "stat", "auxv", "mountinfo", "cgroup", "stack"):
    for who in ("self", "thread-self"):
        attempt(f"{who}/{name}", open, f"/proc/{who}/{name}", "rb")
attempt("descriptors", os.listdir, "/proc/self/fd")
