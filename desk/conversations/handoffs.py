"""Handoff: from the bot to the queue. The citizen is told where they stand, or when the office opens."""

from datetime import datetime
from uuid import UUID

from city import City
from desk.conversations.messages import MessageWriter
from desk.model import Conversation, Handoff, Message
from desk.routing.hours import is_open, next_opening
from desk.routing.teams import choose_team
from desk.store.dialogue import conversations
from desk.store.pool import Executor

_SUMMARY = 2_000


async def hand_off(
    transaction: Executor,
    writer: MessageWriter,
    city: City,
    conversation: Conversation,
    handoff: Handoff,
    now: datetime,
    *,
    topic: str | None = None,
    reply_to: UUID | None = None,
    reply_index: int | None = None,
) -> Conversation:
    """bot -> queued, with the message that says so. `conversation` must be the row as it is in this transaction."""
    team = choose_team(city, conversation.language, topic)
    queued = await conversations.enqueue(
        transaction,
        conversation.id,
        conversation.fence,
        team.name,
        handoff.reason,
        handoff.summary[:_SUMMARY],
    )
    if queued is None:
        return conversation
    await tell_place(transaction, writer, city, queued, now, reply_to=reply_to, reply_index=reply_index)
    return queued


async def tell_place(
    transaction: Executor,
    writer: MessageWriter,
    city: City,
    conversation: Conversation,
    now: datetime,
    *,
    reply_to: UUID | None = None,
    reply_index: int | None = None,
) -> Message:
    """The place in the queue while the office is open, else when it opens."""
    variables: dict[str, object] = {}
    if is_open(city, now):
        name = "handoff_queued"
        variables["position"] = await conversations.get_place(transaction, conversation.id) or 1
    elif opens := next_opening(city, now):
        name = "handoff_closed"
        variables["opens"] = opens
    else:
        name = "handoff_closed_long"
    return await writer.system(
        transaction, conversation, name, variables, reply_to=reply_to, reply_index=reply_index
    )
