"""The switches in the console: stop and resume an answer, an area or the whole assistant; areas that need two
people; download all answers as files."""

import asyncio
import io
import zipfile
from typing import cast, get_args
from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import HEADERS, Pages
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.exchange import list_own_files
from desk.knowledge.publishing.fact_exchange import list_fact_files
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.publishing.stopping import Stopping
from desk.knowledge.sharing.reading import LIST, list_of
from desk.model import NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.knowledge import answers
from desk.store.knowledge.stops import Kind

PATH = "/console/answers/stops"


class StopPages:
    """GET and POST /console/answers/stops, POST …/<id>/resume; POST /console/answers/areas; GET /console/answers/files.zip."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, published: PublishedAnswers) -> None:
        self._deps = deps
        self._pages = pages
        self._stopping = Stopping(deps.store, deps.catalog, deps.clock, published)

    async def show(self, visit: Visit) -> HTTPResponse:
        """What is stopped, what was, and the areas."""
        return await self._render(visit)

    async def stop(self, visit: Visit) -> HTTPResponse:
        """`kind` and `name`, and why. A page of an answer sends its own."""
        kind = visit.field("kind")
        if kind not in get_args(Kind):
            raise PageError(
                422, "no_kind", "What is to be stopped?", "Choose an answer, an area or the assistant."
            )
        try:
            await self._stopping.stop(visit.actor, cast(Kind, kind), visit.field("name"), visit.field("why"))
        except AnswerRefused as refused:
            return await self._render(visit, refused)
        return go_to(f"{PATH}?notice=answers-stopped")

    async def resume(self, visit: Visit, stop_id: UUID) -> HTTPResponse:
        """It is given again."""
        await self._stopping.resume(visit.actor, stop_id)
        return go_to(f"{PATH}?notice=answers-resumed")

    async def set_area(self, visit: Visit) -> HTTPResponse:
        """Whether an `area` needs two people (`two_people`: yes or no)."""
        two = visit.field("two_people") == "yes"
        await self._stopping.set_area(visit.actor, visit.field("area"), two_people=two)
        return go_to(f"{PATH}?notice=applies")

    async def download(self, visit: Visit) -> HTTPResponse:
        """The city's own published answers and facts as files of content/answers and content/named_facts, in one archive; with a
        list, so that others can take the answers in."""
        require(visit.actor, Permission.READ_ANSWERS)
        pool = self._deps.store.pool
        files = await list_own_files(pool)
        if not files:
            raise NotFound("There are no answers yet. Start a worker first.")
        version, _ = await answers.get_last_states(pool)
        named = {f"answers/{name}.yml": text for name, text in files.items()}
        named |= {f"named_facts/{name}.yml": text for name, text in (await list_fact_files(pool)).items()}
        named[LIST] = list_of(version, files)
        data = await asyncio.to_thread(_archive, named)
        await audit.record(pool, visit.actor.agent_id, "answers_exported", None, visit.now)
        headers = HEADERS | {"content-disposition": 'attachment; filename="answers.zip"'}
        return HTTPResponse(data, 200, headers, content_type="application/zip")

    async def _render(self, visit: Visit, refused: AnswerRefused | None = None) -> HTTPResponse:
        now, before = await self._stopping.list(visit.actor)
        pool, language = self._deps.store.pool, self._deps.city.language
        titles = {
            name: one.texts[language].title
            for name, one in self._deps.catalog.answers.items()
            if language in one.texts
        }
        two = await answers.list_areas(pool)
        return self._pages.page(
            "answer_stops.html",
            session=visit.session,
            status=200 if refused is None else 422,
            alert=str(refused) if refused else None,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            refused=refused.problems if refused else [],
            values={name: visit.field(name) for name in ("kind", "name", "why")},
            open_stops=now,
            before=before,
            titles=titles,
            areas=[(area, two.get(area, True)) for area in self._stopping.areas()],
            **await counts_of(pool, visit),
        )


def _archive(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(name, text)
    return packed.getvalue()
