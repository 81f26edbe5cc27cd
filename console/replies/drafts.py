"""An agent's drafts: saved while typing, and still readable after the conversation went to somebody else."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, go_to, success
from console.notices import NOTICES
from console.queue.pane import Pane
from console.rendering import Pages
from desk.people.permissions import Permission, require
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import conversations, desk_rows
from desk.store.replies import drafts

LONGEST_DRAFT = 20_000
"""Characters; more than a reply may have, because nothing that was typed is thrown away."""


class DraftPages:
    """GET /console/drafts; POST /console/conversations/<id>/draft (`text`) and /draft/discard. A draft is the agent's
    own: it needs no access to the conversation, which may have been transferred meanwhile."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, pane: Pane) -> None:
        self._deps = deps
        self._pages = pages
        self._pane = pane

    async def show(self, visit: Visit) -> HTTPResponse:
        """All drafts of this agent."""
        pool = self._deps.store.pool
        kept = await drafts.list_of_agent(pool, visit.actor.agent_id)
        return self._pages.page(
            "drafts.html",
            session=visit.session,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            drafts=kept,
            subjects=await self._pane.subjects(one.conversation_id for one in kept),
            counts=await desk_rows.count_desk(pool, visit.scope),
        )

    async def keep(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Keep the text of the box; an empty one deletes the draft, but not the agent's words behind a translation."""
        require(visit.actor, Permission.ANSWER_CONVERSATIONS)
        text = sanitize_text(visit.field("text"))
        if len(text) > LONGEST_DRAFT:
            raise PageError(
                422,
                "draft_too_long",
                "Too long",
                "This is too long to keep. What was kept before is still there.",
            )
        if text.strip() and await conversations.get_contact_id(self._deps.store.pool, conversation_id):
            await drafts.set_draft(
                self._deps.store.pool, visit.actor.agent_id, conversation_id, text, visit.now
            )
        else:
            await drafts.mark_emptied(self._deps.store.pool, visit.actor.agent_id, conversation_id)
        return success(kept=True)

    async def discard(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The agent no longer wants it."""
        require(visit.actor, Permission.ANSWER_CONVERSATIONS)
        await drafts.delete_draft(self._deps.store.pool, visit.actor.agent_id, conversation_id)
        return go_to("/console/drafts?notice=draft-discarded")
