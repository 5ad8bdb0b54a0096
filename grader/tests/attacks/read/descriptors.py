# /// attack
# tries = "read from every descriptor that it may have inherited, without taking what is its own"
# refused = true
# ///

import mmap
import stat


def inherited():
    found = []
    for descriptor in range(3, 4096):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        if not stat.S_ISSOCK(mode):
            found.append((descriptor, mode))
            continue
        for function in (lambda: os.pread(descriptor, 10, 0), lambda: mmap.mmap(descriptor, 10)):
            try:
                found.append(function())
            except (OSError, ValueError):
                pass
    return found or loot([])


attempt("descriptors", inherited)
attempt("terminal", open, "/dev/tty")
attempt("input", lambda: 1 / len(os.read(0, 10)))
