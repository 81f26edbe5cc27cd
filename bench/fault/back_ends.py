"""Faults of the city's back end: slow, down, or failing after it accepted a request."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from aiohttp import web

from bench.fault.checker import settle
from bench.fault.citizens import REPORT
from bench.fault.peers.load_balancer import Behavior, Pass, hang_up
from bench.fault.scene import Fault, Scene

PATIENCE = 450.0  # seconds: the longer a back end fails, the less often it is called


def back_end_faults() -> list[Fault]:
    """The city's back end."""
    return [
        Fault("back end slow", _filing(_slowly)),
        Fault("back end down", _filing(_down_at_first)),
        Fault("back end fails after it accepted", _filing(_accepts_and_hangs_up)),
    ]


def _filing(behavior_of: Callable[[], Behavior]) -> Callable[[Scene], Awaitable[None]]:
    async def run(scene: Scene) -> None:
        created: Counter[str] = Counter()
        behavior = behavior_of()

        async def at_creates(request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
            if request.method != "POST":
                return await on()

            async def on_and_count() -> web.Response:
                answer = await on()
                if answer.status in (200, 201):
                    created[parse_qs(body.decode())["account_id"][0]] += 1
                return answer

            return await behavior(request, body, on_and_count)

        for number in range(len(scene.crowd.citizens) // 10):
            scene.crowd.add(list(REPORT), "web" if number % 2 else "courier", waits=True)
        scene.deployment.back_end.behavior = at_creates
        async with scene.talking(from_share=0):
            pass
        await settle(scene.crowd, PATIENCE)
        twice = [account for account, count in created.items() if count > 1]
        scene.notes.append(f"{len(created)} requests filed")
        scene.expect(bool(created), "the fault happened", "nothing was filed")
        scene.expect(not twice, "filed exactly once", f"{len(twice)} were created more than once")

    return run


def _slowly() -> Behavior:
    async def behavior(_request: web.Request, _body: bytes, on: Pass) -> web.StreamResponse:
        await asyncio.sleep(6)
        return await on()

    return behavior


def _down_at_first() -> Behavior:
    began = time.monotonic()

    async def behavior(_request: web.Request, _body: bytes, on: Pass) -> web.StreamResponse:
        if time.monotonic() - began < 15:
            return web.Response(status=503)
        return await on()

    return behavior


def _accepts_and_hangs_up() -> Behavior:
    seen: set[str] = set()

    async def behavior(request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
        answer = await on()
        account = parse_qs(body.decode())["account_id"][0]
        if account not in seen:
            seen.add(account)
            hang_up(request)
        return answer

    return behavior
