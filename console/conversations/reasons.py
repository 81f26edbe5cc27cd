"""Why the assistant replied as it did, reply by reply."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of
from console.rendering import Pages
from console.topics import topic_titles
from desk.knowledge.reasons import Reasons


class ReasonPages:
    """GET /console/conversations/<id>/why."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._reasons = Reasons(deps.store, deps.clock)

    async def show(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The page. Who reads no conversation gets it without the words of the replies."""
        found = await self._reasons.of_conversation(visit.actor, conversation_id)
        return self._pages.page(
            "why.html",
            session=visit.session,
            reasons=found,
            conversation_id=conversation_id,
            titles=topic_titles(self._deps),
            **await counts_of(self._deps.store.pool, visit),
        )
