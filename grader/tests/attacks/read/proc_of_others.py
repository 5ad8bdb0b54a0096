# /// attack
# tries = "the memory, environment and files of the session, of a sibling and of the first process"
# refused = true
# ///

for pid in (1, WORLD["sibling"], WORLD["parent"], os.getppid() or 1):
    for name in ("mem", "maps", "environ", "cmdline", "fd/0"):
        attempt(f"{pid}/{name}", open, f"/proc/{pid}/{name}", "rb")
    attempt(f"{pid} root", os.listdir, f"/proc/{pid}/root")
    attempt(f"{pid} cwd", os.readlink, f"/proc/{pid}/cwd")
