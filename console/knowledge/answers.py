"""The list of all editor-approved answers, those past their review date first, and the search in the reply box."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from desk.knowledge.content import Answer
from desk.knowledge.finder import AnswerFinder
from desk.knowledge.owners import is_owner
from desk.knowledge.publishing.published import answer_of
from desk.model import Reply
from desk.people.permissions import Permission, may, require
from desk.store.dialogue import desk_rows
from desk.store.knowledge import answers, figures, shared, stops
from desk.store.knowledge.figures import AnswerFigures
from desk.store.knowledge.shared import SharedAnswer

MOST_FOUND = 8
ASKED = ("q", "area", "owner", "state", "lacks", "origin", "sort")


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


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of the list; without a state, no worker has stored it yet."""

    answer: Answer
    title: str
    state: str
    given: bool
    due: bool
    figures: AnswerFigures
    mine: bool
    shared: SharedAnswer | None
    overridden: bool
    differs: bool

    def fits(self, asked: Mapping[str, str]) -> bool:
        """Whether it is among what was asked for."""
        words = asked["q"].casefold()
        texts = [text for one in self.answer.texts.values() for text in (one.title, one.text)]
        return (
            (not words or any(words in text.casefold() for text in (self.answer.id, *texts)))
            and asked["area"] in ("", self.answer.area)
            and asked["owner"] in ("", self.answer.owner)
            and asked["state"]
            in (
                "",
                self.state,
                "due" if self.due else "",
                "" if self.given else "withheld",
                "differs" if self.differs else "",
            )
            and asked["origin"]
            in ("", self.shared.set_name if self.shared and not self.overridden else "own")
            and asked["lacks"] not in self.answer.texts
        )


SORTS: Mapping[str, Callable[[Row], float]] = {
    "given": lambda row: row.figures.given,
    "unhelpful": lambda row: row.figures.unhelpful / row.figures.rated if row.figures.rated else -1,
    "handed_off": lambda row: row.figures.handed_off / row.figures.given if row.figures.given else -1,
}
"""Orders of the list besides that by area, the highest first."""


class AnswerPages:
    """GET /console/answers and /console/answers/find."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._finder = AnswerFinder(deps.catalog)
        self._offers = CannedOffers(deps)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The list; `q`, `area`, `owner`, `state` and `lacks` (a language) narrow it, `sort` orders it by a figure."""
        require(visit.actor, Permission.READ_ANSWERS)
        asked = {name: visit.request.args.get(name, "")[:100] for name in ASKED}
        rows = await self._rows(visit)
        found = [row for row in rows if row.fits(asked)]
        areas = sorted(found, key=lambda row: (row.answer.area, row.title))
        return self._pages.page(
            "answers.html",
            session=visit.session,
            asked=asked,
            due=sorted(
                (row for row in found if row.due), key=lambda row: (not row.mine, row.answer.review_by)
            ),
            areas=[(area, list(ones)) for area, ones in groupby(areas, key=lambda row: row.answer.area)],
            ordered=sorted(areas, key=SORTS[asked["sort"]], reverse=True) if asked["sort"] in SORTS else None,
            sorts=list(SORTS),
            days=figures.SHOWN,
            choices={
                "area": sorted({row.answer.area for row in rows}),
                "owner": sorted({row.answer.owner for row in rows}),
                "origin": sorted({row.shared.set_name for row in rows if row.shared}),
            },
            stopped=await stops.list_open(self._deps.store.pool),
            **await self._counts(visit),
        )

    async def _rows(self, visit: Visit) -> list[Row]:
        catalog, language = self._deps.catalog, self._deps.city.language
        today = visit.now.astimezone(self._deps.city.zone).date()
        kept = {one.id: one for one in await answers.list_kept(self._deps.store.pool)}
        teams = await self._deps.teams.read(self._deps.store.pool)
        counted = await figures.list_figures(self._deps.store.pool, figures.shown_since(today))
        said = await shared.list_shared(self._deps.store.pool)
        rows = []
        for one in catalog.listing(today):
            newest = kept.get(one.id)
            shown = answer_of(one.id, newest.body) if newest else one
            title = shown.texts[language].title if language in shown.texts else one.id
            state: str = newest.state if newest else "published"
            if state == "published" and one.expired(today):
                state = "expired"
            given, counts = catalog.is_given(one.id, today), counted.get(one.id, AnswerFigures())
            mine = is_owner(visit.actor, shown, teams)
            other = said.get(one.id)
            ours = newest.body if newest else {}
            own, differs = (ours != other.base, other.differs(ours)) if other else (True, False)
            rows.append(
                Row(shown, title, state, given, shown.stale(today), counts, mine, other, own, differs)
            )
        return rows

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
            names = list(dict.fromkeys(one.answer.id for one in found))
        else:
            offered = [one for one in catalog.answers.values() if language in one.texts]
            names = [one.id for one in sorted(offered, key=lambda one: one.texts[language].title)]
        names = [name for name in names if catalog.is_given(name, today)]
        names = names[:MOST_FOUND] if question.strip() else names
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
