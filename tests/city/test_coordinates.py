"""The single rule for latitudes and longitudes, and that no other code has its own."""

import re
from pathlib import Path

import pytest

from city.coordinates import read_latitude, read_longitude

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("value", "latitude", "longitude"),
    [
        (40.7, 40.7, 40.7),
        ("-74.006", -74.006, -74.006),
        (90, 90.0, 90.0),
        (-90.0001, None, -90.0001),
        ("180", None, 180.0),
        (180.5, None, None),
        (10**400, None, None),
        *[
            (bad, None, None)
            for bad in ("", "nan", "inf", "-inf", float("nan"), float("inf"), "1_0", "north", True, None, [1], "9" * 51)
        ],
    ],
)  # fmt: skip
def test_what_is_on_the_earth(value: object, latitude: float | None, longitude: float | None) -> None:
    assert (read_latitude(value), read_longitude(value)) == (latitude, longitude)


def test_no_other_file_has_the_range() -> None:
    ranges = re.compile(r"-180 *<=|<= *180\b|\bge=-(90|180)\b|\bdegrees\([^)]*\b(90|180)\b")
    found = [
        str(path.relative_to(ROOT))
        for folder in ("actions", "backends", "channels", "console", "desk", "gateway")
        for path in (ROOT / folder).rglob("*.py")
        if ranges.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
