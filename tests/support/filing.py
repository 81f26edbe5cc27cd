"""A back end whose behaviour a test sets, a record of what the citizen was told, and requests as a turn stores them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from backends.base import (
    Backend,
    Capabilities,
    Filed,
    NewRequest,
    RequestChange,
    RequestStatus,
    RequestUpdate,
    Service,
)
from backends.open311.client import Open311
from backends.reference.client import Reference
from city import load_city
from city.routes import Routes
from city.services import load_services
from desk.store import request_changes, requests
from desk.store.pool import Executor, Store
from desk.store.requests import ServiceRequestRow
from tests.support.clock import Clock

ROUTES = Routes(load_city("city.yml"), load_services("content/services.yml"))

PAYLOAD = {
    "service_code": "pothole",
    "description": "A hole",
    "address": "8 Elm Street",
    "latitude": 40.7,
    "longitude": -74,
    "media": ["m1"],
    "attributes": {"size": "large", "who": ["a", "b"]},
    "name": "Ana",
}


@dataclass
class ScriptedBackend(Backend):
    """A back end that does what the test says next: a value is given, an exception raised, a function called."""

    capabilities: Capabilities = Open311.capabilities
    script: list[Any] = field(default_factory=list)
    lookups: list[Any] = field(default_factory=list)
    tokens: list[Any] = field(default_factory=list)
    filed: list[NewRequest] = field(default_factory=list)
    looked_up: list[NewRequest] = field(default_factory=list)
    states: dict[str, RequestStatus] = field(default_factory=dict)
    news: list[RequestUpdate] = field(default_factory=list)
    asked_since: list[datetime] = field(default_factory=list)

    async def services(self) -> list[Service]:
        return []

    async def file(self, request: NewRequest) -> Filed:
        self.filed.append(request)
        return await _next(self.script)

    async def lookup(self, request: NewRequest, since: datetime) -> Filed | None:
        self.looked_up.append(request)
        return await _next(self.lookups)

    async def resolve_token(self, token: str) -> str | None:
        return await _next(self.tokens)

    async def status(self, reference: str) -> RequestStatus:
        return self.states[reference]

    async def updates(self, since: datetime) -> list[RequestUpdate]:
        self.asked_since.append(since)
        return self.news


async def _next(script: list[Any]) -> Any:
    step = script.pop(0)
    if isinstance(step, BaseException):
        raise step
    return await step() if callable(step) else step


@dataclass
class Voice:
    """What the citizen was told, and in which state the request was inside that transaction."""

    said: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    failure: Exception | None = None

    async def __call__(
        self, executor: Executor, row: ServiceRequestRow, key: str, variables: Mapping[str, object]
    ) -> None:
        if self.failure:
            raise self.failure
        await executor.execute("UPDATE contacts SET name = $2 WHERE id = $1", row.contact_id, key)
        self.said.append((key, variables))

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.said]


async def recorded(
    store: Store, clock: Clock, backend: str = "requests", service: str = "pothole", **changes: object
) -> UUID:
    """A request as a turn records it."""
    contact = await store.pool.fetchval(
        "INSERT INTO contacts (inbox, external_id) VALUES ('web', $1) RETURNING id", str(uuid4())
    )
    conversation = await store.pool.fetchval(
        "INSERT INTO conversations (inbox, contact_id, language) VALUES ('web', $1, 'en') RETURNING id",
        contact,
    )
    id = uuid4()
    assert await requests.add_request(
        store.pool,
        id=id,
        conversation_id=conversation,
        contact_id=contact,
        backend=backend,
        service_code=service,
        payload=PAYLOAD | changes,
        now=clock.now,
    )
    return id


async def row_of(store: Store, id: UUID) -> ServiceRequestRow:
    row = await requests.get_request(store.pool, id)
    assert row is not None
    return row


async def leases_end(store: Store) -> None:
    await store.pool.execute("UPDATE service_requests SET lease_until = now() - interval '1 second'")


@dataclass
class ChangeableBackend(ScriptedBackend):
    """One that takes changes: each call has the outcome of the script, None where it ends."""

    capabilities: Capabilities = Reference.capabilities
    outcomes: list[Any] = field(default_factory=list)
    withdrawn: list[tuple[str, RequestChange]] = field(default_factory=list)
    complemented: list[tuple[str, RequestChange]] = field(default_factory=list)

    async def withdraw(self, reference: str, change: RequestChange) -> None:
        self.withdrawn.append((reference, change))
        await _next(self.outcomes or [None])

    async def complement(self, reference: str, change: RequestChange) -> None:
        self.complemented.append((reference, change))
        await _next(self.outcomes or [None])


async def change_recorded(store: Store, clock: Clock, request_id: UUID, kind: str, **payload: object) -> UUID:
    """A change as a turn records it, in the conversation in which the request was recorded."""
    row = await row_of(store, request_id)
    id = uuid4()
    assert row.conversation_id and row.contact_id
    assert await request_changes.add_change(
        store.pool,
        id=id,
        request_id=request_id,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        kind=kind,  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
        payload={"text": "", "media": [], "fixes": {}, **payload},
        now=clock.now,
    )
    return id
