"""Ports for servers that are shot and started again."""

import random
import socket

_dice = random.SystemRandom()  # whatever the seed of a run: two workers must not choose alike


def free_port() -> int:
    """Below the range from which the system takes ports for connections: while a server is being started again, nobody's
    connection may sit on its port."""
    while True:
        port = _dice.randrange(18_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
