"""Faults of the provider that delivers our answers: busy, failing, or silent after it accepted a message."""

import asyncio
import contextlib
import time

from aiohttp import web

from bench.fault.checker import Allowed, settle
from bench.fault.peers.provider import OutboxItem
from bench.fault.scene import Fault, Scene

LATE = 100_000  # more unknown outbox items than there can be: the fault itself counts them


def provider_faults() -> list[Fault]:
    """Faults of the provider that delivers our answers."""
    return [
        Fault("provider answers 429 with Retry-After", _busy),
        Fault("provider answers 5xx for a while", _failing),
        Fault("provider times out after it accepted", _late, Allowed(unknown=LATE)),
    ]


async def _busy(scene: Scene) -> None:
    refused: set[str] = set()

    async def behavior(item: OutboxItem) -> web.StreamResponse | None:
        if item.key in refused or int(item.key[:8], 16) % 2:
            return None
        refused.add(item.key)
        return web.Response(status=429, headers={"Retry-After": "2"})

    scene.deployment.provider.before = behavior
    async with scene.talking(from_share=0):
        pass
    await settle(scene.crowd)
    scene.notes.append(f"{len(refused)} were asked to wait")
    scene.expect(bool(refused), "the fault happened", "nobody was refused")


async def _failing(scene: Scene) -> None:
    until = time.monotonic() + 6

    async def behavior(_item: OutboxItem) -> web.StreamResponse | None:
        return web.Response(status=502) if time.monotonic() < until else None

    scene.deployment.provider.before = behavior
    async with scene.talking(from_share=0):
        pass


async def _late(scene: Scene) -> None:
    late: set[str] = set()

    async def behavior(item: OutboxItem) -> web.StreamResponse | None:
        # One in six, and always the first, so that the fault surely happens.
        if not late or int(item.key[:8], 16) % 6 == 0:
            late.add(item.key)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(6)
        return None

    provider = scene.deployment.provider
    provider.after = behavior
    async with scene.talking(from_share=0):
        pass
    await settle(scene.crowd)
    unknown = await scene.deployment.store.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE state = 'unknown' AND message_id = ANY($1::uuid[])",
        [key.partition(":")[0] for key in late],
    )
    again = [key for key in late if provider.tries[key] > 1]
    scene.notes.append(f"{len(late)} late answers, {unknown} unknown")
    scene.expect(bool(late), "the fault happened", "nobody was late")
    scene.expect(unknown == len(late), "never blindly re-sent", f"{unknown} of {len(late)} are unknown")
    scene.expect(not again, "never blindly re-sent", f"{len(again)} were sent again")
