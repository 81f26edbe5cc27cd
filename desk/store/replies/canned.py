"""Canned texts: what agents insert into replies, in each language. A retired one is kept and no longer offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class CannedText:
    """One text; `texts` maps languages to wordings with variables in braces."""

    id: str
    title: str
    texts: Mapping[str, str]
    active: bool = True


async def add_missing(executor: Executor, text: CannedText) -> None:
    """A text of the seed: only if there is none with this id, retired or not."""
    await executor.execute(
        "INSERT INTO canned_texts (id, title, texts) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        text.id,
        text.title,
        dict(text.texts),
    )


async def set_text(executor: Executor, text: CannedText, agent_id: UUID) -> None:
    """Add or replace a text."""
    await executor.execute(
        """INSERT INTO canned_texts (id, title, texts, active, updated_by) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (id) DO UPDATE SET title = $2, texts = $3, active = $4, updated_by = $5, updated_at = now()""",
        text.id,
        text.title,
        dict(text.texts),
        text.active,
        agent_id,
    )


async def list_texts(executor: Executor) -> list[CannedText]:
    """All texts by title, retired ones too."""
    rows = await executor.fetch("SELECT id, title, texts, active FROM canned_texts ORDER BY lower(title), id")
    return [CannedText(**dict(row)) for row in rows]


async def get_text(executor: Executor, id: str) -> CannedText | None:
    """The text with this id, retired or not."""
    row = await executor.fetchrow("SELECT id, title, texts, active FROM canned_texts WHERE id = $1", id)
    return CannedText(**dict(row)) if row else None
