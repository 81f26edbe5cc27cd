"""Whether the pages that answers name as their source, or link to, are still there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from desk.store.pool import Executor

State = Literal["there", "gone", "unreachable"]


async def list_bodies(executor: Executor) -> list[Mapping[str, Any]]:
    """What every answer says: in its newest version and in the one that citizens get."""
    rows = await executor.fetch(
        """SELECT v.body FROM answers a JOIN answer_versions v ON v.answer_id = a.id AND v.version IN (a.newest, a.published)"""
    )
    return [row["body"] for row in rows]


async def delete_unused(executor: Executor, urls: Sequence[str]) -> None:
    """Forget every address but these."""
    await executor.execute("DELETE FROM answer_links WHERE url <> ALL($1)", list(urls))


async def list_due(
    executor: Executor, urls: Sequence[str], before: datetime, limit: int
) -> list[tuple[str, State | None]]:
    """(address, state before) of those that were not looked at since then, the oldest first."""
    rows = await executor.fetch(
        """SELECT asked.url, l.state FROM unnest($1::text[]) asked(url) LEFT JOIN answer_links l USING (url)
           WHERE l.url IS NULL OR l.checked_at < $2 ORDER BY l.checked_at NULLS FIRST, asked.url LIMIT $3""",
        list(urls), before, limit,
    )  # fmt: skip
    return [(row["url"], row["state"]) for row in rows]


async def set_checked(executor: Executor, url: str, state: State, at: datetime) -> None:
    """What a page is like now."""
    await executor.execute(
        """INSERT INTO answer_links (url, checked_at, state, since) VALUES ($1, $2, $3, $2)
           ON CONFLICT (url) DO UPDATE SET checked_at = $2, state = $3,
               since = CASE answer_links.state WHEN $3 THEN answer_links.since ELSE $2 END""",
        url, at, state,
    )  # fmt: skip
