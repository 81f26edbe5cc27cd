"""Was the answer right? Editors judge questions that chance draws; the public page says how often it was."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from console.topics import topic_titles
from desk.knowledge.comparing.judging import Judging
from desk.model import Reply
from desk.people.permissions import Permission, require

PATH = "/console/answers/judging"


class JudgingPages:
    """GET and POST /console/answers/judging."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._judging = Judging(deps.store, deps.catalog, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The next ones, each with the answer as citizens get it today."""
        drawn, judged, correct = await self._judging.drawn(visit.actor)
        catalog, city = self._deps.catalog, self._deps.city
        today = visit.now.astimezone(city.zone).date()
        return self._pages.page(
            "judging.html",
            session=visit.session,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            drawn=[
                (one, catalog.compose(Reply(answer=one.answer_id), city.language, today=today).text)
                for one in drawn
            ],
            judged=judged,
            correct=correct,
            titles=topic_titles(self._deps),
            **await counts_of(self._deps.store.pool, visit),
        )

    async def judge(self, visit: Visit) -> HTTPResponse:
        """`message` was answered right or wrong (`mark`)."""
        require(visit.actor, Permission.WRITE_ANSWERS)
        mark = visit.field("mark")
        try:
            message = UUID(visit.field("message"))
        except ValueError:
            message = None
        if message is None or mark not in ("right", "wrong"):
            raise PageError(422, "mark", "Nothing was marked", "Choose one of the buttons.")
        await self._judging.judge(visit.actor, message, correct=mark == "right")
        return go_to(f"{PATH}?notice=answer-judged")
