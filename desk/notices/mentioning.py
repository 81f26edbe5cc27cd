"""A notice in front of the assistant's answer: once in each conversation that it concerns, and once for each version."""

from collections.abc import Sequence

from city import City
from city.notices.districts import read_area_of
from desk.conversations.messages import MessageWriter
from desk.model import Clock, Composed, Conversation, InReply, NewMessage, Reply
from desk.notices.current import CurrentNotices
from desk.notices.saying import Said
from desk.notices.saying import say as said_of
from desk.store.notices import people, subscriptions
from desk.store.notices.notices import NoticeVersion
from desk.store.pool import Executor


class Mentions:
    """Built once by the worker."""

    def __init__(self, city: City, writer: MessageWriter, current: CurrentNotices, clock: Clock) -> None:
        self._city = city
        self._writer = writer
        self._current = current
        self._clock = clock

    async def say(
        self, transaction: Executor, conversation: Conversation, reply: InReply, replies: Sequence[Reply]
    ) -> tuple[int, tuple[Reply, ...]]:
        """Write the notices, the first of them as `reply`; returns the index of the next message, and the replies that follow."""
        notices, kept = await self._before(transaction, conversation, replies)
        for index, one in enumerate(notices, reply.index):
            new = NewMessage("system", Composed(one.whole), one.language, InReply(reply.to, index))
            await self._writer.say(transaction, conversation, new)
        return reply.index + len(notices), kept

    async def _before(
        self, transaction: Executor, conversation: Conversation, replies: Sequence[Reply]
    ) -> tuple[list[Said], tuple[Reply, ...]]:
        """What is said first, and which of the bot's replies follow it: an answer that a notice overrides does not. An overriding
        notice is said each time, because it is the answer."""
        first: list[Said] = []
        kept = list(replies)
        for version in self._current.holding():
            overridden = [one for one in kept if one.answer in version.content.overrides]
            kept = [one for one in kept if one not in overridden]
            concerned = bool(overridden) or await self._concerns(transaction, conversation, version, replies)
            if not concerned:
                continue
            new = await people.add_mention(
                transaction, conversation.id, version.notice_id, version.version, self._clock()
            )
            if overridden or new:
                first.append(said_of(version, conversation.language, self._city))
        return first, tuple(kept)

    async def _concerns(
        self,
        transaction: Executor,
        conversation: Conversation,
        version: NoticeVersion,
        replies: Sequence[Reply],
    ) -> bool:
        """Whether the notice is for the whole city, for a topic of these replies, or for a place of this contact."""
        area = read_area_of(version.content.area)
        if any(one.answer in version.content.topics for one in replies):
            return True
        if area.everywhere:
            return True
        touched = area.touched(self._city.districts)
        wanted = await subscriptions.list_of_contact(transaction, conversation.contact_id)
        if any(one.district in touched for one in wanted):
            return True
        places = await people.list_places(transaction, conversation.contact_id)
        return any(area.contains(*place, self._city.districts) for place in places)
