"""The demo city's agents: fictional people, one password, created only in the demo."""

from dataclasses import dataclass

from desk.model import Role
from desk.people.passwords import Passwords
from desk.store.people import agents, sessions
from desk.store.pool import open_store


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """One of the demo's agents."""

    email: str
    name: str
    role: Role
    teams: tuple[str, ...]


DEMO_AGENTS = (
    DemoAgent("ana@lindenport.example", "Ana Duarte", "agent", ("front-desk",)),
    DemoAgent("ben@lindenport.example", "Ben Okafor", "agent", ("front-desk",)),
    DemoAgent("carla@lindenport.example", "Carla Rossi", "supervisor", ("front-desk",)),
    DemoAgent("dora@lindenport.example", "Dora Lind", "admin", ("front-desk",)),
    DemoAgent("emil@lindenport.example", "Emil Novak", "editor", ("front-desk",)),
    DemoAgent("faye@lindenport.example", "Faye Grant", "editor", ("front-desk",)),
)


async def ensure_demo_agents(database_url: str, password: str) -> None:
    """Create the demo's agents, or set this password for those that exist. Repeating it changes nothing."""
    passwords = Passwords()
    store = await open_store(database_url, size=1)
    try:
        for agent in DEMO_AGENTS:
            row = await agents.get_by_email(store.pool, agent.email)
            if row is not None and await passwords.matches(row["password_hash"], password):
                continue
            hashed = await passwords.hash(password)
            added = await agents.add_agent(
                store.pool, agent.email, agent.name, agent.role, list(agent.teams), hashed
            )
            if added is None:
                row = row or await agents.get_by_email(store.pool, agent.email)
                async with store.transaction() as tx:
                    await agents.set_password_hash(tx, row["id"], hashed)
                    await sessions.delete_sessions(tx, row["id"])
    finally:
        await store.close()
