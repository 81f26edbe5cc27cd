"""Records service requests and changes to them, to be carried out by the filer and the changer.

Citizens (through the bot) and agents take the same path: a row with our id is committed before any back end is called.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from uuid import UUID

import structlog

from city.routes import Routes
from desk.model import ChangeRequest, Clock, Conversation, FileRequest, FollowRequest
from desk.runtime.sanitize import sanitize_mapping
from desk.store import media, request_changes, requests
from desk.store.following import closures, request_followers
from desk.store.pool import Executor

log = structlog.get_logger("desk.requests")


class RequestRecorder:
    """Works inside the caller's transaction. An id that was recorded before records nothing."""

    def __init__(self, routes: Routes, clock: Clock) -> None:
        self._routes = routes
        self._clock = clock

    async def file(
        self,
        transaction: Executor,
        id: UUID,
        conversation: Conversation,
        wanted: FileRequest,
        *,
        agent_id: UUID | None = None,
        tells_status: bool = False,
    ) -> bool:
        """A request to be filed; only the contact's own photos are kept. False if it was recorded before."""
        own = await media.list_of_contact(transaction, conversation.contact_id, uuids(wanted.media))
        checked = replace(wanted, media=tuple(str(one.id) for one in own))
        return await requests.add_request(
            transaction,
            id=id,
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            backend=self._routes.at(
                checked.service_code, checked.address, checked.latitude, checked.longitude
            ).backend,
            service_code=checked.service_code,
            payload=sanitize_mapping(asdict(checked)),
            now=self._clock(),
            agent_id=agent_id,
            tells_status=tells_status,
        )

    async def change(
        self,
        transaction: Executor,
        id: UUID,
        conversation: Conversation,
        wanted: ChangeRequest,
        *,
        agent_id: UUID | None = None,
    ) -> bool:
        """A change of one of this contact's requests. False if it was recorded before, or the request is not the
        contact's."""
        own = await media.list_of_contact(transaction, conversation.contact_id, uuids(wanted.media))
        checked = replace(wanted, media=tuple(str(one.id) for one in own))
        added = False
        for request_id in uuids((checked.request,)):
            added = await request_changes.add_change(
                transaction,
                id=id,
                request_id=request_id,
                conversation_id=conversation.id,
                contact_id=conversation.contact_id,
                kind=checked.kind,
                payload=sanitize_mapping(asdict(checked)),
                now=self._clock(),
                agent_id=agent_id,
            )
        if added and checked.kind == "reopen":
            for request_id in uuids((checked.request,)):
                await closures.set_answer(
                    transaction, request_id, conversation.contact_id, "not_fixed", self._clock()
                )
        return added

    async def follow(
        self, transaction: Executor, id: UUID, conversation: Conversation, wanted: FollowRequest
    ) -> bool:
        """The contact gets news of somebody else's request. False if they follow it already, or filed it."""
        row = request_followers.FollowerRow(
            id,
            conversation.contact_id,
            conversation.id,
            wanted.backend,
            wanted.reference,
            wanted.service_code,
        )
        return await request_followers.add_follower(transaction, row, self._clock())


def uuids(ids: Iterable[str]) -> list[UUID]:
    """The ids that are well formed."""
    found = []
    for one in ids:
        try:
            found.append(UUID(one))
        except ValueError:
            log.warning("id_unreadable")
    return found
