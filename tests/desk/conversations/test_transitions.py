"""Every change of a conversation's owner or state leaves one row: who, from, to, why and when."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from desk.model import By, Transition
from desk.outbound.undelivered import build_undelivered
from desk.store.dialogue import conversations, messages, transitions
from desk.store.people import contacts
from tests.support import servers
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off

ROOT = Path(__file__).parents[3]


def short(rows: list[Transition]) -> list[tuple[str | None, str | None, str, str]]:
    return [(row.from_state, row.to_state, row.actor_kind, row.why) for row in rows]


async def history(desk: Desk, conversation_id: UUID) -> list[Transition]:
    rows = await transitions.list_of_conversation(desk.store.pool, conversation_id)
    assert rows[0].from_state is None
    for before, after in pairwise(rows):
        assert (after.from_state, after.from_agent_id, after.from_team) == (
            before.to_state,
            before.to_agent_id,
            before.to_team,
        )
        assert after.at >= before.at
    now = await conversations.get_by_id(desk.store.pool, conversation_id)
    assert now and (now.state, now.agent_id, now.team) == (
        rows[-1].to_state,
        rows[-1].to_agent_id,
        rows[-1].to_team,
    )
    return rows


async def test_a_whole_conversation(desk: Desk) -> None:
    desk.bot.behaviour = hands_off()
    contact, agent = await desk.contact(), await desk.agent()
    async with desk.working():
        await desk.send(contact, "a person, please")
        await desk.settled(contact)
        id = (await desk.conversation(contact)).id
        await desk.ownership.claim(agent, id)
        await desk.ownership.claim(agent, id)  # what one has already changes nothing
        await desk.ownership.reply(agent, id, "Hello.", "1")
        await desk.ownership.reply(agent, id, "Are you there?", "2")
        for words in ("yes", "still"):
            await desk.send(contact, words)
            await desk.settled(contact)
    await desk.ownership.release(agent, id)
    await desk.ownership.claim(agent, id)
    await desk.ownership.resolve(agent, id)
    await desk.ownership.reopen(agent, id)
    await desk.ownership.hand_back(agent, id)
    rows = await history(desk, id)
    assert short(rows) == [
        (None, "bot", "contact", "opened"),
        ("bot", "queued", "bot", "asked"),
        ("queued", "assigned", "agent", "claimed"),
        ("assigned", "waiting_on_contact", "agent", "replied"),
        ("waiting_on_contact", "assigned", "contact", "wrote"),
        ("assigned", "queued", "agent", "released"),
        ("queued", "assigned", "agent", "claimed"),
        ("assigned", "resolved", "agent", "resolved"),
        ("resolved", "assigned", "agent", "reopened"),
        ("assigned", "bot", "agent", "handed_back"),
    ]
    assert [row.actor_id for row in rows if row.actor_kind == "agent"] == [agent.agent_id] * 7
    assert {row.actor_id for row in rows if row.actor_kind != "agent"} == {None}
    assert (rows[1].to_team, rows[2].to_agent_id, rows[7].to_agent_id) == (
        "front-desk",
        agent.agent_id,
        agent.agent_id,
    )


async def test_what_the_desk_does_by_itself_says_so(desk: Desk) -> None:
    contact = await desk.contact()
    async with desk.store.transaction() as transaction:
        locked = await contacts.lock(transaction, contact.id)
        assert locked
        made = await conversations.add_conversation(transaction, locked, "en", By("system", "opened"))
        said = await messages.add_message(transaction, made, messages.NewRow("bot", "An answer.", "en"))
        writer = desk.ownership.writer
        undelivered = build_undelivered(desk.store, desk.live, desk.city, writer, desk.clock)
        await undelivered.hand_over(transaction, said)
    assert short(await history(desk, made.id)) == [
        (None, "bot", "system", "opened"),
        ("bot", "queued", "system", "undelivered"),
    ]


async def test_a_move_that_is_rolled_back_leaves_no_row(desk: Desk) -> None:
    queued = await desk.queued()
    agent = await desk.agent()
    before = await history(desk, queued.id)
    with pytest.raises(RuntimeError):
        async with desk.store.transaction() as transaction:
            by = By("agent", "claimed", agent.agent_id)
            assert await conversations.assign(transaction, queued.id, agent.agent_id, by)
            raise RuntimeError
    assert await history(desk, queued.id) == before


async def test_a_move_from_elsewhere_changes_nothing_and_leaves_no_row(desk: Desk) -> None:
    queued = await desk.queued()
    before = await history(desk, queued.id)
    agent = await desk.agent()
    assert await conversations.release(desk.store.pool, queued.id, By("agent", "released")) is None
    assert (
        await conversations.enqueue(desk.store.pool, queued.id, 0, "a", "asked", "", By("bot", "asked"))
        is None
    )
    await conversations.mark_agent_replied(desk.store.pool, queued.id, By("agent", "replied", agent.agent_id))
    await conversations.mark_contact_wrote(desk.store.pool, queued.id)
    assert await history(desk, queued.id) == before


async def test_who_changes_the_row_without_us_is_noted_all_the_same(desk: Desk) -> None:
    queued = await desk.queued()
    await desk.store.pool.execute("UPDATE conversations SET state = 'resolved' WHERE id = $1", queued.id)
    await desk.store.pool.execute("UPDATE conversations SET language = 'es' WHERE id = $1", queued.id)
    rows = await history(desk, queued.id)
    assert short(rows)[2:] == [("queued", "resolved", "unknown", "unknown")]


async def test_an_erased_conversation_keeps_its_history_without_the_contact(desk: Desk) -> None:
    queued = await desk.queued()
    await desk.store.pool.execute("DELETE FROM contacts WHERE id = $1", queued.contact_id)
    rows = await transitions.list_of_conversation(desk.store.pool, queued.id)
    assert short(rows)[1:] == [
        ("bot", "queued", "bot", "asked"),
        ("queued", None, "system", "erased"),
    ]
    assert str(queued.contact_id) not in repr(rows)


def test_no_other_file_changes_a_state_or_an_owner() -> None:
    """The trigger would note it, and nobody would know why it happened."""
    changes = re.compile(
        r"UPDATE\s+conversations\b[^;\"]*?\bSET\b(?:(?!\bWHERE\b)[^;\"])*?\b(state|agent_id|team)\s*=", re.S
    )
    found = {
        path.name
        for folder in ("desk", "console", "gateway")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and changes.search(path.read_text(encoding="utf-8"))
    }
    # conversations.py puts its changes together in `_move`; messages.py says in one statement that a contact wrote.
    assert found == {"messages.py"}


@pytest.fixture
def old(pg_template: tuple[str, str]) -> Iterator[str]:
    url, _ = pg_template
    name = f"old_{uuid4().hex[:12]}"
    servers.run_sql(url, f'CREATE DATABASE "{name}"')
    yield servers.named(url, name)
    servers.run_sql(url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def upgrade(url: str, revision: str) -> None:
    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "desk" / "store" / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url))
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


OLD = """
INSERT INTO agents (id, email, name, role, password_hash) VALUES
    ('00000000-0000-0000-0000-00000000000a', 'a', 'Ana', 'agent', '-');
INSERT INTO contacts (id, inbox, external_id) VALUES
    ('00000000-0000-0000-0000-0000000000c1', 'web', '1'), ('00000000-0000-0000-0000-0000000000c2', 'web', '2'),
    ('00000000-0000-0000-0000-0000000000c3', 'web', '3');
INSERT INTO conversations (id, inbox, contact_id, state, agent_id, team, language, handoff_reason, created_at) VALUES
    ('00000000-0000-0000-0000-000000000001', 'web', '00000000-0000-0000-0000-0000000000c1', 'resolved',
     '00000000-0000-0000-0000-00000000000a', 'front-desk', 'en', 'asked', '2026-01-01 10:00Z'),
    ('00000000-0000-0000-0000-000000000002', 'web', '00000000-0000-0000-0000-0000000000c2', 'bot', NULL, NULL, 'en',
     NULL, '2026-01-01 10:00Z'),
    ('00000000-0000-0000-0000-000000000003', 'web', '00000000-0000-0000-0000-0000000000c3', 'queued', NULL,
     'front-desk', 'en', 'failed', '2026-01-01 10:00Z');
INSERT INTO messages (id, conversation_id, contact_id, seq, author, language, created_at)
    SELECT ('00000000-0000-0000-0000-0000000000' || n)::uuid, '00000000-0000-0000-0000-000000000001',
           '00000000-0000-0000-0000-0000000000c1', n, 'contact', 'en', '2026-01-01 10:00Z'::timestamptz + at
    FROM (VALUES (10, interval '0 s'), (11, interval '4 min'), (12, interval '5 min')) AS said (n, at);
INSERT INTO turns (message_id, conversation_id, fence, outcome, created_at) VALUES
    ('00000000-0000-0000-0000-000000000010', '00000000-0000-0000-0000-000000000001', 0, 'handed_off', '2026-01-01 10:01Z');
INSERT INTO audit (at, agent_id, action, conversation_id) VALUES
    ('2026-01-01 10:02Z', '00000000-0000-0000-0000-00000000000a', 'claim', '00000000-0000-0000-0000-000000000001'),
    ('2026-01-01 10:02:30Z', '00000000-0000-0000-0000-00000000000a', 'claim', '00000000-0000-0000-0000-000000000001'),
    ('2026-01-01 10:03Z', '00000000-0000-0000-0000-00000000000a', 'reply', '00000000-0000-0000-0000-000000000001'),
    ('2026-01-01 10:06Z', '00000000-0000-0000-0000-00000000000a', 'resolve', '00000000-0000-0000-0000-000000000001');
"""


async def test_the_upgrade_rebuilds_what_was_recorded(old: str) -> None:
    await upgrade(old, "0006")
    connection = await asyncpg.connect(old)
    await connection.execute(OLD)
    await upgrade(old, "0011")
    await upgrade(old, "head")
    rows = [await transitions.list_of_conversation(connection, UUID(int=number)) for number in (1, 2, 3)]
    ana = UUID(int=10)
    assert short(rows[0]) == [
        (None, "bot", "contact", "opened"),
        ("bot", "queued", "bot", "asked"),
        ("queued", "assigned", "agent", "claimed"),
        ("assigned", "waiting_on_contact", "agent", "replied"),
        ("waiting_on_contact", "assigned", "contact", "wrote"),
        ("assigned", "resolved", "agent", "resolved"),
    ]
    assert [row.to_agent_id for row in rows[0]] == [None, None, ana, ana, ana, ana]
    assert [row.at.minute for row in rows[0]] == [0, 1, 2, 3, 4, 6]
    assert short(rows[1]) == [(None, "bot", "contact", "opened")]
    # Nothing says how it came into the queue, and the row says that.
    assert short(rows[2]) == [(None, "bot", "contact", "opened"), ("bot", "queued", "unknown", "unknown")]
    await connection.close()
