# /// attack
# tries = "a socket of each family and kind"
# refused = true
# ///

import socket

for family in (*range(46), 255):
    for kind in (1, 2, 3, 5):
        attempt(f"{family} {kind}", socket.socket, family, kind)
attempt("pair", socket.socketpair)
attempt("netlink", libc, "socket", 16, 3, 0)
attempt("packet", libc, "socket", 17, 3, 0x300)
