"""Scene: one fault, its crowd, and what happened to them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bench.fault.checker import Allowed, Breach, Finding, check, settle
from bench.fault.citizens import Crowd, Undelivered
from bench.fault.deployment import Deployment

REACHED_SECONDS = 90.0
SETTLED_SECONDS = 0.5  # shorter than a restart


class Skipped(Exception):
    """This fault cannot be tried on this machine; the text says why."""


@dataclass(slots=True)
class Scene:
    """What a fault works with. `killed` are wall-clock times, for the recovery; `breaches` what the fault itself saw."""

    deployment: Deployment
    crowd: Crowd
    killed: list[float] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dead_workers: set[int] = field(default_factory=set)
    unavoidable: set[str] = field(
        default_factory=set
    )  # messages taken by the provider, their worker killed before its commit

    def kill(self, name: str) -> None:
        """kill -9, and remember when."""
        self.deployment.kill(name)
        self.killed.append(time.time())
        if name.startswith("worker-"):
            self.dead_workers.add(int(name[-1]))

    async def count_unavoidable(self) -> None:
        """Soon after a kill: what was between the provider's accept and our commit, which nobody but it knows of."""
        if not self.dead_workers:
            return
        await asyncio.sleep(
            SETTLED_SECONDS
        )  # what the dead had written to the socket, the provider takes after its death
        taken = {
            item.key.partition(":")[0]
            for items in self.deployment.provider.taken.values()
            for item in items
            if item.worker in self.dead_workers
        }
        rows = await self.deployment.store.pool.fetch(
            "SELECT message_id FROM outbox WHERE state = 'sending' AND parts = 0 AND message_id = ANY($1::uuid[])",
            list(taken),
        )
        self.unavoidable |= {str(row["message_id"]) for row in rows}

    def expect(self, holds: bool, invariant: str, detail: str) -> None:
        """A promise of this fault alone."""
        if not holds:
            self.breaches.append(Breach(invariant, self.crowd.name, detail))

    @asynccontextmanager
    async def talking(self, *, spread: float = 0.0, from_share: float = 0.15) -> AsyncIterator[None]:
        """The crowd talks; the block begins when a part of them is through, and ends when all are."""
        talk = asyncio.create_task(self.crowd.talk(spread=spread))
        started = asyncio.create_task(self.crowd.until(from_share))
        await asyncio.wait({talk, started}, return_when=asyncio.FIRST_COMPLETED)
        try:
            yield
            await talk
        finally:
            for task in (talk, started):
                task.cancel()
            await asyncio.gather(talk, started, return_exceptions=True)

    async def reached(self, event: asyncio.Event, what: str) -> None:
        """Wait for a trap. A fault that never happened proves nothing."""
        try:
            async with asyncio.timeout(REACHED_SECONDS):
                await event.wait()
        except TimeoutError:
            self.expect(False, "the fault happened", f"{what} was never reached")


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the table. `invites` says whether the usual crowd comes; else the fault brings its own."""

    name: str
    run: Callable[[Scene], Awaitable[None]]
    allowed: Allowed = field(default_factory=Allowed)
    invites: bool = True


async def play(fault: Fault, deployment: Deployment, conversations: int) -> Finding:
    """Let the fault happen to a crowd, wait until everything is settled, and check. Raises Skipped."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=20)
    ) as http:
        crowd = Crowd(deployment, fault.name, http)
        scene = Scene(deployment, crowd)
        if fault.invites:
            crowd.invite(conversations)
        try:
            await fault.run(scene)
        except* (Undelivered, TimeoutError) as group:
            scene.expect(
                False,
                "every citizen is heard",
                "; ".join(str(one) or type(one).__name__ for one in group.exceptions),
            )
        finally:
            calm(deployment)
        left = await settle(crowd)
        finding = await check(crowd, fault.allowed, scene.killed, len(scene.unavoidable))
        if left:
            finding.breaches.append(Breach("everything settles", fault.name, f"still open: {left}"))
        finding.breaches += scene.breaches
        finding.notes += scene.notes
        return finding


def calm(deployment: Deployment) -> None:
    """Take every trap and every mood away."""
    deployment.traps.clear()
    deployment.provider.calm()
    for front in deployment.fronts:
        front.mood = None
