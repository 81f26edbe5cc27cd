"""Translations for agents: of a message, stored with it, and of the agent's own reply, inserted into the agent's draft."""

from uuid import UUID

import structlog

from city import City
from desk.assist.providers import Assistants, Translator
from desk.assist.reading import Reads, foreign_of, reads_of, written_in
from desk.conversations.ownership import Ownership
from desk.model import Actor, Clock, Conversation, NotFound, Refused, WrongState
from desk.people import audit
from desk.people.access import access_conversation
from desk.people.permissions import Permission, require
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import messages, understanding
from desk.store.pool import Store
from desk.store.replies import drafts, translations
from desk.store.replies.drafts import Helped
from desk.store.replies.translations import Wording

log = structlog.get_logger("assist")

LONGEST = 10_000
"""Characters of one text that go to a provider."""


class Translating:
    """Built once by the console's composition root. No transaction is open while a provider works."""

    def __init__(
        self, store: Store, ownership: Ownership, assistants: Assistants, city: City, clock: Clock
    ) -> None:
        self._store = store
        self._ownership = ownership
        self._assistants = assistants
        self._city = city
        self._clock = clock

    async def message(self, actor: Actor, conversation_id: UUID, message_id: UUID) -> None:
        """Keep a translation of this message, into the agent's language. Nothing happens if there is one. Raises Refused
        for a message without words, and AssistFailed."""
        translator = self._translator(actor)
        pool = self._store.pool
        conversation = await access_conversation(pool, actor, conversation_id)
        message = await messages.get_by_id(pool, message_id)
        if message is None or message.conversation_id != conversation.id:
            raise NotFound("There is no such message.")
        if not message.text.strip() or len(message.text) > LONGEST:
            raise Refused(
                "not_translatable",
                f"Texts of 1 to {LONGEST:,} characters can be translated. Nothing was sent.",
            )
        reads = await self._reads(actor)
        known = (await translations.list_of_conversation(pool, conversation.id)).get(message.id, ())
        if any(one.language == reads.home for one in known):
            return
        # Recorded before anything leaves the desk, whatever the outcome.
        await audit.record(
            pool, actor.agent_id, "translate", conversation.id, self._clock(), message=str(message.id)
        )
        # The language of a citizen's message is a guess: the provider detects it anew.
        source = None if message.author == "contact" else message.language
        made = await translator.translate(message.text, source, reads.home)
        await translations.add_wording(
            pool,
            Wording(
                message.id, reads.home, made.text, "machine", made.source, translator.name, self._clock()
            ),
        )
        log.info("message_translated", message_id=str(message.id), target=reads.home)

    async def reply(self, actor: Actor, conversation_id: UUID, text: str) -> None:
        """Put a translation of this text into the agent's draft, with the agent's own words beside it. Nothing is sent.
        Raises Refused, WrongState and AssistFailed."""
        translator = self._translator(actor)
        pool = self._store.pool
        conversation = await access_conversation(pool, actor, conversation_id)
        check_writes(actor, conversation)
        own = sanitize_text(text).strip()
        if not own or len(own) > LONGEST:
            raise Refused(
                "not_translatable", "Write your reply first; then it can be translated. Nothing was sent."
            )
        reads = await self._reads(actor)
        target = await self.target(conversation, reads)
        if target is None:
            raise Refused("not_translatable", "The citizen writes in a language that you speak.")
        await audit.record(pool, actor.agent_id, "translate_reply", conversation.id, self._clock())
        made = await translator.translate(own, reads.home, target)
        helped = Helped("translated", own, reads.home, translator.name)
        await drafts.set_helped(pool, actor.agent_id, conversation.id, made.text, helped, self._clock())
        log.info("reply_translated", conversation_id=str(conversation.id), target=target)

    async def target(self, conversation: Conversation, reads: Reads) -> str | None:
        """The language into which a reply can be translated; None if the agent has it, or the provider does not."""
        pool = self._store.pool
        transcript = await messages.list_of_conversation(pool, conversation.id)
        understood = await understanding.list_of_conversation(pool, conversation.id)
        foreign = foreign_of(transcript, understood)
        theirs = [one for one in transcript if one.author == "contact"]
        language = written_in(theirs[-1], understood, foreign) if theirs else conversation.language
        return language if language not in reads and self._assistants.translates(language) else None

    async def own_words(self, actor: Actor, conversation_id: UUID) -> None:
        """Put the agent's own words back into the draft, in the place of what a machine made."""
        pool = self._store.pool
        await access_conversation(pool, actor, conversation_id)
        require(actor, Permission.ANSWER_CONVERSATIONS)
        helped = await drafts.get_helped(pool, actor.agent_id, conversation_id)
        if helped:
            await drafts.set_helped(
                pool, actor.agent_id, conversation_id, helped.own_words, None, self._clock()
            )

    def _translator(self, actor: Actor) -> Translator:
        require(actor, Permission.ANSWER_CONVERSATIONS)
        if self._assistants.translator is None:
            raise NotFound("There is no translation here.")
        return self._assistants.translator

    async def _reads(self, actor: Actor) -> Reads:
        return await reads_of(self._store.pool, actor, self._ownership.handoffs.teams, self._city)


def check_writes(actor: Actor, conversation: Conversation) -> None:
    """Raise WrongState unless the actor has this conversation and can reply."""
    if conversation.agent_id != actor.agent_id or conversation.state not in (
        "assigned",
        "waiting_on_contact",
    ):
        raise WrongState(
            conversation.state, "This conversation is not assigned to you. Claim it before you reply."
        )
