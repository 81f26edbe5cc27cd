"""Hands conversations off from the bot to the queue, and tells contacts their place, or when the team is available."""

import structlog

from city import City
from desk.conversations.handoff_limits import Limit, limit_reached
from desk.conversations.messages import MessageWriter
from desk.conversations.places import Places
from desk.conversations.redaction import without_deleted
from desk.model import By, Clock, Conversation, Handoff, InReply, Message, NewMessage, Reply, TurnAnswer
from desk.routing.team_directory import TeamDirectory
from desk.routing.teams import choose_team
from desk.routing.topics import Topics
from desk.store.dialogue import conversations, handoffs, messages, quotes
from desk.store.pool import Executor

log = structlog.get_logger("turns")

PROMISES = frozenset({"utter_handoff", "utter_handoff_unsure"})
"""What the bot says if it passes somebody to a person, and nothing else."""
_SUMMARY = 2_000
_URGENCY = 40


class Handoffs:
    """Built once. All methods run in the caller's transaction, which has locked the contact."""

    def __init__(self, city: City, writer: MessageWriter, clock: Clock) -> None:
        self._city = city
        self._writer = writer
        self._clock = clock
        self.places = Places(city, writer.catalog, clock)
        self.teams = TeamDirectory(city)
        self.topics = Topics(writer.catalog.answers)

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
        transaction; without a `topic` it is the last one that the bot answered.

        Where a limit is reached the citizen is told so, and the conversation stays as it was."""
        if limit := await self.limit_reached(transaction, conversation, handoff):
            await self._writer.system(transaction, conversation, f"handoff_limited_{limit}", reply=reply)
            return conversation
        queued = await self.enqueue(transaction, conversation, handoff, by, topic=topic)
        if queued is None:
            return conversation
        await self.tell_place(transaction, queued, reply=reply)
        return queued

    async def without_promise(
        self, transaction: Executor, conversation: Conversation, answer: TurnAnswer
    ) -> tuple[Reply, ...]:
        """What the bot says; where a limit forbids its handoff, without its words that a person comes."""
        replies = tuple(one for one in answer.replies if one.response not in PROMISES)
        handoff = next((one for one in answer.directives if isinstance(one, Handoff)), None)
        if handoff is None or len(replies) == len(answer.replies):
            return answer.replies
        limit = await limit_reached(transaction, self._city, conversation, handoff, self._clock())
        return replies if limit else answer.replies

    async def enqueue(
        self,
        transaction: Executor,
        conversation: Conversation,
        handoff: Handoff,
        by: By,
        *,
        topic: str | None = None,
    ) -> Conversation | None:
        """bot -> queued, without a message to the contact; None if somebody has moved it in the meantime."""
        teams = await self.teams.read(transaction)
        topic = topic or await self.topics.of(transaction, conversation)
        team = choose_team(teams, conversation.language, topic, conversation.inbox)
        queued = await conversations.enqueue(
            transaction,
            conversation.id,
            conversation.fence,
            team.name,
            handoff.reason,
            await self._summary(transaction, conversation, handoff),
            by,
            handoff.urgency[:_URGENCY] if handoff.urgency else None,
            topic,
        )
        if queued is not None:
            await handoffs.add_handoff(transaction, conversation.contact_id)
        return queued

    async def mark_urgent(self, transaction: Executor, conversation: Conversation, handoff: Handoff) -> bool:
        """A contact in the queue reports danger: the conversation moves ahead of those that are not urgent.
        False if it is not queued any more."""
        if handoff.urgency is None:
            return False
        urgency = handoff.urgency[:_URGENCY]
        summary = await self._summary(transaction, conversation, handoff)
        return await conversations.mark_urgent(transaction, conversation.id, urgency, summary)

    async def _summary(self, transaction: Executor, conversation: Conversation, handoff: Handoff) -> str:
        """Without text that the citizen has deleted in the meantime: the bot still remembers it."""
        deleted = await quotes.list_deleted_texts(transaction, conversation.contact_id)
        return without_deleted(handoff.summary[:_SUMMARY], deleted)[:_SUMMARY]

    async def limit_reached(
        self, transaction: Executor, conversation: Conversation, handoff: Handoff
    ) -> Limit | None:
        """The limit that forbids this handoff now (desk/conversations/handoff_limits.py), for callers that promise a person."""
        limit = await limit_reached(transaction, self._city, conversation, handoff, self._clock())
        if limit:
            log.warning(
                "handoff_limited", contact=str(conversation.contact_id), limit=limit, reason=handoff.reason
            )
        return limit

    async def tell_place(
        self, transaction: Executor, conversation: Conversation, *, reply: InReply | None = None
    ) -> Message:
        """Tell the contact their place in the queue and the wait, or, while the team is away, when it is there again. Who
        comes back to the queue without having asked is not told the same hours twice."""
        said, opens = await self.places.stated(transaction, conversation, "handoff")
        catalog = self._writer.catalog
        language = catalog.supported(conversation.language)
        known = reply is None and await messages.get_last_opening(transaction, conversation.id)
        if opens is not None and known == opens:
            said = catalog.system("handoff_back_closed", language)
        extra = {} if opens is None else {"opens": opens}
        new = NewMessage("system", said, language, reply, extra=extra)
        return await self._writer.say(transaction, conversation, new)
