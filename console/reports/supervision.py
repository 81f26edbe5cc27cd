"""Supervisors' actions on a conversation: whisper and review. Plain forms: POST, then a redirect."""

from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from desk.conversations.supervision import CRITERIA, Supervision
from desk.people.access import access_conversation


class SupervisionActions:
    """POST /console/conversations/<id>/whisper, whisper-read, review."""

    def __init__(self, deps: ConsoleDeps) -> None:
        self._deps = deps
        self._supervision = Supervision(deps.ownership)

    async def whisper(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """A message to the agent who has the conversation."""
        await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        client_id = visit.field("client_id")[:64] or str(uuid4())
        await self._supervision.whisper(visit.actor, conversation_id, visit.field("text"), client_id)
        return go_to(f"/console/conversations/{conversation_id}?notice=whispered#latest")

    async def put_away(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The agent has read it."""
        await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        await self._supervision.put_away(visit.actor, conversation_id)
        return go_to(f"/console/conversations/{conversation_id}#latest")

    async def review(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Store the scores of a review."""
        await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        points = {name: int(text) for name in CRITERIA if (text := visit.field(name)) in ("0", "1", "2")}
        await self._supervision.review(visit.actor, conversation_id, points, visit.field("note"))
        return go_to(f"/console/conversations/{conversation_id}?notice=reviewed#about")
