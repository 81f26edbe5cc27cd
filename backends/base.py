"""What every back end is: a government system that holds service requests.

BackendError
├── BackendUnavailable   no answer, a 5xx, or an answer outside the protocol: try again
│                        (`outcome_unknown`: a create may have been accepted; look it up first)
├── RequestRefused       the back end reports what is wrong with this request: `errors`
├── NotPermitted         our key was refused: tell the operator, never the citizen
└── UnknownReference     no request has this reference
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable


class BackendError(Exception):
    """Base class of every error a back end raises."""


class BackendUnavailable(BackendError):
    """The back end gave no usable answer. `resting`: the call was skipped, and calls stay suspended for that
    many seconds."""

    def __init__(self, reason: str, *, outcome_unknown: bool = False, resting: float | None = None) -> None:
        super().__init__(reason)
        self.outcome_unknown = outcome_unknown
        self.resting = resting


class RequestRefused(BackendError):
    """The back end refused the request; `errors` holds its own (code, description) pairs."""

    def __init__(self, errors: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{code}: {text}" for code, text in errors))
        self.errors = errors


class NotPermitted(BackendError):
    """The key is missing, wrong or not authorised for this call."""


class UnknownReference(BackendError):
    """No request has this reference."""


@dataclass(frozen=True, slots=True)
class Question:
    """One attribute of a service. `values` are (key, name) pairs for the list types."""

    code: str
    prompt: str
    datatype: str
    required: bool
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service that a citizen can request. `flow` is GeoReport's type: realtime, batch or blackbox. `notices` are texts to
    show before its questions, `keywords` further words for it."""

    code: str
    name: str
    description: str
    group: str | None
    flow: str
    questions: tuple[Question, ...] = ()
    keywords: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request to file. `id` is our own, recorded before the call; it makes filing idempotent."""

    id: str
    service_code: str
    description: str
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    media_urls: tuple[str, ...] = ()
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """The back end accepted the request and returned either a `reference` or a `token` to exchange for one
    later (exactly one is set; neither for blackbox services)."""

    reference: str | None
    token: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class RequestStatus:
    """`status` is ours (`open` or `closed`); `raw_status` is the back end's own word. `understood`: we know what
    it means. If not, `status` is `open`, and citizens are told the word itself. `photo` is the address of the crew's
    photo of the finished work, if everybody may see one. `not_ours`: it is closed because somebody else looks after it.
    `stage` of an open one: `planned`, `investigating`, `in_progress` or "". `unchanged`: only the note is new."""

    reference: str
    status: str
    raw_status: str
    notes: str | None = None
    service_code: str | None = None
    service_name: str | None = None
    requested_at: datetime | None = None
    updated_at: datetime | None = None
    expected_at: datetime | None = None
    address: str | None = None
    agency: str | None = None
    understood: bool = True
    photo: str | None = None
    not_ours: bool = False
    stage: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class RequestUpdate:
    """A change since the last poll."""

    reference: str
    status: RequestStatus
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NearbyRequest:
    """An open request of the same service near a place: how far it is, and a photo if everybody may see one."""

    reference: str
    metres: float
    requested_at: datetime | None = None
    photo: str | None = None


Change = Literal["complement", "withdraw", "reopen"]


@dataclass(frozen=True, slots=True)
class RequestChange:
    """What a citizen adds to a filed request, or says when they withdraw it. `id` is our own. `since`: when an earlier call
    was made whose answer was lost; the back end then looks whether it has the change before it sends it again. `address` is
    where the request really is, if the change corrects that, in degrees too if they are known; the text says it as well."""

    id: str
    text: str = ""
    media_urls: tuple[str, ...] = ()
    since: datetime | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind of back end supports. The desk and the actions check these flags and never the type.

    definitions   `services` returns the questions of each service
    lookup        `lookup` finds a request by our id after the answer to a create was lost
    idempotent    a create repeated under the same id is accepted only once
    tokens        a create may return a token; `resolve_token` returns its reference later
    updates       `updates` lists what changed since a given time; without it each open request is polled
    media         the maximum number of photo links per request
    multivalue    a question may have several answers
    withdraw      a filed request can be withdrawn; the back end is then `Changeable`
    reopen        a closed request can be reopened because it is not solved; the back end is then `Reopenable`
    complement    information can be added to a filed request; the back end is then `Changeable`
    nearby        open requests near a place can be listed; the back end is then `Searchable`
    repeatable    a change that is sent twice under the same id has one effect

    Without `lookup` and `idempotent`, a create whose answer was lost is left to a person.
    """

    definitions: bool
    lookup: bool
    idempotent: bool
    tokens: bool
    updates: bool
    media: int
    multivalue: bool
    withdraw: bool = False
    complement: bool = False
    reopen: bool = False
    nearby: bool = False
    repeatable: bool = True


class Backend(Protocol):
    """One government system. A method is called only if `capabilities` says that it supports it."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def services(self) -> list[Service]: ...

    async def file(self, request: NewRequest) -> Filed: ...

    async def lookup(self, request: NewRequest, since: datetime) -> Filed | None: ...

    async def resolve_token(self, token: str) -> str | None: ...

    async def status(self, reference: str) -> RequestStatus: ...

    async def updates(self, since: datetime) -> list[RequestUpdate]: ...


@runtime_checkable
class Searchable(Protocol):
    """A back end that tells which requests near a place are open."""

    async def nearby(
        self, service_code: str, latitude: float, longitude: float, metres: float
    ) -> list[NearbyRequest]:
        """Open requests of this service within so many metres, the nearest first. Raises BackendError."""
        ...


@runtime_checkable
class Catalogued(Protocol):
    """A back end whose services can be listed without their questions, which takes one call instead of one for each."""

    async def listed(self) -> list[Service]:
        """The services without questions. Raises BackendError."""
        ...

    async def service(self, code: str) -> Service:
        """One with its questions. Raises RequestRefused if it is not offered, BackendUnavailable."""
        ...


@runtime_checkable
class Changeable(Protocol):
    """A back end that takes changes of filed requests. A call whose answer was lost is repeated under the same
    `change.id`; a back end that is not `repeatable` gets `change.since` then.

    They raise UnknownReference, RequestRefused, NotPermitted or BackendUnavailable.
    """

    async def withdraw(self, reference: str, change: RequestChange) -> None:
        """The citizen withdraws the request: no work is needed any more."""
        ...

    async def complement(self, reference: str, change: RequestChange) -> None:
        """Add text and photos to the request."""
        ...


@runtime_checkable
class Reopenable(Protocol):
    """A back end that opens closed requests again. Repeated and raises as Changeable."""

    async def reopen(self, reference: str, change: RequestChange) -> None:
        """The citizen says that it is not solved: reopen it."""
        ...
