"""Pages that answers link to and that are gone, or could not be reached. The worker looks at them (links.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class BadLink:
    """A page that is gone, or that could not be reached, since then."""

    url: str
    state: str
    since: datetime


async def list_bad(executor: Executor, urls: Sequence[str]) -> list[BadLink]:
    """Those of these that are gone or could not be reached."""
    rows = await executor.fetch(
        "SELECT url, state, since FROM answer_links WHERE url = ANY($1) AND state <> 'there' ORDER BY url",
        list(urls),
    )
    return [BadLink(row["url"], row["state"], row["since"]) for row in rows]
