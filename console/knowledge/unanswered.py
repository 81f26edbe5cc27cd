"""Unanswered questions: in groups, the costliest first, and an editor's one-step decision on a group."""

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.drafts import Drafts, SavedMeanwhile
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.unanswered.deciding import Deciding
from desk.model import DeskError, Refused, WrongState
from desk.people.permissions import Permission, require

PATH = "/console/answers/unanswered"
REASONS = {
    "no_answer": "the assistant had no answer",
    "handed_off": "not understood three times, a person took over",
    "none_of_these": "“None of these” was chosen",
    "rephrased": "asked again in other words",
    "not_chosen": "none of the offered answers was chosen",
    "not_answered": "said that it was not the answer",
    "person_at_once": "asked for a person at once",
    "not_helpful": "said that the answer did not help",
    "not_solved": "said later that it was not solved",
}
DECISIONS = {
    "answer": "A new answer",
    "examples": "Examples of an answer",
    "near_miss": "Questions that an answer does not answer",
    "not_ours": "Not ours",
    "set_aside": "Left as it is",
}


class UnansweredPages:
    """GET /console/answers/unanswered (`decided=yes`: those with a decision), POST …/<group> (`act`)."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, published: PublishedAnswers) -> None:
        self._deps = deps
        self._pages = pages
        drafts = Drafts(deps.store, deps.catalog, deps.clock, published)
        self._deciding = Deciding(deps.store, deps.city, drafts, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The groups."""
        return await self._render(visit)

    async def decide(self, visit: Visit, group_id: int) -> HTTPResponse:
        """Record the editor's decision on a group."""
        require(visit.actor, Permission.WRITE_ANSWERS)
        act, deciding, actor = visit.field("act"), self._deciding, visit.actor
        try:
            if act in ("examples", "near_miss"):
                answer = visit.field("answer")
                if answer not in self._deps.catalog.answers:
                    raise Refused("no_answer", "Choose the answer. Nothing was changed.")
                await deciding.teach(actor, group_id, answer, near_miss=act == "near_miss")
                return go_to(f"/console/answers/{answer}?notice=unanswered-taught")
            if act == "not_ours":
                languages = self._deps.city.languages
                whom = {language: visit.field(f"whom-{language}") for language in languages}
                await deciding.not_ours(actor, group_id, whom)
            elif act == "name":
                languages = self._deps.city.languages
                named = {language: visit.field(f"topic-{language}") for language in languages}
                await deciding.name(actor, group_id, named)
            elif act == "set_aside":
                await deciding.decide(actor, group_id, "set_aside")
            elif act == "reopen":
                await deciding.reopen(actor, group_id)
            else:
                raise PageError(422, "no_decision", "What becomes of it?", "Choose one of the buttons.")
        except (Refused, WrongState, AnswerRefused, SavedMeanwhile) as error:
            return await self._render(visit, error, group_id)
        return go_to(f"{PATH}?notice=unanswered-decided")

    async def _render(
        self, visit: Visit, error: DeskError | None = None, wrong: int | None = None
    ) -> HTTPResponse:
        decided = visit.request.args.get("decided") == "yes"
        answers, first = self._deps.catalog.answers, self._deps.city.language
        titles = {name: one.texts[first].title for name, one in answers.items() if first in one.texts}
        return self._pages.page(
            "unanswered.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, Refused | AnswerRefused) else 409,
            alert=str(error) if error else None,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            groups=await self._deciding.list(visit.actor, decided=decided),
            decided=decided,
            wrong=wrong,
            kept={
                name: visit.field(name) for name in visit.form.fields if name.startswith(("whom-", "topic-"))
            }
            if wrong
            else {},
            titles=dict(sorted(titles.items(), key=lambda pair: pair[1].casefold())),
            reasons_said=REASONS,
            decisions_said=DECISIONS,
            **await counts_of(self._deps.store.pool, visit),
        )
