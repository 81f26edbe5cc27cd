"""One run of one fault: its citizens, and what happened to them."""

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
    """This fault cannot be tried on this machine; the message says why."""


@dataclass(slots=True)
class Scene:
    """The state of a run. `killed` holds wall-clock times, for the recovery; `breaches` holds what the fault itself found."""

    deployment: Deployment
    crowd: Crowd
    killed: list[float] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dead_workers: set[int] = field(default_factory=set)
    unavoidable: set[str] = field(
        default_factory=set
    )  # messages that the provider accepted and whose worker was killed before its commit

    def kill(self, name: str) -> None:
        """Kill a process with SIGKILL and record when."""
        self.deployment.kill(name)
        self.killed.append(time.time())
        if name.startswith("worker-"):
            self.dead_workers.add(int(name[-1]))

    async def count_unavoidable(self) -> None:
        """Call it soon after a kill: records messages that the provider accepted and that were not yet committed."""
        if not self.dead_workers:
            return
        await asyncio.sleep(
            SETTLED_SECONDS
        )  # the provider still accepts what the killed process had written to the socket
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
        """Check an invariant of this fault alone."""
        if not holds:
            self.breaches.append(Breach(invariant, self.crowd.name, detail))

    @asynccontextmanager
    async def talking(self, *, spread: float = 0.0, from_share: float = 0.15) -> AsyncIterator[None]:
        """Run the conversations. The block starts once a share of them has finished, and ends when all have."""
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
        """Wait until a trap has fired: a fault that never happened proves nothing."""
        try:
            async with asyncio.timeout(REACHED_SECONDS):
                await event.wait()
        except TimeoutError:
            self.expect(False, "the fault happened", f"{what} was never reached")


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the table. `invites`: whether the usual citizens are added; otherwise the fault adds its own."""

    name: str
    run: Callable[[Scene], Awaitable[None]]
    allowed: Allowed = field(default_factory=Allowed)
    invites: bool = True


async def play(fault: Fault, deployment: Deployment, conversations: int) -> Finding:
    """Run the fault, wait until everything has settled, and check. Raises Skipped."""
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
                "every citizen is answered",
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
    """Remove every trap and every behavior."""
    deployment.traps.clear()
    deployment.provider.calm()
    for balancer in deployment.balancers:
        balancer.behavior = None
