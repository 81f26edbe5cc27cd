"""Virtual hold: somebody in the queue asks to be contacted later. Their place is kept, and they may close the chat.

On a messenger the answer is sent there. The web chat cannot reach somebody who has left: there the
agent's messages also go to a linked messenger, or to an e-mail address that the citizen gives. A reply from there goes to
the same agent. No conversation ends because a citizen does not reply.
"""

from dataclasses import asdict
from uuid import UUID, uuid5

import structlog

from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import By, Clock, Composed, Contact, Conversation, InReply, Message, NewMessage
from desk.runtime.error_place import where
from desk.store.dialogue import conversations, messages, summaries
from desk.store.people import contacts, links
from desk.store.pool import Executor, Store, is_away
from desk.store.waits import holds

log = structlog.get_logger("holds")

SUMMARY = "Asked to be written to; may have closed the chat."
MAIL = "email"
_HELD = By("system", "held")
FROM_WEB = "The answer to the web chat {id}, whose writer asked to be written to here."
_LONGEST_ADDRESS, _LONGEST_TEXT = 254, 400
_NOT_IN_ADDRESS = frozenset("\"'<>()[],;:\\/|`{}$&*?!=#%^~")


class Holds:
    """Built once by the worker. `hold` and `keep_address` run in a turn's transaction, which has locked the contact."""

    def __init__(self, city: City, writer: MessageWriter, clock: Clock) -> None:
        self._city = city
        self._writer = writer
        self._clock = clock

    async def hold(self, transaction: Executor, conversation: Conversation, reply: InReply) -> None:
        """Keep the wish, and say where the answer will come."""
        if await holds.add_hold(transaction, conversation.id, self._clock()):
            await summaries.add_to_summary(transaction, conversation.id, SUMMARY)
        await self._writer.system(
            transaction, conversation, await self._where(transaction, conversation), reply=reply
        )

    async def keep_address(
        self, transaction: Executor, conversation: Conversation, text: str, reply: InReply
    ) -> bool:
        """Whether the text is the e-mail address that somebody was asked for; then it is kept, and they are told."""
        if self._writer.pushes(conversation.inbox) or self._mail_inbox() is None:
            return False
        address = address_in(text)
        if address is None or await holds.get_hold(transaction, conversation.id) is None:
            return False
        await holds.set_address(transaction, conversation.id, address)
        await self._writer.system(
            transaction, conversation, "hold_address", {"address": address}, reply=reply
        )
        return True

    async def target(
        self, transaction: Executor, conversation: Conversation, address: str | None
    ) -> Contact | None:
        """The contact, locked, to which messages in this web chat go too; None if there is none."""
        inbox = self._mail_inbox()
        if address is not None and inbox is not None:
            found: UUID | None = await contacts.get_or_add(
                transaction, inbox, address, None, conversation.language
            )
        else:
            linked = await self._linked(transaction, conversation.contact_id)
            found = linked.id if linked else None
        return await contacts.lock(transaction, found) if found else None

    async def known_target(
        self, executor: Executor, conversation: Conversation, address: str | None
    ) -> UUID | None:
        """The contact that `target` would give, if it is there already. Reads only."""
        inbox = self._mail_inbox()
        if address is not None and inbox is not None:
            return await contacts.get_id(executor, inbox, address)
        linked = await self._linked(executor, conversation.contact_id)
        return linked.id if linked else None

    async def _where(self, executor: Executor, conversation: Conversation) -> str:
        if self._writer.pushes(conversation.inbox):
            return "hold_here"
        if await self._linked(executor, conversation.contact_id):
            return "hold_linked"
        return "hold_web" if self._mail_inbox() is None else "hold_ask_address"

    async def _linked(self, executor: Executor, contact_id: UUID) -> Contact | None:
        """The linked contact that wrote last, where something can be sent."""
        found = [
            one for one in await links.list_linked(executor, contact_id) if self._writer.pushes(one.inbox)
        ]
        return max(found, key=lambda one: one.wrote_at or one.created_at, default=None)

    def _mail_inbox(self) -> str | None:
        return next((inbox.name for inbox in self._city.inboxes if inbox.channel == MAIL), None)


class HoldDelivery:
    """Built once by the worker; any number of workers may call it at the same time."""

    def __init__(
        self, store: Store, writer: MessageWriter, holding: Holds, announcer: Announcer, clock: Clock
    ) -> None:
        self._store = store
        self._writer = writer
        self._holding = holding
        self._announcer = announcer
        self._clock = clock

    async def carry(self) -> None:
        """Send what agents wrote to those who asked to be written to, each message once."""
        for conversation_id in await holds.list_due(self._store.pool):
            try:
                await self._carry_one(conversation_id)
            except Exception as error:
                if is_away(error):
                    raise
                # One failure must not stop the other answers.
                log.error(
                    "hold_broke",
                    conversation=str(conversation_id),
                    error=type(error).__name__,
                    where=where(error),
                )

    async def _carry_one(self, conversation_id: UUID) -> None:
        async with self._store.transaction() as transaction:
            before = await conversations.get_by_id(transaction, conversation_id)
            hold = await holds.get_hold(transaction, conversation_id)
            if before is None or hold is None:
                return
            # Both logs may be written: they are locked in one order, as by everybody who needs two.
            target = await self._holding.known_target(transaction, before, hold.address)
            await contacts.lock_all(transaction, [before.contact_id, *([target] if target else [])])
            conversation = await conversations.get_by_id(transaction, conversation_id)
            hold = await holds.get_hold(transaction, conversation_id)
            if conversation is not None and hold is not None:
                await self._carry(transaction, conversation, hold)

    async def _carry(self, transaction: Executor, conversation: Conversation, hold: holds.Hold) -> None:
        there = self._writer.pushes(conversation.inbox) or await holds.is_back(
            transaction, conversation.id, conversation.assigned_at or conversation.queued_at
        )
        log_rows = await messages.list_after(transaction, conversation.contact_id, hold.carried)
        written = [
            one
            for one in log_rows
            if one.author == "agent" and one.conversation_id == conversation.id and one.deleted_at is None
        ]
        if written and not there and conversation.state != "bot":
            contact = await self._holding.target(transaction, conversation, hold.address)
            if contact is not None:
                await self._write(transaction, conversation, contact, written)
        if log_rows:
            await holds.set_carried(transaction, conversation.id, log_rows[-1].seq)
        if there or conversation.state in ("bot", "resolved"):
            await holds.mark_over(transaction, conversation.id, self._clock())

    async def _write(
        self, transaction: Executor, conversation: Conversation, contact: Contact, written: list[Message]
    ) -> None:
        """Write the messages into the other contact's log, and let the agent have the conversation there."""
        agent_id = written[-1].agent_id
        other = await conversations.get_open(transaction, contact.id)
        if other is None:
            other = await conversations.add_conversation(transaction, contact, conversation.language, _HELD)
        known = other.agent_id == agent_id and other.state in ("assigned", "waiting_on_contact")
        if other.state == "bot" and agent_id is not None:
            other = await conversations.assign(transaction, other.id, agent_id, _HELD) or other
            await summaries.add_to_summary(transaction, other.id, FROM_WEB.format(id=conversation.id))
        language = self._writer.catalog.supported(conversation.language)
        intro = "" if known else self._writer.catalog.system("hold_answer", language).text + "\n\n"
        for count, one in enumerate(written):
            text = f"{'' if count else intro}{one.text}"
            photos = [asdict(photo) for photo in one.attachments]
            new = NewMessage(
                "agent",
                Composed(text),
                language,
                agent_id=one.agent_id,
                id=uuid5(one.id, "held"),
                extra={"attachments": photos} if photos else {},
            )
            await self._writer.say(transaction, other, new)
        await conversations.mark_agent_replied(transaction, other.id, _HELD)
        self._announcer.added(other)
        log.info(
            "held_answer_sent", conversation=str(conversation.id), to=str(other.id), messages=len(written)
        )


def address_in(text: str) -> str | None:
    """The one e-mail address in a short text, in lower case; None if there is none, or more than one."""
    if len(text) > _LONGEST_TEXT:
        return None
    found = {word.strip("<>()[]\"'.,;:!?").lower() for word in text.split() if "@" in word}
    address = found.pop() if len(found) == 1 else ""
    name, _, domain = address.partition("@")
    parts = domain.split(".")
    plain = address.isascii() and len(address) <= _LONGEST_ADDRESS and not set(address) & _NOT_IN_ADDRESS
    return address if name and plain and len(parts) > 1 and all(parts) and "@" not in domain else None
