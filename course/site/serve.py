"""Serves the site on loopback until Ctrl-C."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from course.site.app import create_app
from course.study.errors import StudyError

HOST = "127.0.0.1"


def serve(root: Path, port: int, *, browser: bool, say: Callable[[str], None]) -> None:
    """Serve the course in ``root``; port 0 takes a free one. StudyError if the port is taken."""
    app = create_app(root)
    try:
        # Bound here, so that a taken port is a sentence and the address is known before anyone is sent to it.
        listening = socket.create_server((HOST, port))
    except OSError as error:
        raise StudyError(f"port {port} can't be used ({error.strerror}): try `course study --port 0`") from None
    with listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}/"
        say(f"{address}  (Ctrl-C ends it)")
        if browser:
            # A text browser would hold up the server that it waits for.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, ws="none")
        uvicorn.Server(config).run(sockets=[listening])
