"""Replies that agents wrote although approved answers were suggested: proposals for editors."""

from dataclasses import replace
from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import Scope
from desk.people import audit
from desk.people.permissions import Permission, may, require
from desk.runtime.masking import mask_personal
from desk.store.replies import proposals

DECISIONS: dict[str, proposals.Decision] = {"taken": "taken", "set-aside": "set_aside"}


class ProposalPages:
    """GET /console/answers/proposals, POST /console/answers/proposals/<message> (`decision`)."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """The open proposals."""
        require(visit.actor, Permission.REVIEW_PROPOSALS)
        pool, language = self._deps.store.pool, self._deps.city.language
        answers = self._deps.catalog.answers
        return self._pages.page(
            "proposals.html",
            session=visit.session,
            proposals=[_shown(one, visit) for one in await proposals.list_open(pool, _scope(visit))],
            titles={
                name: one.texts[language].title for name, one in answers.items() if language in one.texts
            },
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            **await counts_of(pool, visit),
        )

    async def decide(self, visit: Visit, message_id: UUID) -> HTTPResponse:
        """An editor has changed an answer, or leaves it as it is."""
        require(visit.actor, Permission.REVIEW_PROPOSALS)
        decision = DECISIONS.get(visit.field("decision"))
        if decision is None:
            raise PageError(422, "no_decision", "What becomes of it?", "Choose one of the two buttons.")
        pool = self._deps.store.pool
        if await proposals.set_decision(pool, _scope(visit), message_id, decision):
            await audit.record(
                pool, visit.actor.agent_id, "proposal", None, visit.now,
                message=str(message_id), decision=decision,
            )  # fmt: skip
        return go_to("/console/answers/proposals?notice=proposal-decided")


def _scope(visit: Visit) -> Scope:
    # An editor reads no conversation, but learns from all of them.
    if may(visit.actor, Permission.READ_CONVERSATIONS):
        return visit.scope
    return Scope(True, (), visit.actor.agent_id)


def _shown(one: proposals.Proposal, visit: Visit) -> proposals.Proposal:
    if may(visit.actor, Permission.READ_CONVERSATIONS):
        return one
    return replace(one, question=mask_personal(one.question), sent=mask_personal(one.sent))
