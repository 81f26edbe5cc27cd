"""Webhooks as providers deliver them: twice, concurrently, much later, in any order, receipts first."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from bench.fault.checker import settle
from bench.fault.citizens import QUESTIONS, Citizen, Written, event, receipt
from bench.fault.peers.provider import OutboxItem
from bench.fault.scene import Fault, Scene

AT_ONCE = 16


def webhook_faults(conversations: int) -> list[Fault]:
    """Faults in how providers deliver."""

    def with_courier(
        deliver: Callable[[Scene, Citizen], Awaitable[None]], lines: int = 1, *, hasty: bool = False
    ) -> Callable[[Scene], Awaitable[None]]:
        async def run(scene: Scene) -> None:
            for number in range(max(4, conversations // lines)):
                script = [QUESTIONS[(number + line) % len(QUESTIONS)] for line in range(lines)]
                scene.crowd.add(script, "courier").hasty = hasty
            await _each(scene, deliver)

        return run

    return [
        Fault("every webhook twice", with_courier(_twice), invites=False),
        Fault("every webhook ten times at once", with_courier(_ten_times), invites=False),
        Fault("every webhook again much later", _again(with_courier(_twice)), invites=False),
        Fault("shuffled webhooks", with_courier(_shuffled, 4), invites=False),
        Fault("an album of ten in one webhook", with_courier(_album, 10), invites=False),
        Fault("an album of ten, ten webhooks at once", with_courier(_burst, 10, hasty=True), invites=False),
        Fault("receipts before their message and in reverse", _receipts),
    ]


async def _each(scene: Scene, deliver: Callable[[Scene, Citizen], Awaitable[None]]) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(citizen: Citizen) -> None:
        for text in citizen.script:
            scene.crowd.line(citizen, text)
        async with slots:
            await deliver(scene, citizen)

    async with asyncio.TaskGroup() as group:
        for citizen in scene.crowd.citizens:
            group.create_task(one(citizen))


async def _kept(scene: Scene, citizen: Citizen, lines: list[Written]) -> None:
    begun = time.time()
    await scene.crowd.deliver_until_kept([event(citizen, one) for one in lines])
    for one in lines:
        one.begun, one.kept = begun, time.time()


async def _twice(scene: Scene, citizen: Citizen) -> None:
    for _ in range(2):
        await _kept(scene, citizen, citizen.written)


async def _ten_times(scene: Scene, citizen: Citizen) -> None:
    await asyncio.gather(*(_kept(scene, citizen, citizen.written) for _ in range(10)))


def _again(run: Callable[[Scene], Awaitable[None]]) -> Callable[[Scene], Awaitable[None]]:
    async def twice(scene: Scene) -> None:
        await run(scene)
        await settle(scene.crowd)
        before = await _count(scene)
        await scene.deployment.store.pool.execute(
            "UPDATE events SET received_at = received_at - interval '2 days'"
        )
        for citizen in scene.crowd.citizens:
            await _kept(scene, citizen, citizen.written)
        await settle(scene.crowd)
        after = await _count(scene)
        scene.expect(before == after, "exactly one message for an event", f"{before} messages, then {after}")

    return twice


async def _count(scene: Scene) -> int:
    return int(await scene.deployment.store.pool.fetchval("SELECT count(*) FROM messages"))


async def _shuffled(scene: Scene, citizen: Citizen) -> None:
    random.Random(citizen.name).shuffle(citizen.written)
    for one in citizen.written:
        await _kept(scene, citizen, [one])


async def _album(scene: Scene, citizen: Citizen) -> None:
    await _kept(scene, citizen, citizen.written)


async def _burst(scene: Scene, citizen: Citizen) -> None:
    await asyncio.gather(*(_kept(scene, citizen, [one]) for one in citizen.written))


async def _receipts(scene: Scene) -> None:
    by_contact = {one.contact: one for one in scene.crowd.citizens if one.channel == "courier"}
    early: list[str] = []

    async def behavior(item: OutboxItem) -> web.StreamResponse | None:
        citizen = by_contact.get(item.contact)
        if citizen is not None:
            # Sent before the worker knows the provider's id, and the final status first.
            for status in ("read", "delivered", "sent"):
                await scene.crowd.deliver_until_kept([receipt(citizen, item.id, status)])
            early.append(item.id)
        return None

    scene.deployment.provider.after = behavior
    async with scene.talking(from_share=0):
        pass
    await settle(scene.crowd)
    rows = await scene.deployment.store.pool.fetch(
        "SELECT status, count(*) AS count FROM messages WHERE external_id = ANY($1::text[]) GROUP BY status",
        early,
    )
    found = {row["status"]: row["count"] for row in rows}
    scene.notes.append(f"{len(early)} messages had their receipts first")
    scene.expect(
        found == {"read": len(early)}, "receipts move forward", f"{len(early)} read, we have {found}"
    )
