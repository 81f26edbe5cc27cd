"""The page of all editor-approved answers, those past their review date first."""

import asyncio
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sanic.response import HTTPResponse
from sanic.response import json as json_response

from console.deps import ConsoleDeps
from console.guard import Visit
from console.rendering import HEADERS, Pages
from console.replies.canned import CannedOffers
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer, read_answer
from desk.knowledge.finder import AnswerFinder
from desk.model import Reply
from desk.people.permissions import Permission, may, require
from desk.store.dialogue import desk_rows

MOST_FOUND = 8


def offer(catalog: Catalog, name: str, language: str, today: date) -> dict[str, object]:
    """An approved answer as an agent may send it: id, title, text, review date, and whether review is due."""
    answer = catalog.answers[name]
    composed = catalog.compose(Reply(answer=name), language, today=today)
    return {
        "id": name,
        "title": answer.texts[language].title,
        "text": composed.text,
        "reviewed_on": answer.reviewed_on.isoformat(),
        "due": answer.stale(today),
    }


class AnswerPages:
    """GET /console/answers and /console/answers/find."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._answers: list[Answer] | None = None
        self._finder = AnswerFinder(deps.catalog.answers)
        self._offers = CannedOffers(deps)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The list; answers change only with a release, so they are read once."""
        require(visit.actor, Permission.READ_ANSWERS)
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
            **await self._counts(visit),
        )

    async def find(self, visit: Visit) -> HTTPResponse:
        """JSON for the reply box: the answers that fit `q`, with the text that would be sent in `language`.
        Without `q`: all of them, by title. With a `conversation` also canned texts, filled in for it; they come first."""
        require(visit.actor, Permission.READ_ANSWERS)
        question = visit.request.args.get("q", "")
        catalog, city = self._deps.catalog, self._deps.city
        language = catalog.supported(visit.request.args.get("language"))
        today = visit.now.astimezone(city.zone).date()
        if question.strip():
            # Agents may look for a title in the console's language or in the citizen's.
            found = [
                one
                for searched in dict.fromkeys((language, city.language))
                for one in self._finder.find(question, searched, MOST_FOUND)
                if language in one.answer.texts
            ]
            found.sort(key=lambda one: -one.score)
            names = list(dict.fromkeys(one.answer.id for one in found))[:MOST_FOUND]
        else:
            offered = [one for one in catalog.answers.values() if language in one.texts]
            names = [one.id for one in sorted(offered, key=lambda one: one.texts[language].title)]
        offers = [offer(catalog, name, language, today) for name in names]
        return json_response({"answers": [*await self._canned(visit, question), *offers]}, headers=HEADERS)

    async def _canned(self, visit: Visit, question: str) -> list[dict[str, object]]:
        try:
            conversation_id = UUID(visit.request.args.get("conversation", ""))
        except ValueError:
            return []
        return await self._offers.find(visit, question, conversation_id)

    async def _counts(self, visit: Visit) -> dict[str, Any]:
        if not may(visit.actor, Permission.READ_CONVERSATIONS):
            return {}
        return {"counts": await desk_rows.count_desk(self._deps.store.pool, visit.scope)}

    def _read(self) -> list[Answer]:
        folder = self._deps.content_dir / "answers"
        return [read_answer(path, self._deps.city.complete) for path in sorted(folder.glob("*.yml"))]
