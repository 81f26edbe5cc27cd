"""The variables about the city that any text may use."""

from collections.abc import Mapping

from city import City
from desk.knowledge.words import office_hours


class CityWords:
    """Administrators change these settings while the desk runs; the hours in words are costly to make."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._known: dict[str, tuple[object, Mapping[str, str]]] = {}

    def of(self, language: str) -> Mapping[str, str]:
        """In this language, as the settings are now."""
        city = self._city
        plain = {
            "city": city.name,
            "website": city.website,
            "phone": city.phone,
            "emergency_number": city.emergency_number,
            "office_address": city.office_address,
        }
        key = (*plain.values(), city.office_hours)
        known = self._known.get(language)
        if known is None or known[0] != key:
            said = {**plain, "office_hours": office_hours(city, language)}
            known = self._known[language] = (key, said)
        return known[1]
