# /// attack
# tries = "every system call number that nothing has a name for, and those of other programs' kinds"
# refused = true
# ///

for number in (*range(470, 700), 180, 181, 183, 184, 185, 236, 0x40000000 + 57):
    attempt(f"call {number}", libc, "syscall", number, 0, 0, 0, 0, 0, 0)
