# /// attack
# tries = "connect, listen and look up names over IP"
# refused = true
# ///

import asyncio
import http.client
import socket
import urllib.request

attempt("connect", socket.create_connection, ("127.0.0.1", WORLD["port"]), 1)
attempt("connect 6", socket.create_connection, ("::1", WORLD["port"]), 1)
attempt("server", socket.create_server, ("127.0.0.1", 0))
attempt("name", socket.getaddrinfo, "example.org", 80)
attempt("http", lambda: http.client.HTTPConnection("127.0.0.1", WORLD["port"], timeout=1).request("GET", "/"))
attempt("url", urllib.request.urlopen, f"http://127.0.0.1:{WORLD['port']}", None, 1)
attempt("metadata", urllib.request.urlopen, "http://169.254.169.254/", None, 1)
attempt("loop", lambda: asyncio.run(asyncio.open_connection("127.0.0.1", WORLD["port"])))
