"""kill -9 of each process at five points of a message's way; and a restart by SIGTERM of each.

The points are reached from outside, by what stands between the processes:

before insert             a wire holds the INSERT before the server sees it
after insert              the server ran the INSERT, the process has not heard so
during the bot call       a front has the turn, the answer is not there yet
after commit before send  the server committed the answer with its outbox row, the worker has not heard so
after send before commit  the provider took the message, the worker has not heard so
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from aiohttp import web

from bench.fault.checker import Allowed
from bench.fault.peers.load_balancer import LoadBalancer, Mood, Pass, silence
from bench.fault.peers.provider import OutboxItem
from bench.fault.peers.wire import Trap, Wire
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
# What each writes first. Actions write nothing: theirs is the moment at which the bot keeps the turn.
INSERTS = {
    "gateway": "INSERT INTO events",
    "worker": "INSERT INTO messages",
    "bot": "INSERT INTO trackers",
    "actions": "INSERT INTO trackers",
}
THINKING = 0.005  # seconds a copy has had a call when it is killed in the middle of it
STOP_SECONDS = 15.0


def kill_faults() -> list[Fault]:
    """Twenty."""
    return [_kill(victim, point) for victim in VICTIMS for point in POINTS]


def restart_faults() -> list[Fault]:
    """SIGTERM for each kind of process."""
    return [
        Fault(f"SIGTERM {victim}", _restart(victim), Allowed(unknown=1) if victim == "worker" else Allowed())
        for victim in VICTIMS
    ]


def _kill(victim: str, point: Point) -> Fault:
    async def run(scene: Scene) -> None:
        struck = asyncio.Event()

        def strike(owner: str) -> bool:
            """Kill the process at the point, or else the first copy of the victim; whether the owner lives."""
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
        scene.deployment.traps.append(Trap(INSERTS[victim], when, _on_wire(strike)))

    return arm


def _at_commit(scene: Scene, _victim: str, strike: Strike, _: asyncio.Event) -> None:
    scene.deployment.traps.append(Trap("INSERT INTO outbox", "after", _on_wire(strike), commit=True))


def _in_the_call(scene: Scene, victim: str, strike: Strike, struck: asyncio.Event) -> None:
    deployment = scene.deployment
    for number, front in enumerate(deployment.bot_fronts):
        if victim != "actions":
            front.mood = _during(front, victim, strike, struck, number)
    if victim == "actions":
        deployment.action_front.mood = _during(deployment.action_front, victim, strike, struck, 0)


def _during(front: LoadBalancer, victim: str, strike: Strike, struck: asyncio.Event, worker: int) -> Mood:
    async def mood(_request: web.Request, _body: bytes, on: Pass) -> web.StreamResponse:
        if struck.is_set():
            return await on()
        struck.set()
        call = asyncio.ensure_future(on())
        await asyncio.sleep(THINKING)
        strike(f"{victim}-{front.last}" if victim in ("bot", "actions") else f"worker-{worker}")
        return await call

    return mood


def _after_send(scene: Scene, _victim: str, strike: Strike, struck: asyncio.Event) -> None:
    async def mood(item: OutboxItem) -> web.StreamResponse | None:
        if not struck.is_set():
            strike(f"worker-{item.worker}")
        return None

    scene.deployment.provider.after = mood


def _on_wire(strike: Strike) -> Callable[[Wire], Awaitable[bool]]:
    async def action(wire: Wire) -> bool:
        return strike(wire.name)

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
            for front in scene.deployment.bot_fronts:
                front.mood = None
        scene.notes.append(f"stopped within {took:.1f} s")
        scene.expect(took <= STOP_SECONDS, "SIGTERM within 15 s", f"it took {took:.1f} s")
        scene.expect(code == 0, "SIGTERM ends cleanly", f"exit code {code}")

    return run


async def _with_one_turn_that_hangs(scene: Scene) -> None:
    hung = asyncio.Event()

    async def mood(request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
        if hung.is_set():
            return await on()
        hung.set()
        return await silence(request, body, on)

    scene.deployment.bot_fronts[0].mood = mood
    await scene.reached(hung, "a turn of that worker")
