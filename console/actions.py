"""What an agent does with a conversation. Plain forms: POST, then a redirect, so that a reload repeats nothing.

Ownership writes the audit line of each act in the act's own transaction.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console.conversations import ConversationPages, Draft
from console.deps import ConsoleDeps
from console.guard import Problem, Visit, as_problem, failure, go_to, success
from desk.model import Actor, AlreadyClaimed, Conversation, NotAllowed, NotFound, Refused, WrongState
from desk.people import audit
from desk.people.access import access_conversation

LONGEST_REPLY = 4_000
"""Characters; channels cut no agent's words, so the box says no before they do."""

Act = Callable[[Actor, UUID], Awaitable[Conversation]]


class Actions:
    """POST /console/conversations/<id>/claim, reply, hand-back, release, resolve, reopen."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages

    async def claim(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Take it. The database decides who was first."""
        return await self._act(visit, conversation_id, "claim", self._deps.ownership.claim, None)

    async def hand_back(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The bot goes on."""
        return await self._act(
            visit, conversation_id, "hand_back", self._deps.ownership.hand_back, "handed-back"
        )

    async def release(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Another agent shall take it."""
        return await self._act(visit, conversation_id, "release", self._deps.ownership.release, "released")

    async def resolve(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """It is done."""
        return await self._act(visit, conversation_id, "resolve", self._deps.ownership.resolve, "resolved")

    async def reopen(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """It was not done."""
        return await self._act(visit, conversation_id, "reopen", self._deps.ownership.reopen, "reopened")

    async def reply(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Send the agent's words. The same client id again is the same message; refused text stays in the box."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        draft = Draft(_client_id(visit.field("client_id")), visit.field("text"))
        try:
            text = draft.text.strip()
            if not text:
                raise Problem(422, "empty", "Nothing to send", "The reply is empty. Write something first.")
            if len(text) > LONGEST_REPLY:
                raise Problem(
                    422,
                    "too_long",
                    "Too long",
                    f"The reply has {len(text):,} characters; {LONGEST_REPLY:,} is the most. Nothing was sent.",
                )
            message = await self._deps.ownership.reply(visit.actor, conversation_id, text, draft.client_id)
        except (Problem, Refused, WrongState) as error:
            problem = as_problem(error)
            if visit.scripted:
                return failure(problem)
            now = await self._again(visit, conversation)
            return await self._pages.render(
                visit, now, status=problem.status, alert=problem.sentence, draft=draft
            )
        if visit.scripted:
            return success(seq=message.seq, message=str(message.id))
        return go_to(f"/console/conversations/{conversation_id}#latest")

    async def _act(
        self, visit: Visit, conversation_id: UUID, action: str, act: Act, notice: str | None
    ) -> HTTPResponse:
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            await act(visit.actor, conversation_id)
        except (AlreadyClaimed, WrongState) as error:
            if isinstance(error, AlreadyClaimed):
                # The losing transaction was rolled back, its audit line with it.
                await audit.record(
                    self._deps.store.pool, visit.actor.agent_id, "claim_lost", conversation_id, visit.now
                )
            problem = as_problem(error)
            if visit.scripted:
                return failure(problem)
            now = await self._again(visit, conversation)
            return await self._pages.render(visit, now, status=problem.status, alert=problem.sentence)
        if visit.scripted:
            return success(done=action)
        here = f"/console/conversations/{conversation_id}"
        return go_to(f"{here}#latest" if notice is None else f"/console/?notice={notice}")

    async def _again(self, visit: Visit, before: Conversation) -> Conversation:
        """The conversation as it is now; as it was, if it is no longer this agent's to see."""
        try:
            return await access_conversation(self._deps.store.pool, visit.actor, before.id)
        except (NotFound, NotAllowed):
            return before


def _client_id(given: str) -> str:
    try:
        return str(UUID(given))
    except ValueError:
        return str(uuid4())
