"""Two models beside each other: what they would answer differently, side by side, and an editor's marks."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from console.topics import topic_titles
from desk.knowledge.comparing.comparisons import FALLBACK, Comparisons
from desk.knowledge.publishing.review import MovedOn
from desk.model import DeskError, Refused, Reply
from desk.people.permissions import Permission, require

PATH = "/console/answers/comparisons"
SHOWN = 50
"""Questions of one group."""
MARKS = {
    "old": "The model in use is right",
    "new": "The new model is right",
    "both": "Both are right",
    "neither": "Neither is right",
}


class ComparisonPages:
    """POST /console/answers/comparisons; GET …/<id>, POST …/<id>/end and …/<id>/mark."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._comparisons = Comparisons(deps.store, deps.clock)

    async def start(self, visit: Visit) -> HTTPResponse:
        """Compare the model of `training` on the last questions, or with `share` silently on the next ones."""
        number, share = _number(visit.field("training")), _number(visit.field("share"))
        require(visit.actor, Permission.PUBLISH_ANSWERS)
        try:
            if visit.field("share"):
                id = await self._comparisons.shadow(visit.actor, number or 0, share or 0)
            else:
                id = await self._comparisons.run(visit.actor, number or 0)
        except MovedOn as error:
            raise PageError(409, "moved_on", "Nothing was started", str(error)) from None
        except Refused as error:
            raise PageError(422, error.code, "Nothing was started", str(error)) from None
        return go_to(f"{PATH}/{id}?notice=comparison-asked")

    async def show(self, visit: Visit, comparison_id: int) -> HTTPResponse:
        """The page."""
        return await self._render(visit, comparison_id)

    async def end(self, visit: Visit, comparison_id: int) -> HTTPResponse:
        """End shadow mode."""
        try:
            await self._comparisons.end_shadow(visit.actor, comparison_id)
        except MovedOn as error:
            return await self._render(visit, comparison_id, error)
        return go_to(f"{PATH}/{comparison_id}?notice=shadow-ended")

    async def mark(self, visit: Visit, comparison_id: int) -> HTTPResponse:
        """Say of the question `message` which model is right."""
        require(visit.actor, Permission.WRITE_ANSWERS)
        try:
            message = UUID(visit.field("message"))
        except ValueError:
            raise PageError(422, "message", "Nothing was marked", "There is no such question.") from None
        try:
            await self._comparisons.mark(visit.actor, comparison_id, message, visit.field("mark"))
        except Refused as error:
            raise PageError(422, error.code, "Nothing was marked", str(error)) from None
        return go_to(f"{PATH}/{comparison_id}?notice=difference-marked#question-{message}")

    async def _render(self, visit: Visit, id: int, error: DeskError | None = None) -> HTTPResponse:
        compared, groups = await self._comparisons.get(visit.actor, id)
        return self._pages.page(
            "comparison.html",
            session=visit.session,
            status=200 if error is None else 409,
            alert=str(error) if error else None,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            compared=compared,
            groups=[(one, one.questions[:SHOWN], len(one.questions)) for one in groups],
            marks=MARKS,
            titles=topic_titles(self._deps),
            said={
                name: self._said(name)
                for one in groups
                for name in (one.old.intent, one.new.intent)
                if name != FALLBACK
            },
            **await counts_of(self._deps.store.pool, visit),
        )

    def _said(self, intent: str) -> str:
        """What citizens read as this answer, in the city's first language; nothing for what is no answer."""
        catalog, city = self._deps.catalog, self._deps.city
        if intent not in catalog.answers:
            return ""
        today = self._deps.clock().astimezone(city.zone).date()
        return catalog.compose(Reply(answer=intent), city.language, today=today).text


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else None
