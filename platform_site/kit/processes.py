"""Small questions to the operating system about processes and sockets."""

import ctypes
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(sent: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the signal when the parent is gone, even when it was killed."""

    def ask_kernel() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, sent)

    return ask_kernel


def plain_environment() -> dict[str, str]:
    """No PG* variable of the developer may reach the services."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def process_name(pid: int | None) -> str:
    """Empty when there is no such process: a remembered number may long belong to another."""
    comm = Path("/proc", str(pid), "comm")
    return comm.read_text().strip() if pid is not None and comm.exists() else ""


def answers(socket_path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_path))
        except OSError:
            return False
    return True
