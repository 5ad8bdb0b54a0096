# /// attack
# tries = "make a process by clone, clone3 and vfork with every flag that names one"
# refused = true
# ///
attempt('clone3', libc, 'syscall', 435, ctypes.create_string_buffer(88), 88)
attempt('clone newuser', libc, 'syscall', 56, 0x10000011, 0, 0, 0, 0)
attempt('clone plain', libc, 'syscall', 56, 17, 0, 0, 0, 0)
attempt('clone parent', libc, 'syscall', 56, 0x8011, 0, 0, 0, 0)
attempt('vfork', libc, 'syscall', 58)
attempt('fork', libc, 'syscall', 57)
attempt('setns', libc, 'syscall', 308, 0, 0)
attempt('unshare files', libc, 'syscall', 272, 0x400)
attempt('posix_spawn', os.posix_spawn, '/bin/sh', ['sh'], {})
attempt('execveat', libc, 'syscall', 322, -100, b'/bin/sh', 0, 0, 0)
