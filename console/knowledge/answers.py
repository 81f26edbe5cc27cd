"""The page of all editor-approved answers, those past their review date first."""

import asyncio
from itertools import groupby

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit
from console.rendering import Pages
from desk.knowledge.content import Answer, read_answer
from desk.store.dialogue import listing


class AnswerPages:
    """GET /console/answers."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._answers: list[Answer] | None = None

    async def show(self, visit: Visit) -> HTTPResponse:
        """The list; answers change only with a release, so they are read once."""
        if self._answers is None:
            self._answers = await asyncio.to_thread(self._read)
        today = visit.now.astimezone(self._deps.city.zone).date()
        due = sorted((one for one in self._answers if one.stale(today)), key=lambda one: one.review_by)
        good = sorted(
            (one for one in self._answers if not one.stale(today)),
            key=lambda one: (one.area, one.review_by, one.id),
        )
        return self._pages.page(
            "answers.html",
            session=visit.session,
            due=due,
            areas=[(area, list(ones)) for area, ones in groupby(good, key=lambda one: one.area)],
            counts=await listing.count_tabs(self._deps.store.pool, visit.scope),
        )

    def _read(self) -> list[Answer]:
        folder = self._deps.content_dir / "answers"
        return [read_answer(path, self._deps.city.complete) for path in sorted(folder.glob("*.yml"))]
