"""A worker that is a process of its own and is not confined: for a student's own code on a student's own machine."""

from __future__ import annotations

import os
import signal
import socket
import sys

from grader.wire.messages import Ready
from grader.worker import serve, syscalls
from grader.worker.runtime import import_runtime


def main(runtime: str, trains: bool) -> None:
    """Connect to the port named in the environment, say its token, and serve one submission."""
    if sys.platform == "linux":
        # Nothing else ends a submission that loops for ever when the session is killed.
        syscalls.die_with_parent()
    # Ctrl-C at a terminal reaches this process too; whoever started it decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    address = ("127.0.0.1", int(os.environ["GRADER_PORT"]))
    sock = socket.create_connection(address)
    sock.sendall(bytes.fromhex(os.environ["GRADER_TOKEN"]))
    import_runtime(runtime, trains)
    serve.furnish(os.getcwd())
    serve.greet(sock, Ready())
    serve.serve(sock, serve.Answers())
    sys.stdout.flush()
