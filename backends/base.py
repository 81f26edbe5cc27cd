"""What every back end is: a government system that holds service requests (DESIGN section 5).

BackendError
├── BackendUnavailable   no answer, a 5xx, or an answer that is not the protocol's: try again
│                        (`outcome_unknown`: a create may have been accepted; look it up first)
├── RequestRefused       the back end says what is wrong with this request: `errors`
├── NotPermitted         our key is refused: for the operator, never for the citizen
└── UnknownReference     no request has this reference
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class BackendError(Exception):
    """Base of everything a back end raises."""


class BackendUnavailable(BackendError):
    """The back end did not give a usable answer. `resting`: it was not asked, and will not be for so many seconds."""

    def __init__(self, reason: str, *, outcome_unknown: bool = False, resting: float | None = None) -> None:
        super().__init__(reason)
        self.outcome_unknown = outcome_unknown
        self.resting = resting


class RequestRefused(BackendError):
    """The back end refused the request; `errors` are its own (code, description) pairs."""

    def __init__(self, errors: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{code}: {text}" for code, text in errors))
        self.errors = errors


class NotPermitted(BackendError):
    """The key is missing, wrong or not allowed to do this."""


class UnknownReference(BackendError):
    """There is no request with this reference."""


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
    """Something a citizen can ask for. `flow` is GeoReport's type: realtime, batch or blackbox."""

    code: str
    name: str
    description: str
    group: str | None
    flow: str
    questions: tuple[Question, ...] = ()


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
    """The back end took it: a `reference` now, or a `token` to ask with later (exactly one is set,
    none for blackbox services)."""

    reference: str | None
    token: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class RequestStatus:
    """`status` is ours (`open` or `closed`), `raw_status` the back end's own word."""

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


@dataclass(frozen=True, slots=True)
class RequestUpdate:
    """A change since the last look."""

    reference: str
    status: RequestStatus
    updated_at: datetime


class Backend(Protocol):
    """One government system."""

    async def services(self) -> list[Service]: ...

    async def file(self, request: NewRequest) -> Filed: ...

    async def lookup(self, request: NewRequest, since: datetime) -> Filed | None: ...

    async def resolve_token(self, token: str) -> str | None: ...

    async def status(self, reference: str) -> RequestStatus: ...

    async def updates(self, since: datetime) -> list[RequestUpdate]: ...
