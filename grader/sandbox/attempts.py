"""What a hostile submission would try, tried for real: run inside a worker as a submission, never imported.

Each function returns normally if the attempt succeeded. What is refused raises.
"""

import ctypes
import importlib
import os
import resource
import socket

ATTEMPTS = {}


def attempt(function):
    """Register ``function`` under its name."""
    ATTEMPTS[function.__name__] = function
    return function


@attempt
def read_files(canary, parent):
    """Read a file of the host's."""
    with open(canary, encoding="utf-8") as file:
        file.read()


@attempt
def list_folders(canary, parent):
    """See a file's name in a folder of the host's."""
    if os.path.basename(canary) not in os.listdir(os.path.dirname(canary)):
        raise FileNotFoundError(canary)


@attempt
def write_files(canary, parent):
    """Write beside a file of the host's."""
    with open(canary + ".written", "w", encoding="utf-8") as file:
        file.write("x")


@attempt
def read_processes(canary, parent):
    """Read the memory map of another process."""
    with open(f"/proc/{parent}/maps", encoding="utf-8") as file:
        file.read()


@attempt
def signal_processes(canary, parent):
    """Send a signal to another process."""
    os.kill(parent, 0)


@attempt
def trace_processes(canary, parent):
    """Attach to another process by ptrace."""
    if ctypes.CDLL(None, use_errno=True).ptrace(16, parent, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")


@attempt
def make_processes(canary, parent):
    """Make a process."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


@attempt
def execute_programs(canary, parent):
    """Run another program."""
    os.posix_spawn("/bin/true", ["true"], {})


@attempt
def open_sockets(canary, parent):
    """Make a socket of the network."""
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


@attempt
def open_local_sockets(canary, parent):
    """Make a local socket."""
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


@attempt
def change_files(canary, parent):
    """Change the mode of a file of the host's, to what it is."""
    os.chmod(canary, 0o644)


@attempt
def share_memory(canary, parent):
    """Make memory in which something could wait for another submission."""
    if ctypes.CDLL(None, use_errno=True).shmget(4711, 100, 0o1600) == -1:
        raise OSError(ctypes.get_errno(), "shmget")


@attempt
def leave_group(canary, parent):
    """Leave the process group with which it would end."""
    os.setsid()


@attempt
def lift_limits(canary, parent):
    """Lift its own limit on memory."""
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))


@attempt
def take_descriptors(canary, parent):
    """Open ten thousand files."""
    kept = []
    try:
        for _ in range(10_000):
            kept.append(os.open(".", os.O_RDONLY))
    finally:
        for descriptor in kept:
            os.close(descriptor)


@attempt
def make_namespaces(canary, parent):
    """Enter a new user namespace."""
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


@attempt
def mount_filesystems(canary, parent):
    """Mount a file system."""
    if ctypes.CDLL(None, use_errno=True).mount(b"none", b"/tmp", b"tmpfs", 0, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")


@attempt
def hide_memory(canary, parent):
    """Keep memory that no limit counts."""
    os.memfd_create("x")


@attempt
def take_memory(canary, parent):
    """Take 8 GiB."""
    bytearray(8 * 2**30)


@attempt
def fill_disk(canary, parent):
    """Write 256 MiB."""
    with open("big", "wb") as file:
        for _ in range(256):
            file.write(b"x" * 2**20)


@attempt
def import_torch(canary, parent):
    """Import torch under the numpy runtime."""
    importlib.import_module("torch")


def try_all(canary, parent):
    """Each attempt's name with why it was refused; an empty string for one that succeeded."""
    results = {}
    for name, function in ATTEMPTS.items():
        try:
            function(canary, parent)
        except BaseException as error:
            results[name] = f"{type(error).__name__}: {error}"[:200] or "refused"
        else:
            results[name] = ""
    return results
