"""Whether agents are at work: the status they set, corrected by the activity of their pages.

    available ── no key or click for 5 minutes ──> away ── a key or a click ──> available
    any state ── no sign of a page for 90 seconds ──> offline ── a sign ──> the status that the person set last

A page with scripts sends a signal every few seconds. One without counts as open for half an hour after it was loaded.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from desk.model import Actor, NotFound
from desk.people.permissions import Permission, may
from desk.runtime.live import Live
from desk.store.pool import Executor, Store
from desk.store.routing import presence
from desk.store.routing.loads import Measure
from desk.store.routing.presence import Presence, PresenceState

CHOICES: tuple[PresenceState, ...] = ("available", "break", "wrap_up", "away")
"""What a person can choose. Signing out is the way to be offline."""
IDLE = timedelta(minutes=5)
"""Who is available and touches nothing for so long counts as away."""
PAGE_LIFE = timedelta(seconds=90)
"""How long a sign of an open page is believed."""
LOAD_LIFE = timedelta(minutes=30)
"""How long the loading of a page is believed, for a browser without scripts."""
INPUT_EVERY = timedelta(seconds=20)
"""Input is noted at most so often."""


class Presences:
    """Built once. The caller gives the time."""

    def __init__(self, store: Store, live: Live, measure: Measure) -> None:
        self._store = store
        self._live = live
        self.measure = measure

    async def get(self, actor: Actor) -> Presence:
        """The agent's presence, load and capacity. Raises NotFound for an agent who is gone."""
        found = await presence.get_presence(self._store.pool, actor.agent_id, self.measure)
        if found is None:
            raise NotFound("There is no such agent.")
        return found

    async def choose(self, actor: Actor, state: PresenceState, now: datetime) -> None:
        """The agent says so."""
        await presence.set_chosen(self._store.pool, actor.agent_id, state, now, now + LOAD_LIFE)
        await self._live.tell_console("presence")

    async def begin(self, actor: Actor, now: datetime) -> None:
        """The agent signed in. Whoever gives work to others takes none before saying so."""
        leads = may(actor, Permission.ASSIGN_CONVERSATIONS)
        await self.choose(actor, "away" if leads else "available", now)

    async def saw_input(self, actor: Actor, now: datetime, *, page: bool) -> Presence:
        """A person acted on a page; `page`: by loading it."""
        until = now + LOAD_LIFE if page else None
        found = await presence.mark_input(
            self._store.pool, actor.agent_id, now, IDLE, INPUT_EVERY, self.measure, until
        )
        if found is None:
            raise NotFound("There is no such agent.")
        seen, moved = found
        if seen.chosen == "offline" or seen.input_at is None:
            await self.begin(actor, now)
            return await self.get(actor)
        if moved:
            await self._live.tell_console("presence")
        return seen

    async def list_of(self, agent_ids: Iterable[UUID]) -> dict[UUID, Presence]:
        """As `get`, of several."""
        return await presence.list_of_agents(self._store.pool, agent_ids, self.measure)

    async def saw_page(self, actor: Actor, now: datetime) -> None:
        """A page of the agent is open."""
        await self.saw_pages([actor.agent_id], now)

    async def saw_pages(self, agent_ids: Iterable[UUID], now: datetime) -> None:
        """Pages of these agents are open."""
        await presence.mark_many_seen(self._store.pool, agent_ids, now, IDLE, alive_until=now + PAGE_LIFE)

    async def correct(self, executor: Executor, now: datetime) -> bool:
        """Correct everybody's; whether anybody's was wrong."""
        corrected = await presence.mark_corrected(executor, now, IDLE)
        if corrected:
            await self._live.tell_console("presence")
        return bool(corrected)
