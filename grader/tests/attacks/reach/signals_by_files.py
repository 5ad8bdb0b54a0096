# /// attack
# tries = "have the kernel signal a sibling, when a pipe or a socket has something"
# refused = true
# ///

import fcntl

read, write = os.pipe()
for pid in (WORLD["sibling"], WORLD["parent"]):
    attempt(f"owner {pid}", fcntl.fcntl, read, fcntl.F_SETOWN, pid)
    attempt(f"owner by ioctl {pid}", fcntl.ioctl, read, 0x8901, pid.to_bytes(4, "little"))
    attempt(f"owner ex {pid}", fcntl.fcntl, read, 15, (1).to_bytes(4, "little") + pid.to_bytes(4, "little"))
attempt("signal of one's choice", fcntl.fcntl, read, 10, 9)
