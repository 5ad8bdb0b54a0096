# /// attack
# tries = "write outside by rename, exchange, link, copy ranges, splice and xattr"
# refused = true
# ///
open('x', 'w').close()
attempt('rename', os.rename, 'x', WORLD['inbox'] + '/x')
attempt('link', os.link, WORLD['secret'], 'here')
attempt('link out', os.link, 'x', WORLD['inbox'] + '/y')
attempt('symlink out', os.symlink, 'x', WORLD['inbox'] + '/z')
attempt('mknod', os.mknod, 'device', 0o600 | 0o020000, os.makedev(1, 3))
attempt('fifo out', os.mkfifo, WORLD['inbox'] + '/f')
attempt('truncate', os.truncate, WORLD['gradebook'], 0)
attempt('unlink', os.unlink, WORLD['gradebook'])
attempt('chmod', os.chmod, WORLD['gradebook'], 0)
attempt('utime', os.utime, WORLD['gradebook'], (0, 0))
attempt('xattr', os.setxattr, WORLD['gradebook'], 'user.x', b'y')
attempt('own xattr', os.setxattr, 'x', 'user.x', b'y')
attempt('mkdir', os.mkdir, WORLD['inbox'] + '/d')
attempt('exchange', libc, 'renameat2', -100, b'x', -100, WORLD['gradebook'].encode(), 2)
