"""Knowledge about places: what is inside the city, what is not, and which address is near a point."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from city import City
from city.boundary import Boundary
from city.outside.bodies import Bodies
from city.outside.elsewhere import Elsewhere, load_elsewhere
from city.street_positions import StreetPositions, load_street_positions


@dataclass(frozen=True, slots=True)
class Places:
    """By default nothing is known to be outside, and no address is known to be near."""

    boundary: Boundary = field(default_factory=Boundary)
    streets: StreetPositions = field(default_factory=StreetPositions)
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    bodies: Bodies = field(default_factory=Bodies)

    def renew(self, city: City) -> None:
        """The boundary and the names that the city has now."""
        self.boundary.renew(city.boundary)
        self.elsewhere.renew((city.name, *city.locality))

    def contains(self, position: Mapping[str, Any]) -> bool:
        """Whether a position {latitude, longitude} is inside the city."""
        return self.boundary.contains(position["latitude"], position["longitude"])

    def with_address(self, position: Mapping[str, Any]) -> dict[str, Any]:
        """The position with the address that it came with, or else with the nearest one, if there is one."""
        address = position.get("address") or self.streets.address_near(
            position["latitude"], position["longitude"]
        )
        return {**position, **({"address": address} if address else {})}


def load_places(city: City, content: Path) -> Places:
    """The boundary of city.yml, with street_positions.csv and elsewhere.txt if the content has them. Raises CityError."""
    return Places(
        Boundary(city.boundary),
        load_street_positions(content / "street_positions.csv"),
        load_elsewhere(content / "elsewhere.txt", city.languages, (city.name, *city.locality)),
        Bodies(city.bodies),
    )
