""" "Me too": citizens who follow a request of somebody else get its news once, and its public status alone."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from backends.base import Filed, RequestStatus
from desk.model import FollowRequest
from desk.requests.filing import Filer
from desk.requests.recording import RequestRecorder
from desk.requests.status import Follower
from desk.store.dialogue import conversations
from desk.store.following.request_followers import FollowerRow, count_followers
from desk.store.pool import Executor, Store
from tests.support.clock import Clock
from tests.support.filing import ROUTES, ScriptedBackend, recorded, row_of

WANTED = FollowRequest("requests", "SR-1", "pothole")


async def _follows(store: Store, clock: Clock, wanted: FollowRequest = WANTED) -> tuple[UUID, bool]:
    """Somebody with a conversation follows it; their contact, and whether that was new."""
    row = await row_of(store, await recorded(store, clock))
    assert row.conversation_id and row.contact_id
    conversation = await conversations.get_by_id(store.pool, row.conversation_id)
    assert conversation is not None
    added = await RequestRecorder(ROUTES, clock).follow(store.pool, uuid4(), conversation, wanted)
    assert not await RequestRecorder(ROUTES, clock).follow(store.pool, uuid4(), conversation, wanted)
    return row.contact_id, added


async def test_news_goes_to_everybody_who_follows(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script = [Filed("SR-1")]
    await filer.step()
    followers = {(await _follows(store, clock))[0] for _ in range(2)}
    assert await count_followers(store.pool, ["SR-1", "SR-2"]) == {"SR-1": 2}
    told: list[tuple[object, str]] = []

    async def changed(executor: Executor, id: UUID, status: RequestStatus) -> None:
        told.append((id, status.status))

    async def heard(executor: Executor, row: FollowerRow, status: RequestStatus) -> None:
        told.append((row.contact_id, status.status))

    follower = Follower(store, {"requests": backend}, clock, changed=changed, told_follower=heard)
    strange = RequestStatus("SR-1", "open", "Erledigt?", understood=False)
    closed = RequestStatus("SR-1", "closed", "done")
    for status in (strange, closed, closed, replace(closed, status="open")):
        backend.states["SR-1"] = status
        clock.forward(days=1)
        await follower.look("requests")
    assert [one for one in told if one[0] != id] == [(one, "closed") for one in sorted(followers)]


async def test_one_that_only_strangers_filed_is_followed_too(
    store: Store, backend: ScriptedBackend, clock: Clock
) -> None:
    contact, added = await _follows(store, clock)
    assert added
    told: list[UUID] = []

    async def heard(executor: Executor, row: FollowerRow, status: RequestStatus) -> None:
        told.append(row.contact_id)

    follower = Follower(store, {"requests": backend}, clock, told_follower=heard)
    backend.states["SR-1"] = RequestStatus("SR-1", "closed", "done")
    assert await follower.look("requests") == 1
    clock.now += timedelta(days=2)
    assert await follower.look("requests") == 0
    assert told == [contact]


async def test_nobody_follows_their_own(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    row = await row_of(store, await recorded(store, clock))
    backend.script = [Filed("SR-1")]
    await filer.step()
    assert row.conversation_id
    conversation = await conversations.get_by_id(store.pool, row.conversation_id)
    assert conversation is not None
    assert not await RequestRecorder(ROUTES, clock).follow(store.pool, uuid4(), conversation, WANTED)
