"""Other bodies that are responsible for a place or a kind of thing: the road authority, the next town, the water company."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Annotated

import msgspec

from city.boundary import Boundary
from city.coordinates import Latitude, Longitude
from city.hours import Language

_WORD = re.compile(r"\w+", re.UNICODE)
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class BodyConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One body. It is asked about `services` (none listed: any) where `streets`, `towns` or the polygon `area` say so, and
    with `outside` everywhere outside the city's boundary. `title` and `url` are by language. With `backend` reports from inside the
    boundary are filed with that back end, as `codes` call the services there; without it the citizen is told whom to ask."""

    name: _Name
    title: dict[Language, Annotated[str, msgspec.Meta(min_length=1, max_length=120)]]
    phone: Annotated[str, msgspec.Meta(max_length=60)] = ""
    url: dict[Language, str] = {}
    services: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    area: tuple[tuple[Latitude, Longitude], ...] = ()
    outside: bool = False
    backend: str | None = None
    codes: dict[str, str] = {}

    def contact(self, language: str) -> str:
        """Telephone and address on the web, in this language or the first one."""
        return ", ".join(one for one in (self.phone, _in(self.url, language)) if one)

    def called(self, language: str) -> str:
        """Its name in this language, or in the first one."""
        return _in(self.title, language)


class Bodies:
    """The bodies in the order of city.yml; the first that fits is asked."""

    def __init__(self, bodies: Sequence[BodyConfig] = ()) -> None:
        self._bodies = [
            (
                one,
                [_words(street) for street in one.streets],
                {_words(town) for town in one.towns},
                Boundary(one.area),
            )
            for one in bodies
        ]

    @property
    def by_area(self) -> bool:
        """Whether a position is needed to find one of them."""
        return any(one.area for one, *_ in self._bodies)

    def of_place(
        self, service: str | None, address: str | None, latitude: float | None, longitude: float | None
    ) -> BodyConfig | None:
        """Who looks after this service at this place. Without a service only those that look after any."""
        said = _words(address or "")
        for one, streets, _, area in self._bodies:
            if not _takes(one, service):
                continue
            if any(_holds(said, street) for street in streets):
                return one
            if (
                one.area
                and latitude is not None
                and longitude is not None
                and area.contains(latitude, longitude)
            ):
                return one
        return None

    def elsewhere(
        self,
        service: str | None,
        town: str | None,
        latitude: float | None = None,
        longitude: float | None = None,
    ) -> BodyConfig | None:
        """Whom to ask about a place outside the city: a town by its name, or a position."""
        known = self.of_place(service, None, latitude, longitude)
        if known is not None:
            return known
        fits = [(one, towns) for one, _, towns, _ in self._bodies if _takes(one, service)]
        by_town = (one for one, towns in fits if town is not None and _words(town) in towns)
        return next(by_town, None) or next((one for one, _ in fits if one.outside), None)


def problem_of_body(body: BodyConfig, language: str, backends: Sequence[str]) -> str | None:
    """What is wrong with a body, as the rest of a sentence; None if nothing is."""
    if language not in body.title:
        return f"has no title in '{language}', the first language."
    if body.backend is None and not body.contact(language):
        return "has neither a phone nor a url nor a backend. Say how people reach it."
    if body.backend is not None and body.backend not in backends:
        return f"names the back end '{body.backend}', which is not in 'backends'."
    if not (body.streets or body.towns or body.area or body.outside):
        return "says no place: list streets, towns or an area, or set outside."
    if any(not url.startswith(("https://", "http://")) for url in body.url.values()):
        return "has a url that is no web address."
    if body.area and len(body.area) < 3:
        return "has an area of fewer than three corners."
    return None


def _takes(body: BodyConfig, service: str | None) -> bool:
    return not body.services or service in body.services


def _holds(said: tuple[str, ...], street: tuple[str, ...]) -> bool:
    return bool(street) and any(
        said[start : start + len(street)] == street for start in range(len(said) - len(street) + 1)
    )


def _words(text: str) -> tuple[str, ...]:
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text[:500].casefold())
        if not unicodedata.combining(character)
    )
    return tuple(_WORD.findall(plain))


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
