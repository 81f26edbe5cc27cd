""" "Did this answer your question?": asked once in a while, never twice in a conversation, and never in the middle of one.

Asked a minute after the answer, if nobody has written since, so turns do not take longer. Only on channels with buttons.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog

from channels.base import Capabilities
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import Clock, Conversation
from desk.outbound.reply_window import reach_of
from desk.store.dialogue import conversations
from desk.store.knowledge import ratings
from desk.store.people import contacts
from desk.store.pool import Executor, Store

log = structlog.get_logger("sweeps")

HELPFUL, UNHELPFUL, NOTHING = "answer_helpful", "answer_unhelpful", "answer_complete"
INTENTS = frozenset({HELPFUL, UNHELPFUL, NOTHING})
QUIET = 60.0
"""Seconds after the answer in which nobody wrote."""
ONE_IN = 4
"""One of so many conversations is asked."""
BUTTONS = 2


class AnswerRatings:
    """Built once by the worker; any number of workers may ask at the same time."""

    def __init__(
        self,
        store: Store,
        writer: MessageWriter,
        announcer: Announcer,
        capabilities: Mapping[str, Capabilities],
        clock: Clock,
        one_in: int = ONE_IN,
    ) -> None:
        self._store = store
        self._writer = writer
        self._announcer = announcer
        self._capabilities = capabilities
        self._clock = clock
        self._one_in = one_in

    async def ask(self) -> None:
        """Ask everybody who is due."""
        for one in await ratings.list_due(self._store.pool, quiet=QUIET, one_in=self._one_in):
            await self._ask(one.conversation_id, one.contact_id)

    async def take(self, transaction: Executor, conversation: Conversation, intent: str | None) -> str | None:
        """Record the answer of a button; the name of what is said to it, or None if the button is not one of these."""
        if intent not in INTENTS:
            return None
        if intent == NOTHING:
            return "rating_noted"
        helpful = intent == HELPFUL
        if not await ratings.set_helpful(transaction, conversation.id, helpful=helpful):
            return None
        log.info("answer_rated", conversation=str(conversation.id), helpful=helpful)
        return "rating_noted" if helpful else "rating_missing"

    async def note_missing(
        self, transaction: Executor, conversation: Conversation, offered: Sequence[str], event_id: int
    ) -> None:
        """Keep which message says what was missing, if it comes right after that question: `offered` are the titles of the buttons
        that it answers. The bot gets the message all the same: it may be a question, or a call for help."""
        if not offered:
            return
        titles = [
            one.title for one in self._writer.catalog.system("rating_missing", conversation.language).buttons
        ]
        if list(offered) == titles and await ratings.set_missing(transaction, conversation.id, event_id):
            log.info("answer_lacks", conversation=str(conversation.id))

    async def _ask(self, conversation_id: UUID, contact_id: UUID) -> None:
        async with self._store.transaction() as transaction:
            contact = await contacts.lock(transaction, contact_id)
            if contact is None:
                return
            capabilities = self._capabilities.get(contact.inbox)
            if capabilities is None or capabilities.buttons < BUTTONS:
                return
            if reach_of(capabilities, contact, self._clock()).keeps_back(human=False):
                return
            if contact.quiet_until is not None and await contacts.is_quiet(transaction, contact.id):
                return
            due = await ratings.list_due(transaction, quiet=QUIET, one_in=self._one_in, only=conversation_id)
            conversation = await conversations.get_by_id(transaction, conversation_id)
            if not due or conversation is None:
                return
            await self._writer.system(transaction, conversation, "rating_ask")
            await ratings.add_asked(transaction, due[0])
            self._announcer.added(conversation)
            log.info("asked_about_answer", conversation=str(conversation_id), answer=due[0].answer_id)
