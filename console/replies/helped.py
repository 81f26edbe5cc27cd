"""Translations and drafts on the page of a conversation; nothing if the city has no provider."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from console.deps import ConsoleDeps
from console.guard import Visit
from desk.assist.reading import foreign_of, reads_of, written_in
from desk.assist.translating import LONGEST
from desk.model import Conversation, Message
from desk.people.permissions import Permission, may
from desk.store.dialogue.understanding import Understood
from desk.store.replies import drafts, translations


class HelpShown:
    """Built once with the pages of conversations."""

    def __init__(self, deps: ConsoleDeps) -> None:
        self._deps = deps

    async def values(
        self,
        visit: Visit,
        conversation: Conversation,
        transcript: Sequence[Message],
        understood: Mapping[UUID, Understood],
    ) -> dict[str, Any]:
        """Values for the templates: `untranslated` are the messages with a button, `reply_target` the language into which
        the reply can be translated."""
        pool, assist = self._deps.store.pool, self._deps.assist
        foreign = foreign_of(transcript, understood)
        # Earlier results stay visible even if the city no longer uses the service.
        wordings = await translations.list_of_conversation(pool, conversation.id)
        shown: dict[str, Any] = {
            "foreign": foreign,
            "wordings": wordings,
            "helped": await drafts.get_helped(pool, visit.actor.agent_id, conversation.id),
            "drafting": assist.drafter is not None,
            "untranslated": frozenset(),
            "reply_target": None,
            "summary_draft": None,
        }
        if assist.translator is None or not may(visit.actor, Permission.ANSWER_CONVERSATIONS):
            return shown
        reads = await reads_of(pool, visit.actor, self._deps.teams, self._deps.city)
        theirs = conversation.language
        untranslated: set[UUID] = set()
        for message in transcript:
            language = written_in(message, understood, foreign)
            if message.author == "contact":
                theirs = language
            known = {one.language for one in wordings.get(message.id, ())}
            wanted = language not in reads and reads.home not in known and assist.translates(language)
            if wanted and message.text.strip() and len(message.text) <= LONGEST:
                untranslated.add(message.id)
        shown["untranslated"] = untranslated
        shown["reply_target"] = theirs if theirs not in reads and assist.translates(theirs) else None
        return shown
