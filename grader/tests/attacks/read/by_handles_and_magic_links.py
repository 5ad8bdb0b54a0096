# /// attack
# tries = "read by /proc's magic links, handles of files, and descriptors opened by path only"
# refused = true
# ///
attempt('root', os.listdir, '/proc/1/root')
attempt('self root', open, '/proc/self/root' + WORLD['secret'])
attempt('cwd', open, f"/proc/{WORLD['sibling']}/cwd")
attempt('fd', os.listdir, f"/proc/{WORLD['sibling']}/fd")
attempt('environ', open, f"/proc/{WORLD['sibling']}/environ")
attempt('map_files', os.listdir, '/proc/1/map_files')
attempt('cmdline', open, f"/proc/{WORLD['sibling']}/cmdline")
attempt('mountinfo', open, '/proc/1/mountinfo')
attempt('path only', lambda: open(os.open(WORLD['secret'], os.O_PATH)).read())
attempt('openat2', libc, 'syscall', 437, -100, WORLD['secret'].encode(), ctypes.create_string_buffer(24), 24)
attempt('swaps', open, '/proc/kcore', 'rb')
attempt('keys', open, '/proc/keys')
