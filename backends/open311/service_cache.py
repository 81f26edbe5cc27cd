"""The services of a GeoReport v2 endpoint with their questions, cached."""

import asyncio
from collections.abc import Awaitable, Callable

from backends.base import (
    BackendUnavailable,
    RequestRefused,
    Service,
    UnknownReference,
)
from backends.open311.catalogue import (
    NO_DEFINITION,
    Definition,
    ListedService,
    read_notices,
    read_questions,
    read_services,
    with_questions,
)
from backends.open311.http import path_segment

SERVICES_SECONDS = 3600.0
# If the list cannot be refreshed, a list up to half a day old is better than none.
STALE_SECONDS = 12 * 3600.0
REFRESH_SECONDS = 60.0
Get = Callable[[str, list[tuple[str, str]]], Awaitable[dict[str, object] | list[object]]]
"""Reads the document at a path, with a query. Raises BackendUnavailable, UnknownReference."""


class ServiceCache:
    """Reads through `get`; `monotonic` returns seconds."""

    def __init__(self, get: Get, monotonic: Callable[[], float]) -> None:
        self._get = get
        self._monotonic = monotonic
        self._listed: tuple[float, list[ListedService]] | None = None
        self._questions: dict[str, tuple[float, Definition]] = {}
        self._lock = asyncio.Lock()

    def forget(self) -> None:
        """Read the list again when it is next needed."""
        self._listed = None

    async def list_names(self) -> list[Service]:
        """All services, without their questions."""
        return [with_questions(one, NO_DEFINITION) for one in await self._service_list()]

    async def list_services(self) -> list[Service]:
        """All services with their questions."""
        listed = await self._service_list()
        slots = asyncio.Semaphore(4)

        async def complete(service: ListedService) -> Service:
            async with slots:
                return with_questions(service, await self._questions_of(service))

        return list(await asyncio.gather(*(complete(service) for service in listed)))

    async def get_service(self, code: str) -> Service:
        """The service with this code. Raises RequestRefused if the back end does not offer it."""
        for oldest in (SERVICES_SECONDS, REFRESH_SECONDS):
            for listed in await self._service_list(oldest):
                if listed.code == code:
                    return with_questions(listed, await self._questions_of(listed))
        raise RequestRefused((("404", f"the back end does not offer the service {code}"),))

    async def _service_list(self, oldest: float = SERVICES_SECONDS) -> list[ListedService]:
        async with self._lock:
            now = self._monotonic()
            if self._listed and now - self._listed[0] < oldest:
                return self._listed[1]
            try:
                listed = read_services(await self._get("services", []))
            except (BackendUnavailable, UnknownReference) as error:
                if self._listed and now - self._listed[0] < STALE_SECONDS:
                    return self._listed[1]
                raise BackendUnavailable(f"the list of services cannot be read: {error}") from None
            self._listed = (now, listed)
            return listed

    async def _questions_of(self, listed: ListedService) -> Definition:
        if not listed.has_questions:
            return NO_DEFINITION
        now = self._monotonic()
        kept = self._questions.get(listed.code)
        if kept and now - kept[0] < SERVICES_SECONDS:
            return kept[1]
        try:
            found = await self._get(f"services/{path_segment(listed.code)}", [])
            questions = Definition(read_questions(found), read_notices(found))
        except UnknownReference:
            questions = NO_DEFINITION
        except BackendUnavailable:
            if kept and now - kept[0] < STALE_SECONDS:
                return kept[1]
            raise
        self._questions[listed.code] = (now, questions)
        return questions
