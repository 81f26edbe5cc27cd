"""Who has a conversation open, and who is typing in it: kept in Redis for a few seconds, best effort."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from desk.model import Actor, Clock

log = structlog.get_logger("viewers")

SECONDS = 20
"""After this long without a sign a page counts as closed. Pages give one every 8 seconds."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A colleague with the same conversation on screen."""

    name: str
    typing: bool


class Viewers(Protocol):
    """The console's view of it."""

    async def mark(self, conversation_id: UUID, actor: Actor, *, typing: bool) -> list[Viewer]:
        """The agent has this conversation open; returns the others who have."""
        ...


class NoViewers:
    """For applications without Redis: nobody else is there."""

    async def mark(self, conversation_id: UUID, actor: Actor, *, typing: bool) -> list[Viewer]:
        """Keep nothing."""
        return []


class RedisViewers:
    """One hash for each open conversation, which expires by itself. While Redis is away, nobody is seen."""

    def __init__(self, redis: "Redis", clock: Clock) -> None:
        self._redis = redis
        self._clock = clock

    async def mark(self, conversation_id: UUID, actor: Actor, *, typing: bool) -> list[Viewer]:
        """As the protocol says."""
        key, now = f"civicdesk:here:{conversation_id}", self._clock()
        mine = json.dumps({"name": actor.name, "typing": typing, "at": now.timestamp()})
        try:
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.hset(key, str(actor.agent_id), mine)
                pipeline.expire(key, SECONDS)
                pipeline.hgetall(key)
                *_, everybody = await pipeline.execute()
        except (RedisError, OSError) as error:
            log.warning("redis_away", error=type(error).__name__)
            return []
        oldest = (now - timedelta(seconds=SECONDS)).timestamp()
        return others(everybody, str(actor.agent_id), oldest)


def others(everybody: Mapping[bytes | str, bytes | str], me: str, oldest: float) -> list[Viewer]:
    """The entries of other agents that are not older than `oldest` (seconds since 1970), by name."""
    found = []
    for who, entry in everybody.items():
        name = who.decode() if isinstance(who, bytes) else who
        one = json.loads(entry)
        if name != me and one["at"] >= oldest:
            found.append(Viewer(one["name"], one["typing"]))
    return sorted(found, key=lambda one: one.name)
