"""The incidents: the list, one incident with its people and suggestions, the form, and each act."""

from collections.abc import Mapping
from uuid import UUID

from sanic.response import HTTPResponse

from console.city_notices import form
from console.city_notices.incident_form import incident_fields, incident_from, proposed
from console.city_notices.map import draw
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.queue.pane import Pane
from console.rendering import Pages
from desk.incidents.incidents import LONGEST_NEWS, LONGEST_TITLE, Incidents, Question
from desk.model import NotFound
from desk.notices.checking import NoticeRefused
from desk.people.permissions import Permission, may, require
from desk.store.notices import notices
from desk.store.notices.notices import NoticeVersion

PATH = "/console/incidents"
_ASKED: tuple[Question, ...] = ("fixed", "safe")


class IncidentPages:
    """GET and POST /console/incidents and …/<incident>; GET …/new and …/<incident>/edit; POSTs …/attach (`conversation` or
    `request`; `back`: to the conversation), …/undo, …/news, …/news/<news>/cancel and …/close."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, pane: Pane) -> None:
        self._deps = deps
        self._pages = pages
        self._pane = pane
        self._service = Incidents(
            deps.store, deps.city, frozenset(deps.catalog.answers), deps.ownership, deps.clock
        )

    async def list(self, visit: Visit) -> HTTPResponse:
        """The open ones, and those that are over."""
        found = await self._service.list(visit.actor)
        return self._pages.page(
            "incidents.html",
            session=visit.session,
            open_ones=[one for one in found if one.closed_at is None],
            closed=[one for one in found if one.closed_at is not None],
            form=form,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def new(self, visit: Visit) -> HTTPResponse:
        """The form, with what the notice `notice` or the scenario `scenario` proposes."""
        require(visit.actor, Permission.MANAGE_INCIDENTS)
        version = await self._notice(visit.request.args.get("notice", ""))
        scenario = version.scenario if version else visit.request.args.get("scenario", "")
        values = {}
        if scenario in form.SCENARIOS:
            values = proposed(scenario, version, self._deps.city.languages)
        return await self._form(visit, values)

    async def declare(self, visit: Visit) -> HTTPResponse:
        """A new incident."""
        require(visit.actor, Permission.MANAGE_INCIDENTS)
        values = self._values(visit)
        try:
            city = self._deps.city
            id = await self._service.declare(
                visit.actor, incident_from(values, city.languages, city.districts)
            )
        except NoticeRefused as error:
            return await self._form(visit, values, error=error)
        return go_to(f"{PATH}/{id}?notice=incident-declared")

    async def show(self, visit: Visit, incident_id: UUID) -> HTTPResponse:
        """The page of an incident."""
        return await self._render(visit, incident_id)

    async def edit(self, visit: Visit, incident_id: UUID) -> HTTPResponse:
        """The form of an incident."""
        require(visit.actor, Permission.MANAGE_INCIDENTS)
        found = await self._service.get(visit.actor, incident_id)
        return await self._form(visit, incident_fields(found), incident_id)

    async def change(self, visit: Visit, incident_id: UUID) -> HTTPResponse:
        """Change what it is about."""
        require(visit.actor, Permission.MANAGE_INCIDENTS)
        values, city = self._values(visit), self._deps.city
        try:
            await self._service.change(
                visit.actor, incident_id, incident_from(values, city.languages, city.districts)
            )
        except NoticeRefused as error:
            return await self._form(visit, values, incident_id, error=error)
        return go_to(f"{PATH}/{incident_id}?notice=incident-changed")

    async def attach(self, visit: Visit, incident_id: UUID) -> HTTPResponse:
        """Attach a conversation or a request."""
        if request := visit.field("request"):
            await self._service.attach_request(visit.actor, incident_id, _id(request))
        else:
            conversation = _id(visit.field("conversation"))
            await self._service.attach(visit.actor, incident_id, conversation)
            if visit.field("back"):
                return go_to(f"/console/conversations/{conversation}?notice=incident-attached#about")
        return go_to(f"{PATH}/{incident_id}?notice=incident-attached")

    async def undo(self, visit: Visit, incident_id: UUID) -> HTTPResponse:
        """Take an attachment back."""
        await self._service.undo(visit.actor, incident_id, _id(visit.field("attachment")))
        if back := visit.field("back"):
            return go_to(f"/console/conversations/{_id(back)}?notice=incident-undone#about")
        return go_to(f"{PATH}/{incident_id}?notice=incident-undone")

    async def tell(self, visit: Visit, incident_id: UUID) -> HTTPResponse:
        """News for everybody attached."""
        texts = {one: visit.field(f"news-{one}")[: 2 * LONGEST_NEWS] for one in self._deps.city.languages}
        try:
            await self._service.tell(visit.actor, incident_id, texts)
        except NoticeRefused as error:
            return await self._render(visit, incident_id, texts, error)
        return go_to(f"{PATH}/{incident_id}?notice=incident-told")

    async def take_back(self, visit: Visit, incident_id: UUID, news_id: UUID) -> HTTPResponse:
        """Take news back."""
        count = await self._service.take_back(visit.actor, incident_id, news_id)
        return go_to(f"{PATH}/{incident_id}?notice={'incident-news-back' if count else 'too-late'}")

    async def close(self, visit: Visit, incident_id: UUID) -> HTTPResponse:
        """It is over."""
        require(visit.actor, Permission.MANAGE_INCIDENTS)
        questions: Mapping[str, Question] = {"fixed": "fixed", "safe": "safe", "none": "none"}
        question = questions.get(visit.field("question"))
        if question is None:
            return await self._render(
                visit, incident_id, {}, NoticeRefused(["Choose what people are asked."])
            )
        await self._service.close(visit.actor, incident_id, question)
        return go_to(f"{PATH}/{incident_id}?notice=incident-closed")

    async def _render(
        self,
        visit: Visit,
        id: UUID,
        texts: Mapping[str, str] | None = None,
        error: NoticeRefused | None = None,
    ) -> HTTPResponse:
        city = self._deps.city
        found = await self._service.get(visit.actor, id)
        attached = await self._service.attached(visit.actor, id)
        suggested = await self._service.suggestions(visit.actor, found) if found.closed_at is None else []
        shown = [one.conversation_id for one in attached if one.conversation_id]
        shown += [one.candidate.conversation_id for one in suggested if one.candidate.conversation_id]
        return self._pages.page(
            "incident.html",
            session=visit.session,
            status=422 if error else 200,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            refused=error.problems if error else [],
            incident=found,
            attached=attached,
            suggested=suggested,
            subjects=await self._pane.subjects(shown),
            news=await self._service.news(visit.actor, id),
            texts=texts or {},
            questions={
                one: self._service.question(one, city.language, found.called(city.language)) for one in _ASKED
            },
            longest=LONGEST_NEWS,
            drawing=draw(found.area, city.districts, city.language),
            bulk_texts=await self._pane.bulk_texts(),
            manages=may(visit.actor, Permission.MANAGE_INCIDENTS),
            form=form,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def _form(
        self,
        visit: Visit,
        values: Mapping[str, str],
        id: UUID | None = None,
        *,
        error: NoticeRefused | None = None,
    ) -> HTTPResponse:
        return self._pages.page(
            "incident_form.html",
            session=visit.session,
            status=422 if error else 200,
            refused=error.problems if error else [],
            values=values,
            incident_id=id,
            longest=LONGEST_TITLE,
            form=form,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def _notice(self, id: str) -> NoticeVersion | None:
        if not id:
            return None
        versions = await notices.list_versions(self._deps.store.pool, _id(id))
        if not versions:
            raise NotFound("There is no such notice.")
        return versions[-1]

    def _values(self, visit: Visit) -> dict[str, str]:
        return {name: visit.field(name)[: form.LONGEST_FIELD] for name in visit.form.fields if name != "csrf"}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such page.") from None
