"""Which service requests are disclosed only after an identity check: the same rule for agents and for the bot (ADR 67)."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar
from uuid import UUID

from city.services import CityService
from desk.store.people import identity
from desk.store.pool import Executor


class Recorded(Protocol):
    """A request of a contact: its service, and the conversation in which it was recorded."""

    @property
    def service_code(self) -> str: ...

    @property
    def conversation_id(self) -> UUID | None: ...


R = TypeVar("R", bound=Recorded)


async def split_protected(
    executor: Executor, services: Mapping[str, CityService], conversation_id: UUID, requests: Iterable[R]
) -> tuple[list[R], list[R]]:
    """Those that may be told in this conversation, and those that may not yet: their service asks for an identity check,
    they were recorded in another conversation, and nobody gave a right code in this one."""
    told: list[R] = []
    protected: list[R] = []
    for one in requests:
        service = services.get(one.service_code)
        asks = service is not None and service.identity and one.conversation_id != conversation_id
        (protected if asks else told).append(one)
    if protected and await identity.is_confirmed(executor, conversation_id):
        return [*told, *protected], []
    return told, protected


async def is_protected(
    executor: Executor, services: Mapping[str, CityService], conversation_id: UUID, request: Recorded
) -> bool:
    """The same of one."""
    return bool((await split_protected(executor, services, conversation_id, [request]))[1])
