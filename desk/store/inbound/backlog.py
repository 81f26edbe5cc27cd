"""Backlog: what waits at each hop of a message, and since when. One look at indexes, cheap enough for every scrape."""

from collections.abc import Mapping
from dataclasses import dataclass

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and the age of the oldest in seconds (0 when none waits)."""

    count: int
    oldest: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """`events`: accepted and not answered. `queue`: conversations waiting for a person. `agents`: those where the citizen
    spoke last and an agent has it. `requests`: service requests not with their back end yet. `outbox`: messages a provider
    has not taken, by inbox. `stuck`: by inbox and state, what nothing but a person moves (`dead`, `unknown`). `for_contact`:
    by inbox, what goes once the citizen writes."""

    events: Waiting
    queue: Waiting
    agents: Waiting
    requests: Waiting
    outbox: Mapping[str, Waiting]
    stuck: Mapping[tuple[str, str], int]
    for_contact: Mapping[str, int]


async def get_backlog(executor: Executor) -> Backlog:
    """The backlog now, by the database's clock. Each condition is that of a partial index: what is done costs nothing."""
    events = await executor.fetchrow(
        """SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(received_at)), 0)::float AS oldest
           FROM events WHERE state IN ('received', 'appended')"""
    )
    queue = await executor.fetchrow(
        """SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(queued_at)), 0)::float AS oldest
           FROM conversations WHERE state = 'queued'"""
    )
    agents = await executor.fetchrow(
        # An agent's answer makes it `waiting_on_contact`, the citizen's next word `assigned` again. Since the first word
        # that is not answered: who asks again every hour waits no shorter for it.
        """SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(greatest(v.assigned_at, (
               SELECT m.created_at FROM messages m WHERE m.conversation_id = v.id AND m.author = 'contact'
                 AND m.seq > coalesce((SELECT a.seq FROM messages a WHERE a.conversation_id = v.id AND a.author = 'agent'
                                       ORDER BY a.seq DESC LIMIT 1), 0)
               ORDER BY m.seq LIMIT 1)))), 0)::float AS oldest
           FROM conversations v WHERE v.state = 'assigned'"""
    )
    requests = await executor.fetchrow(
        """SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS oldest
           FROM service_requests WHERE state IN ('recorded', 'filing', 'unknown', 'awaiting_reference')"""
    )
    outbox = await executor.fetch(
        """SELECT inbox, state, count(*) AS count,
                  coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS oldest
           FROM (SELECT inbox, state, created_at FROM outbox WHERE state IN ('pending', 'sending')
                 UNION ALL SELECT inbox, state, created_at FROM outbox WHERE state IN ('unknown', 'dead')
                 -- A stranger can make many of these; they have a count of their own.
                 AND failure IS DISTINCT FROM 'forbidden_number'
                 UNION ALL SELECT inbox, state, created_at FROM outbox WHERE state = 'waiting') open
           GROUP BY inbox, state"""
    )
    moving: dict[str, Waiting] = {}
    stuck: dict[tuple[str, str], int] = {}
    for_contact: dict[str, int] = {}
    for row in outbox:
        if row["state"] == "waiting":
            for_contact[row["inbox"]] = row["count"]
        elif row["state"] in ("dead", "unknown"):
            stuck[row["inbox"], row["state"]] = row["count"]
        else:
            before = moving.get(row["inbox"], Waiting(0, 0.0))
            moving[row["inbox"]] = Waiting(before.count + row["count"], max(before.oldest, row["oldest"]))
    return Backlog(
        _waiting(events), _waiting(queue), _waiting(agents), _waiting(requests), moving, stuck, for_contact
    )


def _waiting(row: Mapping[str, object]) -> Waiting:
    count, oldest = row["count"], row["oldest"]
    assert isinstance(count, int) and isinstance(oldest, float)
    return Waiting(count, max(0.0, oldest))
