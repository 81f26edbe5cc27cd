"""A desk whose agents are at work, for tests of who gets what."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from city import City, Team
from desk.building import Resources, build_common, build_routing
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, By, Conversation
from desk.routing.presence import IDLE
from desk.routing.upkeep import Upkeep
from desk.runtime.live import Live
from desk.store.dialogue import conversations
from desk.store.people import agents, contacts
from desk.store.pool import Store
from desk.store.routing import offers, presence, teams
from desk.store.routing.presence import Presence, PresenceState

FRONT = Team(name="front-desk", title="Front desk", languages=("en", "es"), mode="push")


@dataclass
class Work:
    """The routing of one worker. `now` is the time that it sees."""

    store: Store
    upkeep: Upkeep
    now: datetime

    def clock(self) -> datetime:
        """The time moves on a little whenever it is asked for."""
        self.now += timedelta(milliseconds=1)
        return self.now

    async def team(self, team: Team) -> None:
        """Add it, or make it so."""
        if not await teams.add_team(self.store.pool, team):
            await teams.set_team(self.store.pool, team)

    async def agent(
        self,
        name: str = "Ana",
        *,
        state: PresenceState = "available",
        capacity: int = 5,
        languages: tuple[str, ...] = (),
        skills: tuple[str, ...] = (),
        team: str = "front-desk",
        role: str = "agent",
    ) -> Actor:
        """An agent who is at work."""
        made: UUID = await self.store.pool.fetchval(
            "INSERT INTO agents (email, name, role, teams, password_hash) VALUES ($1, $2, $3, $4, '-') RETURNING id",
            f"{uuid4()}@example.org", name, role, [team],
        )  # fmt: skip
        await agents.set_work(self.store.pool, made, list(languages), list(skills), capacity)
        actor = Actor(made, name, role, (team,))  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
        await self.choose(actor, state)
        return actor

    async def choose(self, actor: Actor, state: PresenceState) -> None:
        """The agent says so."""
        await presence.set_chosen(
            self.store.pool, actor.agent_id, state, self.now, self.now + timedelta(minutes=30)
        )

    async def touch(self, actor: Actor) -> None:
        """The agent does something."""
        await presence.mark_seen(
            self.store.pool, actor.agent_id, self.now, IDLE, input_at=self.now, alive_until=self.now + IDLE
        )

    async def queued(
        self,
        *,
        inbox: str = "web",
        language: str = "en",
        topic: str | None = None,
        urgency: str | None = None,
        team: str = "front-desk",
    ) -> Conversation:
        """A conversation that waits."""
        async with self.store.transaction() as transaction:
            contact = await contacts.add_contact(transaction, inbox, str(uuid4()), language)
            made = await conversations.add_conversation(transaction, contact, language)
            queued = await conversations.enqueue(
                transaction, made.id, 0, team, "asked", "", By("bot", "asked"), urgency, topic
            )
        assert queued is not None
        return queued

    async def state(self, conversation: Conversation) -> Conversation:
        """As it is now."""
        now = await conversations.get_by_id(self.store.pool, conversation.id)
        assert now is not None
        return now

    async def presence(self, actor: Actor) -> Presence:
        """As it is now."""
        found = await presence.get_presence(self.store.pool, actor.agent_id, self.upkeep.presences.measure)
        assert found is not None
        return found

    async def offered(self, actor: Actor) -> list[UUID]:
        """The conversations that this agent is being offered."""
        return [one.conversation_id for one in await offers.list_of_agent(self.store.pool, actor.agent_id)]

    async def expire(self, conversation: Conversation) -> None:
        """The time of its offer is over."""
        await self.store.pool.execute(
            "UPDATE conversation_offers SET expires_at = clock_timestamp() WHERE conversation_id = $1",
            conversation.id,
        )


def work_at(store: Store, live: Live, city: City, catalog: Catalog) -> Work:
    """The routing of a worker on this database."""
    work = Work(store, None, datetime.now(UTC))  # type: ignore[arg-type]  # what the test does not use is left out
    resources = Resources(store, live, city, catalog, work.clock)
    work.upkeep = build_routing(resources, build_common(resources), 0.0)
    return work
