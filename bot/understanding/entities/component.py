"""What a text mentions: report numbers, streets, services, dates, holidays, times, amounts, postal codes, e-mail, telephone.

spaCy matches the phrases over our own tokens (its tokenizer needs seconds for 4,000 plus signs); no model is
downloaded, and everything known comes from city.yml, the gazetteer and content/services.yml. Entities that
identify a person or a home are marked `personal`, for bot/masking.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.vocab import Vocab

from bot.project import Project, load_project
from bot.understanding.entities.calendar_words import HOLIDAYS
from bot.understanding.entities.dates import find_dates
from bot.understanding.entities.moments import Moments
from bot.understanding.entities.phrases import Phrases
from bot.understanding.entities.positions import Home, find_positions
from bot.understanding.entities.signature import of_the_matter
from bot.understanding.entities.streets import Streets
from bot.understanding.text import Claimed, tokens

PERSONAL = frozenset({"street", "address", "postal_code", "email", "phone", "latitude", "longitude"})
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_DIGIT = re.compile(r"\d")
_PHONE = re.compile(r"(?<![\w-])(?<!\d[\s().])\+?\(?\d(?:[\s().-]{0,2}\d){6,14}(?![\w-]|[\s().-]{0,2}\d)")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CityEntities(GraphComponent, EntityExtractorMixin):
    """Adds entities {entity, value, start, end, extractor} to every message."""

    def __init__(self, project: Project, clock: Callable[[], datetime] | None = None) -> None:
        vocab = Vocab()
        self._clock = clock or _now
        self._zone = project.zone
        self._moments = Moments()
        self._postal_codes = [
            re.compile(rf"(?<![\w-]){pattern}(?![\w-])") for pattern in project.postal_codes
        ]
        self._month_first = project.month_first
        self._references = [_tolerant(pattern) for pattern in project.reference_patterns]
        self._home = Home(project.middle, (project.variables["city"].lower(),)) if project.middle else None
        self._streets = Streets(vocab, project.streets)
        self._services = Phrases(vocab, _keywords(project))
        self._holidays = Phrases(vocab, HOLIDAYS, forgive_from=9)  # "festival" is no "festivos"

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CityEntities:
        return cls(load_project())

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.find(message.get(TEXT) or "", message.get("metadata") or {})
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def find(self, text: str, metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Entities of one text. `metadata`: "now" (ISO time) and "language" of the conversation, if known."""
        words = tokens(text)
        found = [self._entity("reference", *span) for span in self._numbers(text)]
        if "@" in text:
            found += [
                self._entity("email", m.start(), m.end(), m[0].rstrip(".'").lower())
                for m in _EMAIL.finditer(text)
            ]
        today = day_of(metadata, self._zone, self._clock)
        month_first = self._month_first and (metadata.get("language") or "en") == "en"
        self._add(found, self._positions(text))
        numbered = _DIGIT.search(text) is not None  # few messages have one, and these entities need one
        days = find_dates(text, today, month_first=month_first) if numbered else []
        self._add(found, (self._entity("date", start, end, day.isoformat()) for start, end, day in days))
        moments = self._moments.find(text, today)
        self._add(found, (self._entity(m.kind, m.start, m.end, m.value) for m in moments))
        phones = (m for m in _PHONE.finditer(text) if not self._is_postal_code(m[0].strip()))
        if numbered:
            self._add(found, (self._entity("phone", m.start(), m.end(), m[0].strip()) for m in phones))
        for place in of_the_matter(text, self._streets.find(words, text)):
            found.append(self._entity("street", place.start, place.end, place.street))
            found.append(self._entity("address", place.start, place.end, place.address))
        codes = (match for pattern in self._postal_codes for match in pattern.finditer(text))
        self._add(found, (self._entity("postal_code", m.start(), m.end(), m[0].upper()) for m in codes))
        found += [self._entity("service", *span) for span in self._services.find(words)]
        letters = [word for word in words if word.word[0].isalnum()]  # "New Year's Day", "Saint-Valentin"
        holidays = self._holidays.find(letters)
        found = [entity for entity in found if entity["entity"] != "date" or not _inside(entity, holidays)]
        found += [self._entity("holiday", *span) for span in holidays]
        return sorted(found, key=lambda entity: (entity["start"], entity["end"]))

    def _positions(self, text: str) -> list[dict[str, Any]]:
        """Both degrees of each position, the address that a link names, or `link` for one without a position."""
        found = []
        for position in find_positions(text, self._home):
            span = position.start, position.end
            named = self._streets.find(tokens(position.name)) if position.name else []
            if position.latitude is not None:
                found.append(self._entity("latitude", *span, position.latitude))
                found.append(self._entity("longitude", *span, position.longitude))
            elif named:
                found.append(self._entity("street", *span, named[0].street))
                found.append(self._entity("address", *span, named[0].address))
                found.append(self._entity("link", *span, "address"))
            else:
                found.append(self._entity("link", *span, "unread"))
        return found

    def _add(self, found: list[dict[str, Any]], more: Iterable[dict[str, Any]]) -> None:
        """The first match claims its characters: a date is no telephone number."""
        claimed = Claimed(max((entity["end"] for entity in found), default=0))
        for entity in found:
            claimed.take(entity["start"], entity["end"])
        found += [entity for entity in more if claimed.is_free(entity["start"], entity["end"])]

    def _is_postal_code(self, text: str) -> bool:
        return any(pattern.fullmatch(text) for pattern in self._postal_codes)

    def _numbers(self, text: str) -> list[tuple[int, int, str]]:
        found = []
        for pattern in self._references:
            for match in pattern.finditer(text):
                # "Sr Juan Díaz" looks like SR-JUAN-DIAZ: a loose spelling counts only with a digit
                if "-" in match[0] or any(c.isdigit() for c in match[0]):
                    found.append((match.start(), match.end(), "-".join(match.groups()).upper()))
        return found

    def _entity(self, name: str, start: int, end: int, value: str | float | None) -> dict[str, Any]:
        entity = {
            "entity": name,
            "value": value,
            "start": start,
            "end": end,
            "extractor": type(self).__name__,
        }
        return {**entity, "personal": True} if name in PERSONAL else entity


def day_of(metadata: Mapping[str, Any], zone: tzinfo, clock: Callable[[], datetime] | None = None) -> date:
    """The day in the city's time zone when the message arrived."""
    zone = _zone_of(metadata) or zone
    try:
        return _day_there(str(metadata["now"]), zone)
    except (KeyError, ValueError):
        return _day((clock or _now)(), zone)


def _zone_of(metadata: Mapping[str, Any]) -> tzinfo | None:
    """The time zone that administrators set while the desk runs, if it is not city.yml's."""
    settings = metadata.get("settings")
    name = settings.get("time_zone") if isinstance(settings, Mapping) else None
    try:
        return ZoneInfo(name) if isinstance(name, str) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=64)  # one turn asks for it several times
def _day_there(now: str, zone: tzinfo) -> date:
    return _day(datetime.fromisoformat(now.replace("Z", "+00:00")), zone)


def _day(now: datetime, zone: tzinfo) -> date:
    return now.astimezone(zone).date() if now.tzinfo else now.date()


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _inside(entity: Mapping[str, Any], spans: Iterable[tuple[int, int, str]]) -> bool:
    """Whether it is a part of one of the spans: "Good Friday" is no Friday."""
    return any(start <= entity["start"] and entity["end"] <= end for start, end, _ in spans)


def _keywords(project: Project) -> dict[str, list[str]]:
    """Keywords of content/services.yml in all languages."""
    return {
        code: [str(word) for listed in (service.get("keywords") or {}).values() for word in listed or []]
        for code, service in project.services.items()
    }


def _tolerant(pattern: str) -> re.Pattern[str]:
    """The back end's pattern, as people type it: any case, a space or nothing for a hyphen."""
    parts = re.split(r"-(?![^\[]*\])", pattern)
    return re.compile(
        r"(?<![\w-])" + r"[\s–—-]?".join(f"({part})" for part in parts) + r"(?![\w-])", re.IGNORECASE
    )
