"""The vendors' own API descriptions, which lie beside the project (see docs/channels.md)."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "specs"


def spec(name: str) -> Path:
    """The path of a description; the test is skipped, by name, where it is not there."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the vendor's API description {name} is not at ../shared/specs")
    return path
