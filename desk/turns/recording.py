"""Records the service requests, and the changes to them, that a turn asks for, in the turn's transaction."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from uuid import UUID, uuid5

import structlog

from city.routes import Routes
from desk.model import (
    ChangeRequest,
    Clock,
    Directive,
    FileRequest,
)
from desk.runtime.sanitize import sanitize_mapping
from desk.store import media, request_changes, requests
from desk.store.pool import Executor
from desk.turns.question import Started

log = structlog.get_logger("turns")


class Recording:
    """Ids are derived from the message, so that a turn that runs twice records the same rows."""

    def __init__(self, routes: Routes, clock: Clock) -> None:
        self._routes = routes
        self._clock = clock

    async def record(self, transaction: Executor, started: Started, directives: Sequence[Directive]) -> bool:
        """Record what the directives ask for; False if there is nothing to file or to change."""
        filed = await self._file(transaction, started, directives)
        return await self._change(transaction, started, directives) or filed

    async def _file(self, transaction: Executor, started: Started, directives: Sequence[Directive]) -> bool:
        wanted = [one for one in directives if isinstance(one, FileRequest)]
        for place, directive in enumerate(wanted):
            contact_id = started.conversation.contact_id
            own = await media.list_of_contact(transaction, contact_id, _uuids(directive.media))
            checked = replace(directive, media=tuple(str(one.id) for one in own))
            await requests.add_request(
                transaction,
                # Derived from the message, so that a turn that runs twice records the same request.
                id=uuid5(started.message.id, f"file:{place}"),
                conversation_id=started.conversation.id,
                contact_id=contact_id,
                backend=self._routes.of(checked.service_code).backend,
                service_code=checked.service_code,
                payload=sanitize_mapping(asdict(checked)),
                now=self._clock(),
            )
        return bool(wanted)

    async def _change(self, transaction: Executor, started: Started, directives: Sequence[Directive]) -> bool:
        wanted = [one for one in directives if isinstance(one, ChangeRequest)]
        for place, directive in enumerate(wanted):
            contact_id = started.conversation.contact_id
            own = await media.list_of_contact(transaction, contact_id, _uuids(directive.media))
            checked = replace(directive, media=tuple(str(one.id) for one in own))
            for request_id in _uuids((directive.request,)):
                await request_changes.add_change(
                    transaction,
                    id=uuid5(started.message.id, f"change:{place}"),
                    request_id=request_id,
                    conversation_id=started.conversation.id,
                    contact_id=contact_id,
                    kind=checked.kind,
                    payload=sanitize_mapping(asdict(checked)),
                    now=self._clock(),
                )
        return bool(wanted)


def _uuids(ids: tuple[str, ...]) -> list[UUID]:
    found = []
    for one in ids:
        try:
            found.append(UUID(one))
        except ValueError:
            log.warning("id_unreadable")
    return found
