"""Service requests that agents record for citizens, from a conversation.

They are handled like requests through the bot: a row with our id is committed first, then the
worker's filer or changer calls the back end. A repeated `client_id` records nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid5

from city.routes import Routes
from city.services import CityService, ServiceQuestion
from desk.conversations.ownership import Ownership, check_holder
from desk.model import Actor, ChangeRequest, Clock, Conversation, FileRequest, NotFound, Refused, WrongState
from desk.people.identity.protection import is_protected
from desk.requests.recording import RequestRecorder
from desk.runtime.cards import mask_cards
from desk.runtime.sanitize import sanitize_text
from desk.store import own_requests
from desk.store.dialogue import messages
from desk.store.following import followed_requests, learned_services
from desk.store.people import contacts
from desk.store.pool import Executor

DESCRIPTION, ADDRESS, ANSWER, CHANGE = 4000, 200, 500, 2000  # characters
PHOTOS = 10


class AnswersMissing(Refused):
    """Fields of the form that are wrong: name -> one sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("answers_missing", "Something is missing or wrong. Nothing was filed.")
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class ReportForm:
    """`place` is the id of the citizen's message with a position, `photos` are our media ids. `shares`: the back end gets
    name, e-mail and phone of the contact. `tells_status`: the citizen is told when the status changes."""

    service: str
    description: str
    address: str = ""
    place: str = ""
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    shares: bool = False
    tells_status: bool = False


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """`address` and `description` replace what a request says that is not sent yet; one that is sent gets `text`, and the
    corrections as words."""

    kind: Literal["withdraw", "complement"]
    text: str = ""
    address: str = ""
    description: str = ""
    photos: tuple[str, ...] = ()


class AgentRequests:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(
        self, ownership: Ownership, services: Mapping[str, CityService], routes: Routes, clock: Clock
    ) -> None:
        self._ownership = ownership
        self._services = services
        self._recorder = RequestRecorder(routes, clock)

    async def file(self, actor: Actor, conversation_id: UUID, form: ReportForm, client_id: str) -> UUID:
        """Record it; returns our id of it. Raises AnswersMissing for what the service needs."""
        id = uuid5(conversation_id, f"file:{actor.agent_id}:{client_id}")
        async with self._ownership.acting(
            actor, conversation_id, "file_request", request=str(id), service=form.service[:80]
        ) as (transaction, before):
            _check_answering(actor, before)
            wanted = await self._checked(transaction, before, form)
            await self._recorder.file(
                transaction, id, before, wanted, agent_id=actor.agent_id, tells_status=form.tells_status
            )
            await learned_services.set_found(transaction, before.contact_id, form.service)
        return id

    async def change(
        self, actor: Actor, conversation_id: UUID, request_id: UUID, form: ChangeForm, client_id: str
    ) -> None:
        """Withdraw a request of this contact, or add to it. Raises NotFound, or Refused for a change that says nothing."""
        changes = _changes(str(request_id), form)
        if not changes:
            raise Refused("empty", "The change is empty. Write what should be added or corrected.")
        act = "withdraw_request" if form.kind == "withdraw" else "change_request"
        async with self._ownership.acting(actor, conversation_id, act, request=str(request_id)) as (
            transaction,
            before,
        ):
            _check_answering(actor, before)
            found = await own_requests.get_of_contact(transaction, before.contact_id, request_id)
            if found is None:
                raise NotFound("This person has no such request.")
            if await is_protected(transaction, self._services, before.id, found):
                raise Refused("identity_first", "Check who you are talking to first. Nothing was changed.")
            if found.state in ("withdrawn", "refused"):
                raise Refused("over", "This request was withdrawn or refused. Nothing was changed.")
            for place, wanted in enumerate(changes):
                id = uuid5(conversation_id, f"change:{actor.agent_id}:{client_id}:{place}")
                await self._recorder.change(transaction, id, before, wanted, agent_id=actor.agent_id)

    async def follow(self, actor: Actor, conversation_id: UUID, request_id: UUID, *, tells: bool) -> None:
        """Whether the citizen is told in the conversation when the request's status changes. Raises NotFound."""
        async with self._ownership.acting(
            actor, conversation_id, "follow_request", request=str(request_id), tells=str(tells)
        ) as (transaction, before):
            _check_answering(actor, before)
            if await own_requests.get_of_contact(transaction, before.contact_id, request_id) is None:
                raise NotFound("This person has no such request.")
            await followed_requests.set_tells_status(transaction, request_id, tells=tells)

    async def _checked(
        self, transaction: Executor, conversation: Conversation, form: ReportForm
    ) -> FileRequest:
        problems: dict[str, str] = {}
        service = self._services.get(form.service)
        if service is None:
            raise Refused("no_such_service", "Choose a service from the list. Nothing was filed.")
        description = _clean(form.description, DESCRIPTION)
        if not description:
            problems["description"] = "Describe the problem."
        latitude, longitude, label = await _position(transaction, conversation, form.place)
        address = _clean(form.address, ADDRESS) or label
        if service.needs_location and not address and latitude is None:
            problems["address"] = "This service needs a place: an address, or a position that was shared."
        attributes: dict[str, list[str]] = {}
        for question in service.questions:
            given = [
                one for one in (_clean(one, ANSWER) for one in form.answers.get(question.code, ())) if one
            ]
            if wrong := problem_of(question, given):
                problems[f"answer-{question.code}"] = wrong
            elif given:
                attributes[question.code] = given
        if problems:
            raise AnswersMissing(problems)
        contact = await contacts.get_by_id(transaction, conversation.contact_id) if form.shares else None
        return FileRequest(
            service.code,
            description,
            address or None,
            latitude,
            longitude,
            form.photos[:PHOTOS],
            attributes,
            contact.name if contact else None,
            contact.email if contact else None,
            contact.phone if contact else None,
        )


def problem_of(question: ServiceQuestion, given: Sequence[str]) -> str | None:
    """What is wrong with the answers to a question of the service, None if nothing is."""
    if not given:
        return "This service needs an answer here." if question.required else None
    keys = {one.key for one in question.values}
    if question.datatype.endswith("list") and not keys.issuperset(given):
        return "Choose from the list."
    if len(given) > 1 and question.datatype != "multivaluelist":
        return "Give one answer."
    if question.datatype == "number":
        try:
            float(given[0].replace(",", "."))
        except ValueError:
            return "Write a number."
    return None


def _changes(request: str, form: ChangeForm) -> list[ChangeRequest]:
    """What the form asks for. A corrected address is a change of its own: its text is not a part of the description."""
    text, address, description = (
        _clean(form.text, CHANGE),
        _clean(form.address, ADDRESS),
        _clean(form.description, DESCRIPTION),
    )
    if form.kind == "withdraw":
        return [ChangeRequest(request, "withdraw", text)]
    found = []
    if address:
        found.append(
            ChangeRequest(request, "complement", f"Correct address: {address}", (), {"address": address})
        )
    photos = form.photos[:PHOTOS]
    if description:
        whole = "\n".join(one for one in (description, text) if one)
        said = f"Correct description: {whole}"
        found.append(ChangeRequest(request, "complement", said, photos, {"description": whole}))
    elif text or photos:
        found.append(ChangeRequest(request, "complement", text, photos))
    return found


def _check_answering(actor: Actor, before: Conversation) -> None:
    check_holder(actor, before)
    if before.state not in ("assigned", "waiting_on_contact", "resolved"):
        raise WrongState(before.state, "Claim the conversation first.")


async def _position(
    transaction: Executor, conversation: Conversation, place: str
) -> tuple[float | None, float | None, str]:
    """The position that the citizen shared with this message."""
    if place:
        for one in await messages.list_of_conversation(transaction, conversation.id):
            if str(one.id) == place and one.location and one.author == "contact":
                return one.location.latitude, one.location.longitude, one.location.label or ""
    return None, None, ""


def _clean(text: str, longest: int) -> str:
    return mask_cards(sanitize_text(text).strip())[:longest]
