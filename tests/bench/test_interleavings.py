"""A few of the random interleavings (`python -m bench.interleavings` plays 100,000), and faults that they must find."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest

from bench.interleavings.running import Outcome, play_all
from bench.interleavings.scene import Scene, open_scene
from city import City
from desk.knowledge.catalogue import Catalog
from desk.model import By, Conversation
from desk.store.dialogue import conversations
from desk.store.pool import Executor
from desk.turns.answering import Answering
from desk.turns.question import Started

pytestmark = pytest.mark.slow  # `make quick` leaves them out

FEW, MORE = 60, 3_000  # few of them release a conversation that had a place
PATIENCE = 120.0


@pytest.fixture
async def scene(pg_url: str, redis_url: str, city: City, catalog: Catalog) -> AsyncIterator[Scene]:
    scene = await open_scene(pg_url, redis_url, city, catalog)
    yield scene
    await scene.close()


async def test_no_interleaving_breaks_a_rule(scene: Scene) -> None:
    outcome = await play_all(scene, FEW, 100, PATIENCE)
    assert outcome.breaches == [] and outcome.played == FEW
    assert outcome.taken > 0, "nobody was left in the queue to try its order"


async def test_a_place_that_is_lost_on_release_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = conversations.release

    async def to_the_end(executor: Executor, id: UUID, by: By) -> Conversation | None:
        moved = await release(executor, id, by)
        await executor.execute("UPDATE conversations SET queued_at = clock_timestamp() WHERE id = $1", id)
        return moved

    monkeypatch.setattr(conversations, "release", to_the_end)
    assert "no jumped place" in await _broken(scene)


async def test_a_bot_that_talks_over_an_agent_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = Answering.still_ours

    async def unchecked(self: Answering, transaction: Executor, started: Started) -> Conversation:
        await locked(self, transaction, started)  # without the lock it would be a deadlock first
        return started.conversation

    monkeypatch.setattr(Answering, "still_ours", unchecked)
    assert "no talk-over" in await _broken(scene)


async def test_a_bot_that_is_asked_again_under_one_lease_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    insist, failed = Answering._insist, set[UUID]()

    async def failing(self: Answering, started: Started, commit: Callable[[], Awaitable[bool]]) -> bool:
        if started.message.id in failed:
            return await insist(self, started, commit)
        failed.add(started.message.id)
        raise TimeoutError

    monkeypatch.setattr(Answering, "_insist", failing)
    assert "no loop" in await _broken(scene)


async def _broken(scene: Scene) -> set[str]:
    outcome = Outcome()
    for seed in range(0, MORE, 40):
        outcome = await play_all(scene, 40, seed, PATIENCE)
        if outcome.breaches:
            break
    return {breach.rule for _, breach in outcome.breaches}
