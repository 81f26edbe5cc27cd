"""What every geocoder is. A geocoder that does not respond raises BackendUnavailable; callers continue without a point."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees (WGS 84), with its address as the geocoder writes it."""

    latitude: float
    longitude: float
    address: str


class Geocoder(Protocol):
    """Finds a point for words, and words for a point."""

    async def find(self, text: str) -> Point | None:
        """Where this address, corner or landmark is; None if that is not known for certain. Raises BackendUnavailable."""
        ...

    async def address_at(self, latitude: float, longitude: float) -> str | None:
        """The address at a point; None if none is near. Raises BackendUnavailable."""
        ...
