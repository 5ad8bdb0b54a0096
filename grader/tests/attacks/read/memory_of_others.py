# /// attack
# tries = "read the memory of the session and of a sibling by ptrace, process_vm_readv and their descriptors"
# refused = true
# ///

vector = (ctypes.c_void_p * 2)(0, 8)
for pid in (WORLD["sibling"], WORLD["parent"], os.getppid() or 1):
    attempt(f"attach {pid}", libc, "ptrace", 16, pid, 0, 0)
    attempt(f"seize {pid}", libc, "ptrace", 0x4206, pid, 0, 0)
    attempt(f"read {pid}", libc, "process_vm_readv", pid, vector, 1, vector, 1, 0)
    attempt(f"pidfd {pid}", os.pidfd_open, pid)
    attempt(f"steal {pid}", libc, "syscall", 438, 5, 0, 0)
    attempt(f"compare {pid}", libc, "syscall", 312, pid, pid, 0, 0, 0)
