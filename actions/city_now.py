"""The administrators' current settings of the city, and the answers that were created in the console. With each turn the desk
sends the differences from the files."""

from collections.abc import Mapping
from typing import Any

import msgspec
import structlog

from actions.lookup.lookups import Lookups
from actions.places import Places
from city import City, CityError
from city.settings import renew, with_fields

log = structlog.get_logger("actions")


class CityNow:
    """Built once, in the composition root, from city.yml. `crisis_lines` and `answers` are renewed in place."""

    def __init__(
        self,
        city: City,
        lookups: Lookups,
        crisis_lines: dict[str, Mapping[str, str]],
        places: Places,
        answers: set[str] | None = None,
    ) -> None:
        self._seed = msgspec.structs.replace(city)
        self._city = city
        self._lookups = lookups
        self._crisis_lines = crisis_lines
        self._places = places
        self._known: object = {}
        self._answers = set() if answers is None else answers
        self._own = frozenset(self._answers)

    def take(self, tracker: Mapping[str, Any]) -> None:
        """Renew the city from the turn of this tracker. Settings that cannot be read change nothing, and are logged."""
        metadata = (tracker.get("latest_message") or {}).get("metadata") or {}
        added = {one for one in metadata.get("answers") or () if isinstance(one, str)}
        if self._answers != self._own | added:
            self._answers.clear()
            self._answers.update(self._own, added)
        given = metadata.get("settings") or {}
        if given == self._known:
            return
        self._known = given
        try:
            renew(self._city, with_fields(self._seed, given))
        except CityError as error:
            log.error("settings_unreadable", error=str(error))
            return
        self._crisis_lines.clear()
        self._crisis_lines.update(lines_of(self._city))
        self._lookups.renew(self._city)
        self._places.renew(self._city)


def lines_of(city: City) -> dict[str, Mapping[str, str]]:
    """The crisis lines: a kind of danger, then a language."""
    return {str(kind): numbers for kind, numbers in city.crisis_lines.items()}
