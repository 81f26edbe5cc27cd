"""Tags: words that agents add to conversations, from a list that supervisors maintain."""

from dataclasses import dataclass
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag and how many conversations have it. A retired one stays where it is and is no longer offered."""

    name: str
    active: bool
    conversations: int


async def add_missing(executor: Executor, name: str) -> None:
    """A tag of the seed: only if there is none of this name."""
    await executor.execute("INSERT INTO tags (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", name)


async def set_tag(executor: Executor, name: str, *, active: bool) -> None:
    """Add, retire or bring back a tag."""
    await executor.execute(
        "INSERT INTO tags (name, active) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET active = $2",
        name,
        active,
    )


async def list_tags(executor: Executor) -> list[Tag]:
    """All tags by name, retired ones too."""
    rows = await executor.fetch(
        """SELECT t.name, t.active, (SELECT count(*) FROM conversation_tags c WHERE c.tag = t.name) AS conversations
           FROM tags t ORDER BY t.name"""
    )
    return [Tag(**dict(row)) for row in rows]


async def list_offered(executor: Executor) -> list[str]:
    """The tags that can be given."""
    return [row["name"] for row in await executor.fetch("SELECT name FROM tags WHERE active ORDER BY name")]


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> list[str]:
    """The conversation's tags, by name."""
    rows = await executor.fetch(
        "SELECT tag FROM conversation_tags WHERE conversation_id = $1 ORDER BY tag", conversation_id
    )
    return [row["tag"] for row in rows]


async def add_to_conversation(executor: Executor, conversation_id: UUID, tag: str, agent_id: UUID) -> bool:
    """Give the tag. False if there is no such tag that is still offered; giving it twice changes nothing."""
    known: bool = await executor.fetchval(
        "SELECT EXISTS (SELECT 1 FROM tags WHERE name = $1 AND active)", tag
    )
    if known:
        await executor.execute(
            """INSERT INTO conversation_tags (conversation_id, tag, added_by) VALUES ($1, $2, $3)
               ON CONFLICT (conversation_id, tag) DO NOTHING""",
            conversation_id,
            tag,
            agent_id,
        )
    return known


async def delete_from_conversation(executor: Executor, conversation_id: UUID, tag: str) -> None:
    """Take the tag away."""
    await executor.execute(
        "DELETE FROM conversation_tags WHERE conversation_id = $1 AND tag = $2", conversation_id, tag
    )
