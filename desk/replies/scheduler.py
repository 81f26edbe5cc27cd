"""Sends scheduled messages. Runs in every worker; the contact's lock ensures that only one of them sends each."""

import asyncio
from dataclasses import asdict
from uuid import UUID

import structlog

from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.conversations.reply_extras import ReplyExtras
from desk.model import By, Clock, Conversation, Message, NewMessage
from desk.runtime.error_place import where
from desk.runtime.periodic import repeat
from desk.runtime.timing import SchedulerTiming
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import UNREACHABLE, Executor, Store
from desk.store.replies import scheduled, translations
from desk.store.replies.translations import Wording

log = structlog.get_logger("scheduler")


class Scheduler:
    """Built once by the worker's composition root."""

    def __init__(
        self,
        store: Store,
        writer: MessageWriter,
        announcer: Announcer,
        clock: Clock,
        timing: SchedulerTiming | None = None,
    ) -> None:
        self._store = store
        self._writer = writer
        self._announcer = announcer
        self._clock = clock
        self._timing = timing or SchedulerTiming()

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until `stop` is set."""

        async def send_all() -> None:
            while len(await self._look()) == self._timing.at_once and not stop.is_set():
                pass

        await repeat(send_all, stop, log, "scheduler_broke", every=self._timing.every)

    async def send_due(self) -> int:
        """Send what is due now, at most as many as one look takes; returns how many messages were said."""
        return sum(await self._look())

    async def _look(self) -> list[bool]:
        """Whether each of those that were due was said."""
        due = await scheduled.list_due(self._store.pool, self._clock(), self._timing.at_once)
        said: list[bool] = []
        for start in range(0, len(due), self._timing.together):
            group = due[start : start + self._timing.together]
            said += await asyncio.gather(*(self._try(id, contact_id) for id, contact_id in group))
        return said

    async def _try(self, id: UUID, contact_id: UUID) -> bool:
        try:
            return await self._send(id, contact_id)
        except UNREACHABLE:
            raise
        except Exception as error:
            # One that fails must not delay the others, nor be retried every second: agents see that it was not sent.
            await scheduled.mark_ended(self._store.pool, id, "dropped")
            log.error("scheduled_broke", scheduled=str(id), error=type(error).__name__, where=where(error))
            return False

    async def _send(self, id: UUID, contact_id: UUID) -> bool:
        async with self._store.transaction() as transaction:
            if await contacts.lock(transaction, contact_id) is None:
                return False
            due = await scheduled.lock_waiting(transaction, id)
            conversation = await conversations.get_by_id(transaction, due.conversation_id) if due else None
            if due is None or conversation is None:
                return False
            said = await self._say(transaction, conversation, due)
            if said is None:
                await scheduled.mark_ended(transaction, id, "dropped")
                return False
            await scheduled.mark_said(transaction, id, said.id)
            self._announcer.added(conversation)
            return True

    async def _say(
        self, transaction: Executor, conversation: Conversation, due: scheduled.Scheduled
    ) -> Message | None:
        if due.kind == "resolved":
            # A citizen who writes on in a new conversation is not told that the old one is closed.
            open_now = await conversations.get_open(transaction, conversation.contact_id)
            if conversation.state != "resolved" or open_now is not None:
                return None
            return await self._writer.system(transaction, conversation, "resolved")
        held_by_another = conversation.agent_id not in (None, due.agent_id)
        if due.batch and (conversation.state in ("bot", "resolved") or held_by_another):
            return None  # do not interrupt what has been said since
        if conversation.state == "assigned" and conversation.agent_id == due.agent_id:
            await conversations.mark_agent_replied(
                transaction, conversation.id, By("agent", "replied", due.agent_id)
            )
        composed = ReplyExtras(choices=due.choices).composed(due.text)
        new = NewMessage(
            "agent",
            composed,
            conversation.language,
            agent_id=due.agent_id,
            id=due.id,
            client_id=str(due.id),
            extra={"answers": [asdict(one) for one in due.answers]} if due.answers else {},
        )
        said = await self._writer.say(transaction, conversation, new)
        if own := due.own_words:
            kept = Wording(said.id, own.language, own.text, "agent", None, own.provider, self._clock())
            await translations.add_wording(transaction, kept)
        if due.resolves:
            await conversations.resolve(transaction, conversation.id, By("agent", "resolved", due.agent_id))
        return said
