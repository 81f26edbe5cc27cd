"""How much each sender has uploaded, by hour."""

from collections.abc import Sequence
from datetime import datetime

from desk.store.pool import Executor


async def get_used(executor: Executor, senders: Sequence[str], since: datetime) -> dict[str, tuple[int, int]]:
    """(photos, bytes) of each sender since then."""
    rows = await executor.fetch(
        """SELECT sender, sum(photos)::bigint AS photos, sum(bytes)::bigint AS bytes FROM media_usage
           WHERE sender = ANY($1) AND hour > $2 GROUP BY sender""",
        list(senders),
        since,
    )
    return {row["sender"]: (row["photos"], row["bytes"]) for row in rows}


async def add_photo(executor: Executor, senders: Sequence[str], hour: datetime, size: int) -> None:
    """Count one photo of `size` bytes for each sender. Always in sorted order, so that two calls cannot
    deadlock."""
    await executor.execute(
        """INSERT INTO media_usage (sender, hour, photos, bytes)
           SELECT sender, $2, 1, $3 FROM unnest($1::text[]) AS sender ORDER BY sender
           ON CONFLICT (sender, hour) DO UPDATE
           SET photos = media_usage.photos + 1, bytes = media_usage.bytes + excluded.bytes""",
        sorted(set(senders)),
        hour,
        size,
    )


async def delete_before(executor: Executor, before: datetime) -> None:
    """Delete what is too old to count."""
    await executor.execute("DELETE FROM media_usage WHERE hour < $1", before)
