"""Hands conversations off from the bot to the queue, and tells contacts their place or when the office
opens."""

import structlog

from city import City
from desk.conversations.handoff_limits import Limit, limit_reached
from desk.conversations.messages import MessageWriter
from desk.model import By, Clock, Conversation, Handoff, InReply, Message
from desk.routing.hours import is_open, next_opening
from desk.routing.teams import choose_team
from desk.store.dialogue import conversations, handoffs, standing
from desk.store.pool import Executor

log = structlog.get_logger("turns")

_SUMMARY = 2_000
_URGENCY = 40


class Handoffs:
    """Built once. All methods run in the caller's transaction, which has locked the contact."""

    def __init__(self, city: City, writer: MessageWriter, clock: Clock) -> None:
        self._city = city
        self._writer = writer
        self._clock = clock

    async def hand_off(
        self,
        transaction: Executor,
        conversation: Conversation,
        handoff: Handoff,
        by: By,
        *,
        topic: str | None = None,
        reply: InReply | None = None,
    ) -> Conversation:
        """bot -> queued, with a message to the contact. `conversation` must be the row as read in this
        transaction.

        Where a limit is reached the citizen is told so, and the conversation stays as it was."""
        if limit := await self.limit_reached(transaction, conversation, handoff):
            await self._writer.system(transaction, conversation, f"handoff_limited_{limit}", reply=reply)
            return conversation
        queued = await self.enqueue(transaction, conversation, handoff, by, topic=topic)
        if queued is None:
            return conversation
        await self.tell_place(transaction, queued, reply=reply)
        return queued

    async def enqueue(
        self,
        transaction: Executor,
        conversation: Conversation,
        handoff: Handoff,
        by: By,
        *,
        topic: str | None = None,
    ) -> Conversation | None:
        """bot -> queued, without a message to the contact; None if somebody has moved it meanwhile."""
        team = choose_team(self._city, conversation.language, topic)
        queued = await conversations.enqueue(
            transaction,
            conversation.id,
            conversation.fence,
            team.name,
            handoff.reason,
            handoff.summary[:_SUMMARY],
            by,
            handoff.urgency[:_URGENCY] if handoff.urgency else None,
        )
        if queued is not None:
            await handoffs.add_handoff(transaction, conversation.contact_id)
        return queued

    async def mark_urgent(self, transaction: Executor, conversation: Conversation, handoff: Handoff) -> bool:
        """A contact in the queue reports danger: the conversation moves ahead of those that are not urgent.
        False if it is not queued any more."""
        if handoff.urgency is None:
            return False
        urgency, summary = handoff.urgency[:_URGENCY], handoff.summary[:_SUMMARY]
        return await conversations.mark_urgent(transaction, conversation.id, urgency, summary)

    async def limit_reached(
        self, transaction: Executor, conversation: Conversation, handoff: Handoff
    ) -> Limit | None:
        """The limit that forbids this handoff now (desk/conversations/handoff_limits.py), for callers that promise a person."""
        limit = await limit_reached(transaction, self._city, conversation, handoff)
        if limit:
            log.warning(
                "handoff_limited", contact=str(conversation.contact_id), limit=limit, reason=handoff.reason
            )
        return limit

    async def tell_place(
        self, transaction: Executor, conversation: Conversation, *, reply: InReply | None = None
    ) -> Message:
        """Tell the contact their place in the queue, or, while the office is closed, when it opens."""
        variables: dict[str, object] = {}
        now = self._clock()
        if is_open(self._city, now):
            name = "handoff_queued"
            variables["position"] = await standing.get_place(transaction, conversation.id) or 1
        elif opens := next_opening(self._city, now):
            name = "handoff_closed"
            variables["opens"] = opens
        else:
            name = "handoff_closed_long"
        return await self._writer.system(transaction, conversation, name, variables, reply=reply)
