"""Service requests of the citizen in a conversation: agents file, change, withdraw and follow them. Plain forms."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from city.routes import Routes
from city.services import CityService
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import Conversation, NotFound, Refused, WrongState
from desk.people import audit
from desk.people.access import access_contact, access_conversation
from desk.people.identity.protection import is_protected
from desk.requests.by_agent import (
    ADDRESS,
    CHANGE,
    DESCRIPTION,
    AgentRequests,
    AnswersMissing,
    ChangeForm,
    ReportForm,
)
from desk.store import own_requests, request_changes
from desk.store.dialogue import messages


class ConversationRequests:
    """GET /console/conversations/<id>/requests/new and requests/<request>; POST requests, and <request>/change, withdraw
    and follow."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, services: Mapping[str, CityService]) -> None:
        self._deps = deps
        self._pages = pages
        self._services = services
        self._requests = AgentRequests(deps.ownership, services, Routes(deps.city, services), deps.clock)

    async def new(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The form; first the choice of a service."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        service = self._services.get(visit.request.args.get("service", ""))
        values = {"client_id": str(uuid4()), "photos": set(), "answers": {}, "shares": "yes", "tells": "yes"}
        return await self._form(visit, conversation, service, values)

    async def file(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Record the request that the form describes."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        service = self._services.get(visit.field("service"))
        client_id = visit.field("client_id")[:64] or str(uuid4())
        answers = {
            one.code: tuple(visit.form.fields.get(f"answer-{one.code}", ()))
            for one in (service.questions if service else ())
        }
        form = ReportForm(
            visit.field("service"),
            visit.field("description"),
            visit.field("address"),
            visit.field("place"),
            answers,
            tuple(visit.form.fields.get("photo", ())),
            visit.field("shares") == "yes",
            visit.field("tells") == "yes",
        )
        try:
            request_id = await self._requests.file(visit.actor, conversation_id, form, client_id)
        except (Refused, WrongState) as error:
            values = {
                "client_id": client_id,
                "description": form.description,
                "address": form.address,
                "place": form.place,
                "photos": set(form.photos),
                "answers": answers,
                "shares": "yes" if form.shares else "",
                "tells": "yes" if form.tells_status else "",
            }
            return await self._form(visit, conversation, service, values, error)
        return go_to(
            f"/console/conversations/{conversation_id}/requests/{request_id}?notice=request-recorded"
        )

    async def show(self, visit: Visit, conversation_id: UUID, request_id: UUID) -> HTTPResponse:
        """The content of a request, its status, and the forms to change it."""
        notice = NOTICES.get(visit.request.args.get("notice", ""))
        return await self._request(visit, conversation_id, request_id, notice=notice)

    async def change(self, visit: Visit, conversation_id: UUID, request_id: UUID) -> HTTPResponse:
        """Add to it, or correct it."""
        form = ChangeForm(
            "complement",
            visit.field("text"),
            visit.field("address"),
            visit.field("description"),
            tuple(visit.form.fields.get("photo", ())),
        )
        return await self._change(visit, conversation_id, request_id, form)

    async def withdraw(self, visit: Visit, conversation_id: UUID, request_id: UUID) -> HTTPResponse:
        """Withdraw it for the citizen."""
        return await self._change(
            visit, conversation_id, request_id, ChangeForm("withdraw", visit.field("text"))
        )

    async def follow(self, visit: Visit, conversation_id: UUID, request_id: UUID) -> HTTPResponse:
        """Whether the citizen is told of changes of its status."""
        tells = visit.field("tells") == "yes"
        try:
            await self._requests.follow(visit.actor, conversation_id, request_id, tells=tells)
        except WrongState as error:
            return await self._request(visit, conversation_id, request_id, error=error)
        return go_to(
            f"/console/conversations/{conversation_id}/requests/{request_id}?notice=request-followed"
        )

    async def _change(
        self, visit: Visit, conversation_id: UUID, request_id: UUID, form: ChangeForm
    ) -> HTTPResponse:
        client_id = visit.field("client_id")[:64] or str(uuid4())
        try:
            await self._requests.change(visit.actor, conversation_id, request_id, form, client_id)
        except (Refused, WrongState) as error:
            return await self._request(visit, conversation_id, request_id, error=error, typed=form)
        return go_to(
            f"/console/conversations/{conversation_id}/requests/{request_id}?notice=request-changing"
        )

    async def _form(
        self,
        visit: Visit,
        conversation: Conversation,
        service: CityService | None,
        values: Mapping[str, object],
        error: Refused | WrongState | None = None,
    ) -> HTTPResponse:
        problem = as_page_error(error) if error else None
        contact = await access_contact(self._deps.store.pool, visit.actor, conversation.id)
        return self._pages.page(
            "request_new.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            status=problem.status if problem else 200,
            alert=problem.sentence if problem else None,
            conversation=conversation,
            contact=contact,
            service=service,
            services=self._services,
            values=values,
            problems=error.problems if isinstance(error, AnswersMissing) else {},
            longest={"description": DESCRIPTION, "address": ADDRESS},
            **await self._shared(conversation),
        )

    async def _request(
        self,
        visit: Visit,
        conversation_id: UUID,
        request_id: UUID,
        *,
        notice: str | None = None,
        error: Refused | WrongState | None = None,
        typed: ChangeForm | None = None,
    ) -> HTTPResponse:
        pool = self._deps.store.pool
        conversation = await access_conversation(pool, visit.actor, conversation_id)
        found = await own_requests.get_of_contact(pool, conversation.contact_id, request_id)
        if found is None:
            raise NotFound("This person has no such request.")
        await audit.record_read(
            pool, visit.actor.agent_id, "request_read", conversation_id, visit.now, request=str(request_id)
        )
        problem = as_page_error(error) if error else None
        service = self._services.get(found.service_code)
        protected = await is_protected(pool, self._services, conversation_id, found)
        return self._pages.page(
            "request_of.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            status=problem.status if problem else 200,
            alert=problem.sentence if problem else None,
            notice=notice,
            conversation=conversation,
            found=found,
            protected=protected,
            service=service,
            answers=_answers(found.payload.get("attributes"), service),
            changes=await request_changes.list_of_request(pool, request_id),
            typed=typed or ChangeForm("complement"),
            client_id=str(uuid4()),
            longest={"text": CHANGE, "description": DESCRIPTION, "address": ADDRESS},
            **await self._shared(conversation),
        )

    async def _shared(self, conversation: Conversation) -> dict[str, object]:
        """Photos and positions that the citizen sent in this conversation."""
        said = [
            one
            for one in await messages.list_of_conversation(self._deps.store.pool, conversation.id)
            if one.author == "contact" and not one.deleted_at
        ]
        return {
            "photos": [(photo, one.created_at) for one in said for photo in one.attachments],
            "places": [(one.id, one.location) for one in said if one.location],
        }


def _answers(attributes: object, service: CityService | None) -> list[tuple[str, list[str]]]:
    """The answers as people read them: the question and the values."""
    given = dict(attributes) if isinstance(attributes, Mapping) else {}
    found = []
    for question in service.questions if service else ():
        if values := given.pop(question.code, None):
            titles = {one.key: one.name.get("en", one.key) for one in question.values}
            listed = values if isinstance(values, list) else [values]
            found.append(
                (question.prompt.get("en", question.code), [titles.get(str(one), str(one)) for one in listed])
            )
    return found + [
        (str(code), [str(one) for one in (values if isinstance(values, list) else [values])])
        for code, values in given.items()
    ]
