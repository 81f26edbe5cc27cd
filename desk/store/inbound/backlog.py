"""The backlog: what waits at each stage, and since when. Reads only indexes, so every scrape is cheap."""

from collections.abc import Mapping
from dataclasses import dataclass

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Waiting:
    """The number waiting, and the age of the oldest in seconds (0 if none)."""

    count: int
    oldest: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """`events`: accepted but not answered. `queue`: conversations waiting for a person. `agents`: those
    owned by an agent in which the citizen wrote last. `requests`: service requests not yet with their back
    end. `outbox`: messages not yet accepted by a provider, by inbox. `stuck`: by inbox and state, what only
    a person can move (`dead`, `unknown`). `for_contact`: by inbox, what is sent once the citizen writes."""

    events: Waiting
    queue: Waiting
    agents: Waiting
    requests: Waiting
    outbox: Mapping[str, Waiting]
    stuck: Mapping[tuple[str, str], int]
    for_contact: Mapping[str, int]


async def get_backlog(executor: Executor) -> Backlog:
    """The current backlog, by the database's clock. Each condition matches a partial index: finished rows
    cost nothing."""
    events = await executor.fetchrow(
        """SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(received_at)), 0)::float AS oldest
           FROM events WHERE state IN ('received', 'appended')"""
    )
    queue = await executor.fetchrow(
        """SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(queued_at)), 0)::float AS oldest
           FROM conversations WHERE state = 'queued'"""
    )
    agents = await executor.fetchrow(
        # An agent's answer makes it `waiting_on_contact`, the citizen's next message `assigned` again.
        # Measured from the first unanswered message: a citizen who asks again every hour must not appear to
        # have waited less.
        """SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(greatest(v.assigned_at, (
               SELECT m.created_at FROM messages m WHERE m.conversation_id = v.id AND m.author = 'contact'
                 AND m.seq > coalesce((SELECT a.seq FROM messages a WHERE a.conversation_id = v.id AND a.author = 'agent'
                                       ORDER BY a.seq DESC LIMIT 1), 0)
               ORDER BY m.seq LIMIT 1)))), 0)::float AS oldest
           FROM conversations v WHERE v.state = 'assigned'"""
    )
    requests = await executor.fetchrow(
        """SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS oldest
           FROM (SELECT created_at FROM service_requests
                 WHERE state IN ('recorded', 'filing', 'unknown', 'awaiting_reference')
                 UNION ALL SELECT created_at FROM request_changes WHERE state = 'recorded') waiting"""
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
