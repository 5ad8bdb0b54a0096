# /// attack
# tries = "connect to a local socket, by path and by abstract name, also with its own socket"
# refused = true
# ///

import socket

for address in (WORLD["socket"], WORLD["abstract"], "/var/run/docker.sock", "/run/systemd/private", "/tmp/.X11-unix/X0"):
    attempt(f"connect {address!r}", lambda: socket.socket(socket.AF_UNIX).connect(address))
    attempt(f"datagram {address!r}", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", address))
    for descriptor in range(64, 256):
        try:
            own = socket.socket(fileno=os.dup(descriptor))
        except OSError:
            continue
        attempt(f"own to {address!r}", own.connect, address)
        attempt(f"own bound to {address!r}", own.bind, address + ".mine")
        attempt(f"own sends to {address!r}", own.sendto, b"x", address)
