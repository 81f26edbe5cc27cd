"""The city's lookups, ready to use. Built in the composition root."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from actions.lookup.collection import weekday_of
from actions.lookup.opening import Opening
from actions.lookup.service import JsonService
from actions.lookup.source import DataSource
from actions.lookup.table import Table
from actions.words import fold
from city import City
from city.calendar import Calendar, build_calendar, calendar_of
from city.errors import CityError
from city.lookups import Lookup, by_answer

LONGEST = 1000  # characters of a question that are examined


@dataclass(frozen=True, slots=True)
class Keyed:
    """A lookup by street. `calendar` has the holidays that move collections."""

    lookup: Lookup
    source: DataSource
    calendar: Calendar


class Lookups:
    """By topic and by id."""

    def __init__(
        self, openings: Mapping[str, Opening], keyed: Mapping[str, Keyed], lookups: Mapping[str, Lookup]
    ) -> None:
        self._openings = dict(openings)
        self._keyed = dict(keyed)
        self._by_answer = by_answer(lookups)
        self._phrases = {
            lookup.id: tuple(fold(phrase) for spoken in lookup.words.values() for phrase in spoken)
            for lookup in lookups.values()
        }
        self._topics = {
            lookup.response(name): lookup.answers[0]
            for lookup in lookups.values()
            for name in lookup.text_names()
        }

    def renew(self, city: City) -> None:
        """Give all of them the days and hours that the city has now."""
        self._openings = {
            id: Opening(one.lookup, _calendar(city, one.lookup)) for id, one in self._openings.items()
        }
        self._keyed = {id: replace(one, calendar=calendar_of(city)) for id, one in self._keyed.items()}

    def __contains__(self, topic: object) -> bool:
        return topic in self._by_answer

    def openings(self, topic: str, text: str) -> list[Opening]:
        """The lookups of a topic that give hours and match this question; for a follow-up ("and on Monday?") pass ""."""
        found = [one for one in self._by_answer.get(topic, ()) if one.id in self._openings]
        return [self._openings[one.id] for one in found if not text or wants(self._phrases[one.id], text)]

    def wanted(self, keyed: Keyed, text: str) -> bool:
        """Whether the question asks for what is looked up rather than the general answer."""
        return wants(self._phrases[keyed.lookup.id], text)

    def keyed(self, topic: str) -> list[Keyed]:
        """Those of a topic that need a street."""
        return [self._keyed[one.id] for one in self._by_answer.get(topic, ()) if one.id in self._keyed]

    def topic_of(self, response: str) -> str | None:
        """The topic that a text of a lookup belongs to."""
        return self._topics.get(response)

    def named(self, id: object) -> Keyed | None:
        """One that needs a street, by its id."""
        return self._keyed.get(str(id))


def wants(phrases: tuple[str, ...], text: str) -> bool:
    """Whether a question has one of a lookup's words, or needs none."""
    said = f" {fold(text[:LONGEST])} "
    return not phrases or any(f" {phrase} " in said for phrase in phrases)


def build_lookups(
    city: City, lookups: Mapping[str, Lookup], folder: Path, session: aiohttp.ClientSession
) -> Lookups:
    """Read the tables and prepare the services. Raises CityError with a sentence."""
    openings: dict[str, Opening] = {}
    keyed: dict[str, Keyed] = {}
    for lookup in lookups.values():
        if lookup.hours is not None:
            openings[lookup.id] = Opening(lookup, _calendar(city, lookup))
        else:
            keyed[lookup.id] = Keyed(lookup, _source(lookup, folder, session), calendar_of(city))
    return Lookups(openings, keyed, lookups)


def check_topics(lookups: Mapping[str, Lookup], answers: Sequence[str] | frozenset[str]) -> None:
    """Raises CityError for a lookup whose topic has no answer."""
    for lookup in lookups.values():
        for topic in lookup.answers:
            if topic not in answers:
                raise CityError(f"The lookup '{lookup.id}' is for '{topic}', which is no answer.")


def _calendar(city: City, lookup: Lookup) -> Calendar:
    hours = lookup.hours
    if hours is None or (hours.week is None and not hours.special_days):
        return calendar_of(city)
    week = city.office_hours if hours.week is None else hours.week
    return build_calendar(city, week, hours.special_days, keeps_holidays=hours.keeps_holidays)


def _source(lookup: Lookup, folder: Path, session: aiohttp.ClientSession) -> DataSource:
    if lookup.service is not None:
        url = os.environ.get(lookup.service.url_env or "") or lookup.service.url
        return JsonService(session, url, lookup.service.values, time.monotonic)
    table = Table.load(folder / str(lookup.table))
    if lookup.collection:
        wrong = [value for value in table.values(lookup.collection) if weekday_of(value) is None]
        if wrong:
            raise CityError(
                f"{lookup.table}: '{wrong[0]}' in the column '{lookup.collection}' is no weekday. Write 'monday'."
            )
    return table
