"""Group commit: many in one transaction, each as if it were alone."""

import asyncio
from collections.abc import Sequence

import pytest

from channels.base import Inbound
from desk.inbound.group_commit import GroupCommit
from desk.store.pool import Store
from tests.support.desk import Desk


class Disk:
    """Doubles numbers; each transaction waits until it is let go."""

    def __init__(self, *, open: bool = False) -> None:
        self.runs: list[list[int]] = []
        self.go = asyncio.Event()
        if open:
            self.go.set()

    async def run(self, items: Sequence[int]) -> list[int]:
        self.runs.append(list(items))
        await self.go.wait()
        if 13 in items:
            raise ValueError("13 breaks whatever it is in")
        if 50 in items:
            raise ConnectionError("the database is away")
        if 70 in items and len(items) > 1:
            await asyncio.Event().wait()  # waits for somebody's lock
        return [2 * one for one in items]


async def _all(together: GroupCommit[int, int], *items: int) -> list[int | BaseException]:
    return await asyncio.gather(*(together.do(one) for one in items), return_exceptions=True)


async def test_who_comes_alone_waits_for_nobody() -> None:
    disk = Disk(open=True)
    assert await GroupCommit(disk.run).do(4) == 8
    assert disk.runs == [[4]]


async def test_what_arrives_meanwhile_goes_together_and_in_order() -> None:
    disk = Disk()
    together = GroupCommit(disk.run, at_once=1, most=3)
    first = asyncio.create_task(together.do(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.do(one)) for one in (2, 3, 4, 5)]
    await asyncio.sleep(0)
    assert not first.done(), "told before it was done"
    disk.go.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8, 10]
    assert disk.runs == [[1], [2, 3, 4], [5]]


async def test_one_that_fails_does_not_affect_the_others() -> None:
    results = await _all(GroupCommit(Disk(open=True).run, at_once=1), 1, 13, 2)
    assert isinstance(results[1], ValueError) and [results[0], results[2]] == [2, 4]


async def test_one_that_waits_for_a_lock_does_not_delay_the_others() -> None:
    disk = Disk(open=True)
    results = await _all(GroupCommit(disk.run, at_once=1, patience=0.05), 70, 1, 2)
    assert results == [140, 2, 4] and disk.runs[0] == [70, 1, 2] and len(disk.runs) == 4


async def test_a_database_that_is_away_is_everybodys_trouble_and_is_asked_once() -> None:
    disk = Disk(open=True)
    results = await _all(GroupCommit(disk.run, at_once=1), 1, 50, 2)
    assert all(isinstance(one, ConnectionError) for one in results) and len(disk.runs) == 1


async def test_a_disconnected_client_does_not_affect_the_others() -> None:
    disk = Disk()
    together = GroupCommit(disk.run, at_once=1)
    gone, stays = asyncio.create_task(together.do(1)), asyncio.create_task(together.do(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone.cancel()
    disk.go.set()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone


def _line(number: int, contact: str, **more: object) -> Inbound:
    return Inbound(f"id-{number}", contact, "message", f"line {number}", **more)  # type: ignore[arg-type]  # the test's further fields


async def _kept(store: Store) -> list[tuple[str, str, str]]:
    rows = await store.pool.fetch(
        """SELECT e.external_id, c.external_id AS contact, e.payload->>'text' AS text FROM events e
           JOIN contacts c ON c.id = e.contact_id ORDER BY e.id"""
    )
    return [tuple(row) for row in rows]


async def test_webhooks_at_once_are_each_kept_once_and_in_order(desk: Desk) -> None:
    lines = [_line(number, f"person {number % 7}", name=f"Name {number}") for number in range(40)]
    received = await asyncio.gather(
        *(desk.intake.receive("sms", [one], trace_id=one.external_id) for one in lines)
    )
    again = await asyncio.gather(*(desk.intake.receive("sms", [one]) for one in lines))
    assert [one.new for result in received for one in result] == [True] * 40
    assert [one.new for result in again for one in result] == [False] * 40
    kept = await _kept(desk.store)
    for person in {one.contact for one in lines}:
        said = [(key, text) for key, contact, text in kept if contact == person]
        assert said == [(one.external_id, one.text) for one in lines if one.contact == person]
    ids = {result[0].contact_id for result in received}
    assert len(ids) == 7 and len(kept) == 40
    names = await desk.store.pool.fetch("SELECT name FROM contacts ORDER BY external_id")
    assert [row["name"] for row in names] == [f"Name {number}" for number in (35, 36, 37, 38, 39, 33, 34)]
    traces = await desk.store.pool.fetch("SELECT external_id, trace_id FROM events")
    assert all(row["external_id"] == row["trace_id"] for row in traces)


async def test_the_same_webhook_ten_times_at_once_is_new_once(desk: Desk) -> None:
    received = await asyncio.gather(*(desk.intake.receive("sms", [_line(1, "ana")]) for _ in range(10)))
    assert sorted(result[0].new for result in received) == [False] * 9 + [True]
    assert len(await _kept(desk.store)) == 1


async def test_an_event_that_no_index_can_hold_fails_alone(desk: Desk) -> None:
    # Random, so that it does not compress below what an index row may have.
    import secrets

    bad = Inbound(secrets.token_hex(8_000), "ben", "message", "hello")
    results = await asyncio.gather(
        *(desk.intake.receive("sms", [one]) for one in (_line(1, "ana"), bad, _line(2, "cy"), _line(3, "ana"))),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(results[1], Exception)
    assert [key for key, _, _ in await _kept(desk.store)] == ["id-1", "id-2", "id-3"]
