"""Translations and drafts for the agent. Plain forms: POST, then a redirect; nothing here sends anything to a citizen."""

from collections.abc import Awaitable
from uuid import UUID

from sanic.response import HTTPResponse

from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, go_to
from console.replies.box import texts_of
from console.replies.drafts import LONGEST_DRAFT
from desk.assist.drafting import Drafting
from desk.assist.providers import AssistFailed
from desk.assist.translating import Translating
from desk.knowledge.suggestions import Suggestions
from desk.model import Refused, WrongState
from desk.people.access import access_conversation
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import messages, understanding
from desk.store.replies import drafts

FACTS = 3
"""Approved answers that a drafting provider gets with the conversation."""


class AssistActs:
    """POST /console/conversations/<id>/messages/<id>/translate, and /translate-reply, /own-words, /draft-reply and
    /draft-summary with the reply's `text`, which is kept as a draft whatever happens."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages
        given = (deps.store, deps.ownership, deps.assist, deps.city, deps.clock)
        self._translating = Translating(*given)
        self._drafting = Drafting(*given)
        self._suggestions = Suggestions(deps.catalog)

    async def translate(self, visit: Visit, conversation_id: UUID, message_id: UUID) -> HTTPResponse:
        """Show a translation under the message from now on."""
        work = self._translating.message(visit.actor, conversation_id, message_id)
        return await self._tried(visit, conversation_id, work, f"?notice=translated#message-{message_id}")

    async def translate_reply(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Put a translation into the reply box."""
        text = await self._kept(visit, conversation_id)
        work = self._translating.reply(visit.actor, conversation_id, text)
        return await self._tried(visit, conversation_id, work, "?notice=reply-translated#latest")

    async def own_words(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Put the agent's own words back into the box."""
        await self._translating.own_words(visit.actor, conversation_id)
        return go_to(f"/console/conversations/{conversation_id}#latest")

    async def draft_reply(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Put a machine's draft into the reply box."""
        text = await self._kept(visit, conversation_id)
        facts = await self._facts(visit, conversation_id)
        work = self._drafting.reply(visit.actor, conversation_id, text, facts)
        return await self._tried(visit, conversation_id, work, "?notice=reply-drafted#latest")

    async def draft_summary(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Show a machine's summary in a box, from which the agent can make a note."""
        await self._kept(visit, conversation_id)
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            summary = await self._drafting.summary(visit.actor, conversation_id)
        except (AssistFailed, Refused) as error:
            return await self._refused(visit, conversation_id, error)
        return await self._pages.render(visit, conversation, summary_draft=summary)

    async def _tried(
        self, visit: Visit, conversation_id: UUID, work: Awaitable[None], then: str
    ) -> HTTPResponse:
        try:
            await work
        except (AssistFailed, Refused, WrongState) as error:
            return await self._refused(visit, conversation_id, error)
        return go_to(f"/console/conversations/{conversation_id}{then}")

    async def _refused(
        self, visit: Visit, conversation_id: UUID, error: AssistFailed | Refused | WrongState
    ) -> HTTPResponse:
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        if isinstance(error, AssistFailed):
            alert = f"{error} Nothing was changed, and your words are kept. Try again in a moment, or go on without it."
            return await self._pages.render(visit, conversation, status=503, alert=alert)
        problem = as_page_error(error)
        return await self._pages.render(visit, conversation, status=problem.status, alert=problem.sentence)

    async def _kept(self, visit: Visit, conversation_id: UUID) -> str:
        """The box's text, kept on the desk before anything is asked of a provider."""
        pool = self._deps.store.pool
        await access_conversation(pool, visit.actor, conversation_id)
        text = sanitize_text(visit.field("text"))
        if len(text) > LONGEST_DRAFT:
            raise PageError(
                422, "draft_too_long", "Too long", "This is too long to keep. Shorten it and try again."
            )
        if text.strip():
            await drafts.set_draft(pool, visit.actor.agent_id, conversation_id, text, visit.now)
        return text

    async def _facts(self, visit: Visit, conversation_id: UUID) -> list[str]:
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        log = await messages.list_of_conversation(self._deps.store.pool, conversation_id)
        understood = await understanding.list_of_conversation(self._deps.store.pool, conversation_id)
        language = self._deps.catalog.supported(conversation.language)
        today = visit.now.astimezone(self._deps.city.zone).date()
        names = self._suggestions.suggest(log, understood, language, FACTS, today)
        return list(texts_of(self._deps, names, language, visit.now).values())
