"""The dependencies of the actions. Built in the composition root, server.py."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from actions.lookup.lookups import Lookups
from actions.phrases import Phrases
from actions.places import Places
from actions.registers.attempts import Attempts
from actions.services import Services
from actions.talk.other_languages import OwnWords
from backends.base import Backend
from backends.geocoding.base import Geocoder
from backends.geocoding.gazetteer import Gazetteer
from backends.rest.client import Register
from city.street_positions import StreetPositions


@dataclass(frozen=True, slots=True)
class Desk:
    """A back end with its name in city.yml and the shape of its reference numbers."""

    name: str
    backend: Backend
    reference_pattern: str


@dataclass(frozen=True, slots=True)
class Context:
    """The city as the actions see it. `languages[0]` is the default; `answers` are the existing topics, those of the console among them.

    `crisis_lines`: a kind of danger -> language -> the number to call besides the emergency number. `other_languages`:
    what is said, by code, to people who write in a language that the city does not speak. `registers` have permits, fines and
    the like; `geocoder` knows where an address is; `attempts` counts wrong answers to their identity questions."""

    languages: Sequence[str]
    zone: tzinfo
    services: Services
    phrases: Phrases
    backends: Sequence[Desk]
    answers: Collection[str]
    lookups: Lookups
    clock: Callable[[], datetime]
    crisis_lines: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    other_languages: Mapping[str, OwnWords] = field(default_factory=dict)
    emergency_number: str = ""
    registers: Sequence[Register] = ()
    geocoder: Geocoder = field(default_factory=lambda: Gazetteer(StreetPositions()))
    attempts: Attempts = field(default_factory=lambda: Attempts(lambda: datetime.now(UTC)))
