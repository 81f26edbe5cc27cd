"""SIGKILL of each process at five points of a message's processing, and a restart of each by SIGTERM.

The points are reached from outside, by proxies between the processes:

before insert             the database proxy holds the INSERT before the server sees it
after insert              the server ran the INSERT, the process has not received the result
during the bot call       the balancer has the turn, the answer has not arrived
after commit before send  the server committed the answer with its outbox row, the worker has not received the result
after send before commit  the provider accepted the message, the worker has not received the response
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from aiohttp import web

from bench.fault.checker import Allowed
from bench.fault.peers.database_proxy import DatabaseProxy, Trap
from bench.fault.peers.load_balancer import Behavior, LoadBalancer, Pass, silence
from bench.fault.peers.provider import OutboxItem
from bench.fault.scene import Fault, Scene

Point = Literal[
    "before insert",
    "after insert",
    "during the bot call",
    "after commit before send",
    "after send before commit",
]
POINTS: tuple[Point, ...] = (
    "before insert",
    "after insert",
    "during the bot call",
    "after commit before send",
    "after send before commit",
)
VICTIMS = ("gateway", "worker", "bot", "actions")
# The first statement of each process. Actions write nothing, so theirs is the moment at which the bot stores the turn.
INSERTS = {
    "gateway": "INSERT INTO events",
    "worker": "INSERT INTO messages",
    "bot": "INSERT INTO trackers",
    "actions": "INSERT INTO trackers",
}
THINKING = 0.005  # seconds into a call at which the process is killed
STOP_SECONDS = 15.0


def kill_faults() -> list[Fault]:
    """The twenty kills: four kinds of process at five points."""
    return [_kill(victim, point) for victim in VICTIMS for point in POINTS]


def restart_faults() -> list[Fault]:
    """A restart by SIGTERM for each kind of process."""
    return [
        Fault(f"SIGTERM {victim}", _restart(victim), Allowed(unknown=1) if victim == "worker" else Allowed())
        for victim in VICTIMS
    ]


def _kill(victim: str, point: Point) -> Fault:
    async def run(scene: Scene) -> None:
        struck = asyncio.Event()

        def strike(owner: str) -> bool:
            """Kill the process at the point, or the first copy of the victim. Returns whether the owner is still alive."""
            name = owner if owner.startswith(victim) else f"{victim}-0"
            scene.kill(name)
            struck.set()
            return name != owner

        async with scene.talking():
            ARM[point](scene, victim, strike, struck)
            await scene.reached(struck, point)
            await scene.count_unavoidable()

    return Fault(f"kill -9 {victim}, {point}", run)


Strike = Callable[[str], bool]


def _at_insert(when: Literal["before", "after"]) -> Callable[[Scene, str, Strike, asyncio.Event], None]:
    def arm(scene: Scene, victim: str, strike: Strike, _: asyncio.Event) -> None:
        scene.deployment.traps.append(Trap(INSERTS[victim], when, _at_statement(strike)))

    return arm


def _at_commit(scene: Scene, _victim: str, strike: Strike, _: asyncio.Event) -> None:
    scene.deployment.traps.append(Trap("INSERT INTO outbox", "after", _at_statement(strike), commit=True))


def _in_the_call(scene: Scene, victim: str, strike: Strike, struck: asyncio.Event) -> None:
    deployment = scene.deployment
    for number, balancer in enumerate(deployment.bot_balancers):
        if victim != "actions":
            balancer.behavior = _during(balancer, victim, strike, struck, number)
    if victim == "actions":
        deployment.action_balancer.behavior = _during(deployment.action_balancer, victim, strike, struck, 0)


def _during(
    balancer: LoadBalancer, victim: str, strike: Strike, struck: asyncio.Event, worker: int
) -> Behavior:
    async def behavior(_request: web.Request, _body: bytes, on: Pass) -> web.StreamResponse:
        if struck.is_set():
            return await on()
        struck.set()
        call = asyncio.ensure_future(on())
        await asyncio.sleep(THINKING)
        strike(f"{victim}-{balancer.last}" if victim in ("bot", "actions") else f"worker-{worker}")
        return await call

    return behavior


def _after_send(scene: Scene, _victim: str, strike: Strike, struck: asyncio.Event) -> None:
    async def behavior(item: OutboxItem) -> web.StreamResponse | None:
        if not struck.is_set():
            strike(f"worker-{item.worker}")
        return None

    scene.deployment.provider.after = behavior


def _at_statement(strike: Strike) -> Callable[[DatabaseProxy], Awaitable[bool]]:
    async def action(proxy: DatabaseProxy) -> bool:
        return strike(proxy.name)

    return action


ARM: dict[Point, Callable[[Scene, str, Strike, asyncio.Event], None]] = {
    "before insert": _at_insert("before"),
    "after insert": _at_insert("after"),
    "during the bot call": _in_the_call,
    "after commit before send": _at_commit,
    "after send before commit": _after_send,
}


def _restart(victim: str) -> Callable[[Scene], Awaitable[None]]:
    async def run(scene: Scene) -> None:
        async with scene.talking():
            if victim == "worker":
                await _with_one_turn_that_hangs(scene)
            took, code = await scene.deployment.restart(f"{victim}-0")
            for balancer in scene.deployment.bot_balancers:
                balancer.behavior = None
        scene.notes.append(f"stopped within {took:.1f} s")
        scene.expect(took <= STOP_SECONDS, "SIGTERM within 15 s", f"it took {took:.1f} s")
        scene.expect(code == 0, "SIGTERM ends cleanly", f"exit code {code}")

    return run


async def _with_one_turn_that_hangs(scene: Scene) -> None:
    hung = asyncio.Event()

    async def behavior(request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
        if hung.is_set():
            return await on()
        hung.set()
        return await silence(request, body, on)

    scene.deployment.bot_balancers[0].behavior = behavior
    await scene.reached(hung, "a turn of that worker")
