"""The rows that the checker reads: all that the database has about one crowd of citizens."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bench.fault.citizens import Crowd

Row = Any
"""A row of the database: asyncpg's Record, read by column name."""


@dataclass(slots=True)
class Rows:
    """By the key that each check looks them up with."""

    events: dict[str, Row] = field(default_factory=dict)
    messages: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    conversations: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    outbox: dict[UUID, Row] = field(default_factory=dict)
    turns: dict[UUID, str] = field(default_factory=dict)
    requests: list[Row] = field(default_factory=list)


def _ids(crowd: Crowd) -> dict[str, list[str]]:
    return {
        channel: [
            one.id for citizen in crowd.citizens if citizen.channel == channel for one in citizen.written
        ]
        for channel in ("web", "courier")
    }


_OF_CROWD = """(inbox = 'courier' AND external_id = ANY($1::text[])
                OR inbox = 'web' AND split_part(external_id, ':', 2) = ANY($2::text[]))"""


async def count_open(crowd: Crowd) -> str:
    """What is still to be done, in words; empty if nothing is."""
    ids = _ids(crowd)
    row = await crowd.deployment.store.pool.fetchrow(
        f"""WITH c AS (SELECT DISTINCT contact_id FROM events WHERE {_OF_CROWD})
            SELECT (SELECT count(*) FROM events JOIN c USING (contact_id) WHERE state IN ('received', 'appended')) AS events,
                   (SELECT count(*) FROM outbox JOIN c USING (contact_id) WHERE state IN ('pending', 'sending')) AS items,
                   (SELECT count(*) FROM service_requests JOIN c USING (contact_id)
                    WHERE state IN ('recorded', 'filing', 'unknown')) AS requests""",
        ids["courier"],
        ids["web"],
    )
    assert row is not None
    left = {name: row[name] for name in ("events", "items", "requests") if row[name]}
    return ", ".join(f"{count} {name}" for name, count in left.items())


async def read_rows(crowd: Crowd) -> Rows:
    """Read them all, once."""
    ids, pool, rows = _ids(crowd), crowd.deployment.store.pool, Rows()
    for row in await pool.fetch(f"SELECT * FROM events WHERE {_OF_CROWD}", ids["courier"], ids["web"]):
        key = row["external_id"] if row["inbox"] == "courier" else row["external_id"].partition(":")[2]
        rows.events[key] = row
    contacts = list({row["contact_id"] for row in rows.events.values()})
    for row in await pool.fetch(
        "SELECT * FROM messages WHERE contact_id = ANY($1::uuid[]) ORDER BY contact_id, seq", contacts
    ):
        rows.messages[row["contact_id"]].append(row)
    for row in await pool.fetch("SELECT * FROM conversations WHERE contact_id = ANY($1::uuid[])", contacts):
        rows.conversations[row["contact_id"]].append(row)
    for row in await pool.fetch("SELECT * FROM outbox WHERE contact_id = ANY($1::uuid[])", contacts):
        rows.outbox[row["message_id"]] = row
    for row in await pool.fetch(
        "SELECT t.* FROM turns t JOIN conversations v ON v.id = t.conversation_id WHERE v.contact_id = ANY($1::uuid[])",
        contacts,
    ):
        rows.turns[row["message_id"]] = row["outcome"]
    rows.requests = list(
        await pool.fetch("SELECT * FROM service_requests WHERE contact_id = ANY($1::uuid[])", contacts)
    )
    return rows
