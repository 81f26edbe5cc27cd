"""Which service citizens' words mean: learned from back ends that said "not ours", decided by editors."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from city.services import CityService
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import NotFound, Refused
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.requests.learned import tidy_words
from desk.store.following import learned_services

SHORTEST, LONGEST = 3, 200
_WHERE = "/console/answers/learned"


class LearnedPages:
    """GET and POST /console/answers/learned, POST /console/answers/learned/<id> (`decision`: use or drop)."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, services: Mapping[str, CityService]) -> None:
        self._deps = deps
        self._pages = pages
        self._services = services

    async def show(self, visit: Visit) -> HTTPResponse:
        """The proposals, then those in use."""
        require(visit.actor, Permission.WRITE_ANSWERS)
        pool = self._deps.store.pool
        listed = await learned_services.list_learned(pool, ("proposed", "used"))
        return self._pages.page(
            "learned.html",
            session=visit.session,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            proposed=[one for one in listed if one.state == "proposed"],
            used=[one for one in listed if one.state == "used"],
            services={code: service.called("en") for code, service in self._services.items()},
            longest=LONGEST,
            **await counts_of(pool, visit),
        )

    async def add(self, visit: Visit) -> HTTPResponse:
        """An editor's own words, in use at once."""
        require(visit.actor, Permission.WRITE_ANSWERS)
        words, code = self._given(visit)
        source = visit.field("from")
        if source not in self._services or source == code:
            raise Refused("same_service", "Choose two different services. Nothing was saved.")
        id = uuid4()
        await learned_services.add_used(
            self._deps.store.pool, id, words, source, code, visit.actor.agent_id, visit.now
        )
        return await self._decided(visit, id, "used")

    async def decide(self, visit: Visit, learned_id: UUID) -> HTTPResponse:
        """Use one with the words and the service as they are now, or drop it."""
        require(visit.actor, Permission.WRITE_ANSWERS)
        pool = self._deps.store.pool
        known = {one.id: one for one in await learned_services.list_learned(pool, ("proposed", "used"))}
        if (one := known.get(learned_id)) is None:
            raise NotFound("This is not in the list any more. Reload the page.")
        state: Literal["used", "dropped"] = "dropped" if visit.field("decision") == "drop" else "used"
        words, code = (one.words, one.service_code) if state == "dropped" else self._given(visit)
        if state == "used" and code == one.from_code:
            raise Refused("same_service", "Choose two different services. Nothing was saved.")
        await learned_services.set_decided(
            pool, learned_id, state, words, code, visit.actor.agent_id, visit.now
        )
        return await self._decided(visit, learned_id, state)

    def _given(self, visit: Visit) -> tuple[str, str]:
        words, code = tidy_words(visit.field("words")), visit.field("service")
        if not SHORTEST <= len(words) <= LONGEST:
            raise Refused("words", f"Write {SHORTEST} to {LONGEST} letters of words. Nothing was saved.")
        if code not in self._services:
            raise Refused("no_such_service", "Choose a service from the list. Nothing was saved.")
        return words, code

    async def _decided(self, visit: Visit, id: UUID, state: str) -> HTTPResponse:
        await audit.record(
            self._deps.store.pool, visit.actor.agent_id, "learned_service", None, visit.now, learned=str(id), state=state
        )  # fmt: skip
        return go_to(f"{_WHERE}?notice=learned-decided")
