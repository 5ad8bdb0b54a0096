"""The network namespaces that workers are given: each for one at a time, empty, and not the worker's to change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from grader.sandbox.zygote import Worker
from grader.tests.zygotes import started

_PREAMBLE = """
    import fcntl, json, os, socket, struct, sys
    from grader.worker import syscalls
    from grader.worker.networks import Networks

    def here():
        return os.readlink("/proc/self/ns/net")

    def forked(look, namespaces=0):
        # What `look` says in a child that has every capability in a user namespace of its own.
        read, write = os.pipe()
        pid = syscalls.fork_into(syscalls.NEW_NAMESPACES | namespaces, None)
        if pid == 0:
            try:
                os.write(write, json.dumps(look()).encode())
            finally:
                os._exit(0)
        os.close(write)
        os.waitpid(pid, 0)
        return json.loads(os.read(read, 65536))

    def raise_loopback():
        # ioctl SIOCSIFFLAGS: IFF_UP.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            try:
                fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 1))
            except PermissionError:
                return "refused"
        return "up"
"""


def _seen(code: str) -> dict[str, Any]:
    """What ``code`` leaves in ``seen``, run in a process of its own; a skip where the host has no user namespaces."""
    text = f"{textwrap.dedent(_PREAMBLE)}\nseen = {{}}\n"
    text += "try:\n    networks = Networks(os.getuid(), os.getgid())\nexcept OSError as error:\n"
    text += "    print(json.dumps(str(error)))\n    sys.exit()\n"
    text += f"{textwrap.dedent(code)}\nprint(json.dumps(seen))\n"
    run = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=False)
    assert (0, "") == (run.returncode, run.stderr)
    seen = json.loads(run.stdout)
    if isinstance(seen, str):
        pytest.skip(f"not proven: {seen}")
    return dict(seen)


def test_each_is_another_and_one_given_back_is_taken_again() -> None:
    """Nobody is where the maker is; two that are out at once differ; what was given back is what the next gets."""
    seen = _seen("""
        home = here()
        names = []
        out = []
        for _ in range(2):
            assert here() == home
            out.append(networks.enter())
            names.append(here())
            networks.leave()
        seen = {"names": names, "home": home, "back": here() == home}
        networks.give_back(out[0])
        seen["again"] = networks.enter() == out[0] and here() == names[0]
    """)
    names = [*seen["names"], seen["home"], os.readlink("/proc/self/ns/net")]
    assert 4 == len(set(names))
    assert (True, True) == (seen["back"], seen["again"])


def test_whoever_is_in_one_can_not_change_it() -> None:
    """A child with every capability of its own sees a loopback alone and can't raise it; in one that it owns it can."""
    seen = _seen("""
        networks.enter()
        seen["interfaces"] = forked(lambda: [name for _, name in socket.if_nameindex()])
        seen["given"] = forked(raise_loopback)
        seen["own"] = forked(raise_loopback, syscalls.NEW_NETWORK)
    """)
    # Some kernels put tunnels into every namespace, which are down and lead nowhere.
    assert "lo" in seen["interfaces"]
    assert ("refused", "up") == (seen["given"], seen["own"])


def test_the_maker_keeps_one_capability() -> None:
    """What it takes to change namespaces, and nothing else."""
    seen = _seen("""
        with open("/proc/self/status") as file:
            status = dict(line.split(":", 1) for line in file)
        seen = {name: int(status[name], 16) for name in ("CapEff", "CapPrm", "CapInh")}
    """)
    assert {"CapEff": 1 << 21, "CapPrm": 1 << 21, "CapInh": 0} == seen


def test_no_two_living_workers_share_one() -> None:
    """Nor does a worker share its zygote's or ours."""
    with started("full") as zygote:
        first, second = zygote.fork(), zygote.fork()
        try:
            names = {_network(first), _network(second), os.readlink("/proc/self/ns/net")}
        finally:
            first.close()
            second.close()
        assert 3 == len(names)
        assert zygote.exit_of(first, 10) is not None
        assert zygote.exit_of(second, 10) is not None
        third = zygote.fork()
        try:
            assert _network(third) in names
        finally:
            third.close()


def _network(worker: Worker) -> str:
    try:
        return os.readlink(worker._process / "ns" / "net")
    except PermissionError:
        pytest.skip("not proven: an ordinary user is not shown the namespaces of a confined process")
