"""Checks the preconditions before anything starts, so that the user reads one sentence instead of four logs."""

import shutil
import socket
from pathlib import Path

from city import CityError, load_city
from launch import LaunchError

FREE_MEGABYTES = 300  # for PostgreSQL's own write-ahead log and a day of photos


def check(*, city: Path, host: str, ports: dict[str, int], folder: Path) -> None:
    """Raise LaunchError with a sentence for the first problem that would stop the product."""
    try:
        load_city(city)
    except CityError as error:
        raise LaunchError(str(error)) from None
    for name, port in ports.items():
        _check_port(name, host if name == "gateway" else "127.0.0.1", port)
    _check_disk(folder)


def _check_port(name: str, host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            variable = "CIVICDESK_PORT" if name == "gateway" else f"CIVICDESK_{name.upper()}_PORT"
            raise LaunchError(
                f"Port {port} for the {name} is not free ({error.strerror}). "
                f"Stop the other program, or choose another port: make run {variable}=8081"
            ) from None


def _check_disk(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < FREE_MEGABYTES:
        raise LaunchError(
            f"The disk that holds {folder} has {free} MB free; Civicdesk needs {FREE_MEGABYTES} MB. Free some space and start again."
        )
