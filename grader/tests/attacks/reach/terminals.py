# /// attack
# tries = "push input into terminals, and open new ones"
# refused = true
# ///
import fcntl
attempt('openpty', os.openpty)
attempt('tty', os.open, '/dev/tty', 2)
attempt('ptmx', os.open, '/dev/ptmx', 2)
attempt('console', os.open, '/dev/console', 2)
attempt('sti 0', fcntl.ioctl, 0, 0x5412, b'x')
attempt('sti 1', fcntl.ioctl, 1, 0x5412, b'x')
attempt('ctty', fcntl.ioctl, 0, 0x540E, 0)
