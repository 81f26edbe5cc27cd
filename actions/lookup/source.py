"""Where a lookup's data comes from: a table in the same folder, or a JSON service. Both return values by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

Values = Mapping[str, str]


class LookupFailed(Exception):
    """The data is not available now; the text is for the log and does not quote the answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place that the citizen means: the street as the gazetteer writes it, and the address with its number if given."""

    street: str
    address: str


class DataSource(Protocol):
    """Asked for one place at a time."""

    async def find(self, place: Place) -> Values | None:
        """The values for this place; None if there are none. Raises LookupFailed."""
        ...
