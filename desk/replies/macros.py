"""Runs a macro: sends the text, adds the tags, and resolves or transfers the conversation."""

from collections.abc import Mapping
from uuid import uuid5

from desk.conversations.ownership import Ownership
from desk.conversations.transfers import Transfers
from desk.model import Actor, Conversation, NotFound, Refused
from desk.replies.canned import fill
from desk.replies.tagging import Tagging
from desk.store.pool import Executor
from desk.store.replies import canned
from desk.store.replies.macros import Macro


class Macros:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership, transfers: Transfers, tagging: Tagging) -> None:
        self._ownership = ownership
        self._transfers = transfers
        self._tagging = tagging

    async def run(
        self,
        executor: Executor,
        actor: Actor,
        conversation: Conversation,
        macro: Macro,
        values: Mapping[str, str],
        language: str,
        client_id: str,
    ) -> None:
        """Do it all; the same `client_id` again sends nothing twice. Raises Refused, before anything is done, if the
        text is missing in this language or lacks a value."""
        text = await _text(executor, macro, language, values)
        if text:
            await self._ownership.reply(
                actor, conversation.id, text, str(uuid5(conversation.id, f"macro:{macro.id}:{client_id}"))
            )
        for tag in macro.tags:
            await self._tagging.add(actor, conversation.id, tag)
        if macro.act == "resolve":
            await self._ownership.resolve(actor, conversation.id)
        elif macro.act == "transfer" and macro.team:
            await self._transfers.to_team(actor, conversation.id, macro.team, "", client_id)


async def _text(executor: Executor, macro: Macro, language: str, values: Mapping[str, str]) -> str:
    if macro.canned is None:
        return ""
    found = await canned.get_text(executor, macro.canned)
    if found is None:
        raise NotFound("The macro's text no longer exists. A supervisor can choose another one.")
    filled = fill(found, language, values)
    if filled is None:
        raise Refused("no_language", "The macro has no text in the citizen's language. Nothing was done.")
    if filled.missing:
        missing = ", ".join(name.replace("_", " ") for name in filled.missing)
        raise Refused(
            "macro_incomplete",
            f"The macro's text needs: {missing}. Nothing was done; write the reply yourself.",
        )
    return filled.text
