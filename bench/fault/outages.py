"""Engine outages, a full disk, a wrong clock, a poison message, and a client that hardly reads."""

import asyncio
import contextlib
import json
import signal
import socket
import time
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bench.fault.checker import Allowed
from bench.fault.peers.load_balancer import Pass
from bench.fault.scene import Fault, Scene, Skipped

POISON = "This line kills whoever asks the bot about it"
JUMP = 600.0
FULL_SECONDS = 10.0
READERS = 20


def engine_faults() -> list[Fault]:
    """Faults of Redis and PostgreSQL."""
    return [
        Fault("Redis killed", _redis_killed),
        Fault("Redis flushed", _redis_flushed),
        Fault("Redis down for a minute", _redis_down),
        Fault("PostgreSQL restarted", _postgres_restarted),
        Fault("PostgreSQL loses power", _postgres_crashed),
        Fault("PostgreSQL down for 30 seconds", _postgres_down),
    ]


def other_faults() -> list[Fault]:
    """Faults of the rest of the machine."""
    return [
        Fault("a stream reader of one byte a second", _slow_reader),
        # Five crashes, each detected only when the lease expires, so this message waits longer than one recovery.
        Fault("a poison message that kills five workers", _poison, Allowed(recovery=150)),
        Fault("a full disk", _full_disk, Allowed(recovery=60)),
        Fault("a clock that jumps ten minutes", _clock),
    ]


async def _redis_killed(scene: Scene) -> None:
    async with scene.talking():
        scene.deployment.redis.kill()
        await asyncio.sleep(1)
        await scene.deployment.redis.start()


async def _redis_flushed(scene: Scene) -> None:
    async with scene.talking():
        for _ in range(3):
            await asyncio.to_thread(scene.deployment.redis.flush)
            await asyncio.sleep(0.5)


async def _redis_down(scene: Scene) -> None:
    scene.deployment.redis.kill()
    try:
        async with scene.talking(spread=55, from_share=0):
            await asyncio.sleep(60)
    finally:
        await scene.deployment.redis.start()


async def _postgres_restarted(scene: Scene) -> None:
    async with scene.talking():
        await scene.deployment.postgres.stop()
        await scene.deployment.postgres.start()


async def _postgres_crashed(scene: Scene) -> None:
    async with scene.talking():
        await scene.deployment.postgres.stop(signal.SIGQUIT)
        await scene.deployment.postgres.start()


async def _postgres_down(scene: Scene) -> None:
    async with scene.talking():
        await scene.deployment.postgres.stop()
        await asyncio.sleep(2)
        told = scene.crowd.statuses.copy()
        ready = await _status(f"{scene.deployment.gateways[0]}/ready")
        live = await _status(f"{scene.deployment.gateways[0]}/live")
        await asyncio.sleep(28)
        told = scene.crowd.statuses - told
        await scene.deployment.postgres.start()
    scene.notes.append(f"told 503 {told[503]} times")
    scene.expect(told[503] > 0, "webhooks answer 503", "nobody was told so")
    others = {status: count for status, count in told.items() if status != 503}
    scene.expect(not others, "webhooks answer 503", f"while it was down they answered {others}")
    scene.expect((ready, live) == (503, 200), "/ready tells the truth", f"/ready {ready}, /live {live}")
    scene.expect(await _ready_again(scene), "/ready tells the truth", "not 200 within 30 s of the return")


async def _slow_reader(scene: Scene) -> None:
    readers = [asyncio.create_task(_sip(scene)) for _ in range(READERS)]
    try:
        async with scene.talking(from_share=0):
            await asyncio.sleep(5)
    finally:
        for one in readers:
            one.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


async def _sip(scene: Scene) -> None:
    """Read a citizen's event stream at one byte a second, into the smallest possible buffer."""
    citizen = scene.crowd.add(["When is my bin collected?", "Where can I vote?"], "web")
    while not (citizen.written and citizen.written[-1].kept):
        await asyncio.sleep(0.1)
    address = urlsplit(scene.deployment.gateways[0])
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        one.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(one, (address.hostname, address.port))
        request = (
            f"GET /chat/v1/stream?after=0 HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {citizen.token}\r\nAccept: text/event-stream\r\n\r\n"
        )
        await loop.sock_sendall(one, request.encode())
        with contextlib.suppress(OSError):
            while await loop.sock_recv(one, 1):
                await asyncio.sleep(1)


async def _poison(scene: Scene) -> None:
    deaths = 0
    handed = asyncio.Event()

    def behavior_of(number: int):  # type: ignore[no-untyped-def]  # its return type says nothing here
        async def behavior(_request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
            nonlocal deaths
            if POISON in str(json.loads(body).get("text")):
                deaths += 1
                scene.kill(f"worker-{number}")
                await scene.count_unavoidable()
            return await on()

        return behavior

    for number, balancer in enumerate(scene.deployment.bot_balancers):
        balancer.behavior = behavior_of(number)
    poisoner = scene.crowd.add([POISON], "courier")
    async with scene.talking():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(140):
                await scene.deployment.provider.until(poisoner.contact, 2)
                handed.set()
    state = await scene.deployment.store.pool.fetchval(
        """SELECT v.state FROM conversations v JOIN contacts c ON c.id = v.contact_id
           WHERE c.inbox = 'courier' AND c.external_id = $1""",
        poisoner.contact,
    )
    scene.notes.append(f"{deaths} workers died")
    scene.expect(handed.is_set() and state == "queued", "poison ends in a handoff", f"it is '{state}'")
    scene.expect(3 <= deaths <= 6, "poison ends in a handoff", f"after {deaths} deaths")


async def _full_disk(scene: Scene) -> None:
    deployment = scene.deployment
    if not deployment.disk.mounted:
        raise Skipped("a full disk needs a file system of its own, and this user may not mount one")
    async with scene.talking():
        deployment.disk.fill()
        before = scene.crowd.statuses.copy()
        await asyncio.sleep(FULL_SECONDS)
        told = scene.crowd.statuses - before
        deployment.disk.free()
        if not await deployment.postgres.answers():
            await deployment.postgres.start()
            end = time.monotonic() + 60
            while not await deployment.postgres.answers() and time.monotonic() < end:
                await asyncio.sleep(0.5)
    scene.notes.append(f"answers while it was full: {dict(sorted(told.items()))}")
    scene.expect(told[503] > 0, "a full disk is said", "nobody was told 503: was it full?")
    scene.expect(
        not set(told) - {200, 201, 202, 503}, "a full disk is said", f"citizens were answered {dict(told)}"
    )


async def _clock(scene: Scene) -> None:
    deployment = scene.deployment
    try:
        async with scene.talking():
            deployment.set_clock("worker-0", JUMP)
            deployment.set_clock("gateway-1", -JUMP)
            await scene.crowd.until(0.4)
            # The database's clock jumps forward: every lease is suddenly ten minutes older.
            for table in ("contacts", "outbox", "service_requests"):
                await deployment.store.pool.execute(
                    f"UPDATE {table} SET lease_until = lease_until - interval '10 minutes' WHERE lease_token IS NOT NULL"
                )
            await scene.crowd.until(0.7)
            deployment.set_clock("worker-0", -JUMP)
            deployment.set_clock("gateway-1", JUMP)
    finally:
        for name in ("worker-0", "gateway-1"):
            deployment.set_clock(name, 0)


async def _status(url: str) -> int:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as http,
            http.get(url) as answer,
        ):
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


async def _ready_again(scene: Scene) -> bool:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if await _status(f"{scene.deployment.gateways[0]}/ready") == 200:
            return True
        await asyncio.sleep(0.2)
    return False
