"""What agents wrote instead of an approved answer: proposals for editors, who make an answer of it in one step."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.drafts import Drafts, SavedMeanwhile
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.unanswered.proposals import Proposals, masked
from desk.model import DeskError, Refused, Scope
from desk.people.permissions import Permission, may, require
from desk.store.replies import proposals

DECISIONS: dict[str, proposals.Decision] = {"taken": "taken", "set-aside": "set_aside"}


class ProposalPages:
    """GET /console/answers/proposals, POST /console/answers/proposals/<message> (`decision`, `answer`)."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, published: PublishedAnswers) -> None:
        self._deps = deps
        self._pages = pages
        drafts = Drafts(deps.store, deps.catalog, deps.clock, published)
        self._proposals = Proposals(deps.store, drafts, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The open proposals."""
        return await self._render(visit)

    async def _render(self, visit: Visit, error: DeskError | None = None) -> HTTPResponse:
        require(visit.actor, Permission.REVIEW_PROPOSALS)
        pool, language = self._deps.store.pool, self._deps.city.language
        answers = self._deps.catalog.answers
        titles = {name: one.texts[language].title for name, one in answers.items() if language in one.texts}
        return self._pages.page(
            "proposals.html",
            session=visit.session,
            status=200 if error is None else 409 if isinstance(error, SavedMeanwhile) else 422,
            alert=str(error) if error else None,
            proposals=[_shown(one, visit) for one in await proposals.list_open(pool, scope_of(visit))],
            titles=dict(sorted(titles.items(), key=lambda pair: pair[1].casefold())),
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            **await counts_of(pool, visit),
        )

    async def decide(self, visit: Visit, message_id: UUID) -> HTTPResponse:
        """An editor has changed an answer, or leaves it as it is."""
        require(visit.actor, Permission.REVIEW_PROPOSALS)
        if visit.field("decision") == "words":
            return await self._teach(visit, message_id)
        decision = DECISIONS.get(visit.field("decision"))
        if decision is None:
            raise PageError(422, "no_decision", "What becomes of it?", "Choose one of the buttons.")
        await self._proposals.decide(visit.actor, scope_of(visit), message_id, decision)
        return go_to("/console/answers/proposals?notice=proposal-decided")

    async def _teach(self, visit: Visit, message_id: UUID) -> HTTPResponse:
        answer = visit.field("answer")
        try:
            if answer not in self._deps.catalog.answers:
                raise Refused("no_answer", "Choose the answer. Nothing was changed.")
            await self._proposals.teach(visit.actor, scope_of(visit), message_id, answer)
        except (Refused, AnswerRefused, SavedMeanwhile) as error:
            return await self._render(visit, error)
        return go_to(f"/console/answers/{answer}?notice=proposal-drafted")


def scope_of(visit: Visit) -> Scope:
    """The conversations whose proposals a person sees."""
    # An editor reads no conversation, but learns from all of them.
    if may(visit.actor, Permission.READ_CONVERSATIONS):
        return visit.scope
    return Scope(True, (), visit.actor.agent_id)


def _shown(one: proposals.Proposal, visit: Visit) -> proposals.Proposal:
    if may(visit.actor, Permission.READ_CONVERSATIONS):
        return one
    return masked(one)
