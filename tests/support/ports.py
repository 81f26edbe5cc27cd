"""Ports for the servers that tests start."""

import random
import socket

# Below those that the kernel gives to outgoing connections.
_PORTS = iter(random.sample(range(15_000, 20_000), 5_000))


def free_port() -> int:
    """A port nobody listens on, and never given twice by one process."""
    while True:
        port = next(_PORTS)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def free_ports(count: int) -> list[int]:
    """Several of them."""
    return [free_port() for _ in range(count)]
