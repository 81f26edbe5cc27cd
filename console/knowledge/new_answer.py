"""Creates an answer in the console: its name and texts; the rest is written on its own page."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.knowledge import answer_form
from console.knowledge.proposals import scope_of
from console.knowledge.writing import LONGEST, NOT_YOURS, PATH
from console.rendering import Pages
from desk.knowledge.content import Answer
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.drafts import Drafts
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.unanswered.deciding import Deciding
from desk.knowledge.unanswered.proposals import Proposals, example_of
from desk.people.permissions import Permission, require

NEEDED = "Fill in this field."
REVIEWED_FOR = timedelta(days=182)
"""Until when a new answer is to be reviewed, if its author says nothing else."""


class NewAnswer:
    """GET and POST /console/answers/new."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, published: PublishedAnswers) -> None:
        self._deps = deps
        self._pages = pages
        self._drafts = Drafts(deps.store, deps.catalog, deps.clock, published)
        self._proposals = Proposals(deps.store, self._drafts, deps.clock)
        self._deciding = Deciding(deps.store, deps.city, self._drafts, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The empty form."""
        require(visit.actor, Permission.WRITE_ANSWERS, NOT_YOURS)
        today = visit.now.astimezone(self._deps.city.zone).date()
        given = {
            "group": visit.request.args.get("group", ""),
            "proposal": visit.request.args.get("proposal", ""),
            "reviewed_on": today.isoformat(),
            "review_by": (today + REVIEWED_FOR).isoformat(),
        }
        if (message := _proposal(given)) is not None:
            one = await self._proposals.get(visit.actor, scope_of(visit), message)
            given[f"text-{one.language}"] = one.sent
        return await self._render(visit, given)

    async def add(self, visit: Visit) -> HTTPResponse:
        """A draft, and its page. What was written stands in the form again if it cannot be saved."""
        require(visit.actor, Permission.WRITE_ANSWERS, NOT_YOURS)
        values = {name: visit.field(name)[:LONGEST] for name in visit.form.fields if name != "csrf"}
        name = visit.field("name").strip()
        nothing = Answer(
            id=name,
            owner="",
            area="",
            source="",
            reviewed_on=visit.now.date(),
            review_by=visit.now.date(),
            texts={},
        )
        body, problems = answer_form.body_from(values, nothing, self._deps.city.languages)
        problems |= {field: NEEDED for field in answer_form.LINES if not body[field]}
        if problems:
            return await self._render(visit, values, AnswerRefused([]), problems)
        group, message = _group(values), _proposal(values)
        try:
            if message is not None:
                await self._proposals.add(visit.actor, scope_of(visit), message, name, body)
                return go_to(f"{PATH}/{name}?notice=answer-saved")
            if group is not None:
                body = {**body, "examples": await self._deciding.questions(visit.actor, group)}
            await self._drafts.add(visit.actor, name, body)
            if group is not None:
                await self._deciding.decide(visit.actor, group, "answer", name)
        except AnswerRefused as refused:
            return await self._render(visit, values, refused)
        return go_to(f"{PATH}/{name}?notice=answer-saved")

    async def _render(
        self,
        visit: Visit,
        values: answer_form.Values,
        refused: AnswerRefused | None = None,
        problems: dict[str, str] | None = None,
    ) -> HTTPResponse:
        return self._pages.page(
            "answer_new.html",
            session=visit.session,
            questions=await self._questions(visit, values),
            status=200 if refused is None else 422,
            alert=str(refused) if refused else None,
            refused=refused.problems if refused else [],
            values=values,
            problems=problems or {},
            fields=answer_form,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def _questions(self, visit: Visit, values: answer_form.Values) -> Mapping[str, Sequence[str]]:
        """What becomes its examples, by language."""
        if (message := _proposal(values)) is not None:
            one = await self._proposals.get(visit.actor, scope_of(visit), message)
            return {one.language: [text]} if (text := example_of(one)) else {}
        group = _group(values)
        return await self._deciding.questions(visit.actor, group) if group is not None else {}


def _proposal(values: answer_form.Values) -> UUID | None:
    """The agent's message that it is made of."""
    try:
        return UUID(values.get("proposal", ""))
    except ValueError:
        return None


def _group(values: answer_form.Values) -> int | None:
    """The group of unanswered questions that it is written for."""
    text = values.get("group", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
