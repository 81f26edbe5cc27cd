"""Filters of the list that an agent saves under a name."""

from collections.abc import Mapping
from uuid import UUID

from desk.store.pool import Executor

MOST_VIEWS = 12


async def list_views(executor: Executor, agent_id: UUID) -> list[tuple[str, dict[str, str]]]:
    """Names and filters of this agent, by name."""
    rows = await executor.fetch(
        "SELECT name, filters FROM list_views WHERE agent_id = $1 ORDER BY name", agent_id
    )
    return [(row["name"], row["filters"]) for row in rows]


async def set_view(executor: Executor, agent_id: UUID, name: str, filters: Mapping[str, str]) -> bool:
    """Keep the filters under this name. False if the agent has as many views as there may be."""
    kept = await executor.fetchval(
        """INSERT INTO list_views (agent_id, name, filters)
           SELECT $1, $2, $3
           WHERE EXISTS (SELECT FROM list_views WHERE agent_id = $1 AND name = $2)
              OR (SELECT count(*) FROM list_views WHERE agent_id = $1) < $4
           ON CONFLICT (agent_id, name) DO UPDATE SET filters = excluded.filters
           RETURNING true""",
        agent_id, name, dict(filters), MOST_VIEWS,
    )  # fmt: skip
    return bool(kept)


async def remove_view(executor: Executor, agent_id: UUID, name: str) -> None:
    """Forget the view of this name."""
    await executor.execute("DELETE FROM list_views WHERE agent_id = $1 AND name = $2", agent_id, name)
