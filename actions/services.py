"""The services that can be requested: the city's catalogue, with the questions that the back end adds."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.catalogue import Catalogue
from actions.words import fold, plain_words
from backends.base import Backend, BackendError, Catalogued, NearbyRequest, Question, Searchable, Service
from city.catalogue.words import NO_WORDS, NOTHING_ADDED, CatalogueWords, QuestionWords, ServiceWords
from city.routes import Route, Routes
from city.services import Choice, CityService, ServiceQuestion, in_language

# A citizen waits for this; the back end's list is kept for an hour by its client.
LOOK_UP_SECONDS = 2.0
MOST_OFFERS = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to ask for a service. `values` are (key, name) pairs; empty: any text.

    `said` has further words for each key, in all languages. `why` says what a required answer is for. `told`: words of
    a description that answers it already. `further`: it is asked only if the citizen wants to say more. `only_if`: it is
    asked only after one of these answers, by the code of another question.
    """

    code: str
    prompt: str
    datatype: str
    values: tuple[tuple[str, str], ...] = ()
    required: bool = True
    why: str = ""
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    further: bool = False
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Services:
    """The catalogue of content/services.yml. `backends` are by their names in city.yml; `catalogues` are those whose own
    services can be asked for too, and `words` what editors add to them."""

    def __init__(
        self,
        services: Mapping[str, CityService],
        routes: Routes,
        backends: Mapping[str, Backend],
        catalogues: Collection[str] = (),
        words: CatalogueWords | None = None,
    ) -> None:
        self._words = words or {}
        self._services = services
        self._routes = routes
        self._backends = backends
        listing = {
            name: one for name, one in backends.items() if name in catalogues and isinstance(one, Catalogued)
        }
        taken = [(route.backend, route.code) for route in map(routes.of, services)]
        self._catalogue = Catalogue(listing, taken, self._words)

    async def renew(self) -> None:
        """Know what the back ends' own catalogues have now. Waits 2 seconds for each at most."""
        await self._catalogue.renew()

    def matching(self, text: str) -> tuple[str, ...]:
        """The services of the back ends' own catalogues that a text most likely means: several if they are close."""
        return self._catalogue.matching(text)

    def __contains__(self, code: object) -> bool:
        return code in self._services or (isinstance(code, str) and self._catalogue.get(code) is not None)

    def name(self, code: str, language: str) -> str:
        """The service's name in a language, or its code."""
        if service := self._services.get(code):
            return in_language(service.name, language)
        theirs = self._catalogue.get(code)
        if theirs is None:
            return code
        return self._added(self._routes.of(code)).name.get(language) or theirs.name

    def their_name(self, code: str) -> str | None:
        """What a back end calls a service that only its own catalogue has."""
        theirs = self._catalogue.get(code)
        return theirs.name if theirs else None

    def service_at(self, backend: str, code: str | None) -> str | None:
        """Our code for what a back end calls this service, None if the catalogue does not have it."""
        return self._routes.service_at(backend, code)

    def expected_days(self, code: str) -> int | None:
        """How many days it usually takes; None for a service that the catalogue does not have."""
        service = self._services.get(code)
        return service.expected_days if service else None

    def every_day(self, code: str) -> bool:
        """Whether its crews work on every day, so that all days count."""
        service = self._services.get(code)
        return service.every_day if service else False

    def choices(self, language: str) -> list[tuple[str, str]]:
        """All (code, name), in the file's order, then those of the back ends' own catalogues."""
        return [(code, self.name(code, language)) for code in (*self._services, *self._catalogue.codes())]

    def offers(self, language: str) -> list[tuple[str, str]]:
        """(code, name) of those that are shown to choose from: all, unless they are too many."""
        every = self.choices(language)
        own = len(self._services)
        return every if len(every) <= max(MOST_OFFERS, own) else every[:own]

    def is_named(self, code: str, text: str) -> bool:
        """Whether a text names the service by one of its keywords, in any language."""
        service = self._services.get(code)
        said = f" {fold(text)} "
        keywords = (word for words in service.keywords.values() for word in words) if service else ()
        return any(f" {fold(word)} " in said for word in keywords)

    def needs_location(self, code: str) -> bool:
        """Whether a crew must know where."""
        service = self._services.get(code)
        return service.needs_location if service else True

    def same_within(self, code: str) -> int:
        """Within how many metres open requests of this service are shown before a new one is filed; 0: none are."""
        service = self._services.get(code)
        return service.same_within if service else 0

    def route(self, code: str, place: Mapping[str, Any] | None = None) -> Route:
        """Where requests for this service go: another body's back end, if it looks after this place (address, latitude,
        longitude)."""
        at = place or {}
        return self._routes.at(code, at.get("address"), at.get("latitude"), at.get("longitude"))

    async def nearby(self, code: str, place: Mapping[str, Any]) -> tuple[str, list[NearbyRequest]]:
        """The back end that takes the service at this place, which has a point, and its open requests near it, the nearest
        first. One that does not answer in time has none: nobody is kept from filing."""
        route, metres = self.route(code, place), self.same_within(code)
        backend = self._backends.get(route.backend)
        if not metres or backend is None or not backend.capabilities.nearby:
            return route.backend, []
        if not isinstance(backend, Searchable):
            return route.backend, []
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                return route.backend, await backend.nearby(
                    route.code, place["latitude"], place["longitude"], metres
                )
        except (BackendError, TimeoutError):
            return route.backend, []

    def urgent(self, code: str) -> bool:
        """Whether it may hurt people while it waits."""
        service = self._services.get(code)
        return service.urgent if service else False

    def holds_personal_data(self, code: str) -> bool:
        """Whether its requests are told only after an identity check."""
        service = self._services.get(code)
        return service.identity if service else False

    async def questions(
        self, code: str, language: str, place: Mapping[str, Any] | None = None
    ) -> Sequence[Asked]:
        """The questions to ask for a service: ours first, then those that only the back end has: the required ones, those
        that editors want asked, and as `further` ones the rest. Where another body's back end gets the request, only its own.

        A back end that does not answer in time adds none: if it refuses the request because something is
        missing, a person asks for it.
        """
        route = self.route(code, place)
        theirs = await self._theirs(route, language)
        if route.backend != self._routes.of(code).backend:
            return theirs
        service = self._services.get(code)
        ours = [
            _asked(question, language)
            for question in (service.questions if service else ())
            if question.required or question.ask
        ]
        known = {question.code for question in (service.questions if service else ())}
        return [*ours, *(asked for asked in theirs if asked.code not in known)]

    async def notices(self, code: str, place: Mapping[str, Any] | None = None) -> Sequence[str]:
        """What the back end wants to be shown with this service, before its questions."""
        service = await self._definition(self.route(code, place))
        return service.notices if service else ()

    def tellable(self, code: str, language: str) -> Sequence[Asked]:
        """The questions of ours that a description may answer, those that nobody asks too."""
        service = self._services.get(code)
        return [_asked(question, language) for question in (service.questions if service else ())]

    def _added(self, route: Route) -> ServiceWords:
        return self._words.get(route.backend, {}).get(route.code, NO_WORDS)

    async def _theirs(self, route: Route, language: str) -> list[Asked]:
        service = await self._definition(route)
        added = self._added(route).questions
        asked = [
            _of_catalogue(question, added.get(question.code, NOTHING_ADDED), language)
            for question in (service.questions if service else ())
        ]
        return [*(one for one in asked if not one.further), *(one for one in asked if one.further)]

    async def _definition(self, route: Route) -> Service | None:
        """The service as its back end has it; None if it does not say so in time."""
        backend = self._backends.get(route.backend)
        if backend is None or not backend.capabilities.definitions:
            return None
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                if isinstance(backend, Catalogued):
                    return await backend.service(route.code)
                return next((one for one in await backend.services() if one.code == route.code), None)
        except (BackendError, TimeoutError):
            return None


def _of_catalogue(question: Question, added: QuestionWords, language: str) -> Asked:
    """A back end's question, with what editors added to it."""
    named = {
        key: added.names[key].get(language) or name if key in added.names else name
        for key, name in question.values
    }
    said = {
        key: (
            name,
            *added.names.get(key, {}).values(),
            *(word for words in added.said.get(key, {}).values() for word in words),
        )
        for key, name in question.values
    }
    return Asked(
        question.code,
        (added.prompt.get(language) or question.prompt).rstrip(" ?¿"),
        question.datatype,
        tuple(named.items()),
        question.required,
        said=said,
        further=not question.required and not added.ask,
        only_if={} if question.required else added.only_if,
    )


def _asked(question: ServiceQuestion, language: str) -> Asked:
    return Asked(
        question.code,
        in_language(question.prompt, language),
        question.datatype,
        tuple((value.key, in_language(value.name, language)) for value in question.values),
        question.required,
        in_language(question.why, language),
        {value.key: _words_for(value) for value in question.values},
        tuple(plain_words(words) for listed in question.told.values() for words in listed),
    )


def _words_for(choice: Choice) -> tuple[str, ...]:
    """Its names and other words for it in all languages: people mix them."""
    return (*choice.name.values(), *(word for words in choice.said.values() for word in words))
