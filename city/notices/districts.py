"""The districts of the city, and the area that a notice is for: the whole city, districts, polygons or a circle."""

from typing import Annotated, Any

import msgspec

from city.boundary import FEWEST_CORNERS, MOST_CORNERS, Boundary, Corner
from city.coordinates import Latitude, Longitude, metres_between
from city.hours import Language

CORNERS = Annotated[
    tuple[tuple[Latitude, Longitude], ...],
    msgspec.Meta(min_length=FEWEST_CORNERS, max_length=MOST_CORNERS),
]


class District(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the city. `corners` go round it once, as [latitude, longitude]; `also` are other words by which
    citizens call it."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    title: dict[Language, Annotated[str, msgspec.Meta(min_length=1, max_length=60)]]
    corners: CORNERS
    also: tuple[str, ...] = ()

    def called(self, language: str) -> str:
        """Its title in this language, or in the first that it has."""
        return self.title.get(language) or next(iter(self.title.values()))


class Circle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything within `kilometres` of a point."""

    latitude: Latitude
    longitude: Longitude
    kilometres: Annotated[float, msgspec.Meta(gt=0, le=200)]


class Area(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a notice holds. Without districts, polygons and circles it is the whole city."""

    districts: tuple[str, ...] = ()
    polygons: tuple[CORNERS, ...] = ()
    circles: tuple[Circle, ...] = ()

    @property
    def everywhere(self) -> bool:
        """Whether it is the whole city."""
        return not (self.districts or self.polygons or self.circles)

    def contains(self, latitude: float, longitude: float, districts: tuple[District, ...]) -> bool:
        """Whether a point (WGS 84 degrees) lies in it."""
        return (
            self.everywhere
            or any(
                Boundary(one).contains(latitude, longitude)
                for one in (*self.polygons, *(d.corners for d in districts if d.name in self.districts))
            )
            or any(
                metres_between(one.latitude, one.longitude, latitude, longitude) <= one.kilometres * 1000
                for one in self.circles
            )
        )

    def touched(self, districts: tuple[District, ...]) -> tuple[str, ...]:
        """The names of all districts that lie in it or partly in it; every district for the whole city."""
        return tuple(one.name for one in districts if self.everywhere or self._touches(one, districts))

    def _touches(self, district: District, districts: tuple[District, ...]) -> bool:
        if district.name in self.districts:
            return True
        if any(
            self.contains(*corner, districts) for corner in (*district.corners, _middle(district.corners))
        ):
            return True
        inside = Boundary(district.corners)
        own = [corner for polygon in self.polygons for corner in (*polygon, _middle(polygon))]
        own += [(one.latitude, one.longitude) for one in self.circles]
        return any(inside.contains(*corner) for corner in own) or any(
            _cross(one, other)
            for polygon in self.polygons
            for one in _sides(polygon)
            for other in _sides(district.corners)
        )


def read_area_of(value: Any) -> Area:
    """An area from JSON. Raises msgspec.ValidationError."""
    return msgspec.convert(value, Area)


def district_at(districts: tuple[District, ...], latitude: float, longitude: float) -> District | None:
    """The first district that contains this point."""
    return next((one for one in districts if Boundary(one.corners).contains(latitude, longitude)), None)


def _middle(corners: tuple[Corner, ...]) -> Corner:
    return (sum(one[0] for one in corners) / len(corners), sum(one[1] for one in corners) / len(corners))


def _sides(corners: tuple[Corner, ...]) -> list[tuple[Corner, Corner]]:
    return list(zip(corners, (*corners[1:], *corners[:1]), strict=True))


def _cross(one: tuple[Corner, Corner], other: tuple[Corner, Corner]) -> bool:
    """Whether two line segments cross, ends that only touch left out."""

    def side(a: Corner, b: Corner, c: Corner) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = one, other
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
