"""What stops the product before it starts: one sentence each, no traceback."""

import shutil
import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from launch import LaunchError
from launch.checks import check
from tests.support.ports import free_port

CITY = Path(__file__).parents[2] / "city.yml"


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_good_machine_passes(tmp_path: Path) -> None:
    check(city=CITY, host="127.0.0.1", ports={"gateway": free_port()}, folder=tmp_path)


def test_a_port_in_use_names_the_port_and_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LaunchError, match=rf"Port {port} for the gateway is not free .*CIVICDESK_PORT"):
            check(city=CITY, host="127.0.0.1", ports={"gateway": port}, folder=tmp_path)


def test_a_missing_city_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=r"There is no .*nowhere\.yml"):
        check(city=tmp_path / "nowhere.yml", host="127.0.0.1", ports={}, folder=tmp_path)


def test_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 5_000_000, 5_000_000))
    with pytest.raises(LaunchError, match="has 5 MB free"):
        check(city=CITY, host="127.0.0.1", ports={}, folder=tmp_path)
