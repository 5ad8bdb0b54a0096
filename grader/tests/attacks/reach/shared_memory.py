# /// attack
# tries = "shared memory, semaphores, queues and keyrings, in which a message could wait for a friend"
# refused = true
# ///

from multiprocessing import shared_memory

attempt("posix", shared_memory.SharedMemory, "friend", True, 4096)
attempt("shm_open", libc, "shm_open", b"/friend", 0o102, 0o600)
attempt("system v", libc, "shmget", 4711, 4096, 0o1666)
attempt("semaphores", libc, "semget", 4711, 1, 0o1666)
attempt("messages", libc, "msgget", 4711, 0o1666)
attempt("queue", libc, "syscall", 240, b"friend", 0o102, 0o600, None)
attempt("key", libc, "syscall", 248, b"user", b"friend", b"x", 1, -4)
attempt("request key", libc, "syscall", 249, b"user", b"friend", None, -4)
attempt("keyctl", libc, "syscall", 250, 0, -4, 1)
attempt("memfd", os.memfd_create, "friend")
attempt("secret memory", libc, "syscall", 447, 0)
