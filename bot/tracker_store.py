"""Dialogue state in PostgreSQL: one small row for a conversation.

The row holds the last few turns (compressed), the id of the last message and the answer to it, written by ONE
statement. So a repeated message gets the stored answer whatever crashed, a conversation's erasure is one
DELETE, and a turn costs the same in a long conversation as in a short one.

Rasa's SQLTrackerStore writes a row for every event and reads all of them each turn.
"""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import asyncpg
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.settings import secret

logger = logging.getLogger(__name__)

TURNS_KEPT = 6  # what rules, forms and "repeat that" look back on
TURNS_AT_MOST = 9  # cut when longer, so that not every turn pays for cutting
_FORMAT = b"1"
_KINDS = {kind.type_name: kind for kind in all_subclasses(Event)}  # Rasa walks the classes for every event
_SECONDS = 5.0

_READ = "SELECT state, last_message_id, last_answer FROM trackers WHERE conversation_id = $1"
_WRITE = """
INSERT INTO trackers (conversation_id, state, last_message_id, last_answer, updated_at)
VALUES ($1, $2, $3, $4::jsonb, now())
ON CONFLICT (conversation_id) DO UPDATE
SET state = excluded.state, last_message_id = excluded.last_message_id,
    last_answer = excluded.last_answer, updated_at = excluded.updated_at
WHERE trackers.last_message_id IS NOT DISTINCT FROM $5
RETURNING 1
"""


class StoreUnavailable(Exception):
    """The database did not answer; nothing was changed."""


class Overtaken(Exception):
    """Another process wrote a turn of this conversation meanwhile; ours was not kept."""


@dataclass(frozen=True)
class Stored:
    """A conversation as it was last written. All None for a new one."""

    tracker: DialogueStateTracker | None = None
    last_message_id: str | None = None
    last_answer: dict[str, Any] | None = None


class CompactTrackerStore(TrackerStore):
    """Rasa's TrackerStore over table `trackers`; in memory, and saying so, where no DATABASE_URL is given."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        url = url or secret("DATABASE_URL")
        self._rows: Rows = PostgresRows(url) if url else MemoryRows()
        if not url:
            logger.warning(
                "DATABASE_URL is not set: conversations are kept in memory and end with this process."
            )

    async def fetch(self, conversation_id: str) -> Stored:
        """Raises StoreUnavailable."""
        row = await self._rows.read(conversation_id)
        if row is None:
            return Stored()
        tracker = self.init_tracker(conversation_id)
        state, message_id, answer = row
        for event in decode(state):
            tracker.update(event)
        return Stored(tracker, message_id, answer)

    async def write(
        self,
        tracker: DialogueStateTracker,
        message_id: str | None,
        answer: dict[str, Any] | None,
        before: Stored,
    ) -> None:
        """Keep the turn that led from `before` to `tracker`. Raises StoreUnavailable or Overtaken."""
        state = encode(shorten(tracker, self.domain))
        if not await self._rows.write(tracker.sender_id, state, message_id, answer, before.last_message_id):
            raise Overtaken(tracker.sender_id)

    async def close(self) -> None:
        await self._rows.close()

    # What Rasa itself calls (`rasa shell`, `rasa test`): no message ids there.

    async def save(self, tracker: DialogueStateTracker) -> None:
        if tracker.events:
            await self.write(tracker, None, None, Stored())

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return (await self.fetch(sender_id)).tracker

    async def keys(self) -> Iterable[str]:
        return await self._rows.keys()


def shorten(tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
    """The tracker's events, at most TURNS_AT_MOST turns of them.

    What is cut is replaced by its outcome: the slots and the active form as they were then.
    """
    events = list(tracker.events)
    starts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= TURNS_AT_MOST:
        return events
    cut = starts[-TURNS_KEPT]
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], domain.slots)
    outcome: list[Event] = [
        SlotSet(name, slot.value) for name, slot in before.slots.items() if slot.value != slot.initial_value
    ]
    if before.active_loop_name:
        outcome.append(ActiveLoop(before.active_loop_name))
    return [*outcome, ActionExecuted(ACTION_LISTEN_NAME), *events[cut:]]


def encode(events: list[Event]) -> bytes:
    """Events -> compressed JSON. What only the latest message needs is dropped from those before it."""
    dumped = [event.as_dict() for event in events]
    earlier = [event for event in dumped if event["event"] == "user"][:-1]
    for event in earlier:
        parse = event.get("parse_data") or {}
        event["parse_data"] = {name: parse[name] for name in ("intent", "entities", "text") if name in parse}
        event["metadata"] = {}
    return _FORMAT + zlib.compress(json.dumps(dumped, separators=(",", ":")).encode(), 1)


def decode(state: bytes) -> list[Event]:
    """The reverse of `encode`. A state of an unknown format starts the dialogue anew rather than fail for ever."""
    if state[:1] != _FORMAT:
        logger.error("A dialogue state of an unknown format was dropped.")
        return []
    return [
        _KINDS[event["event"]]._from_parameters(event) for event in json.loads(zlib.decompress(state[1:]))
    ]


class Rows:
    """Where rows are. `write` is false where the row's last message is no longer `expected`."""

    async def read(self, key: str) -> tuple[bytes, str | None, dict[str, Any] | None] | None:
        raise NotImplementedError

    async def write(
        self,
        key: str,
        state: bytes,
        message_id: str | None,
        answer: dict[str, Any] | None,
        expected: str | None,
    ) -> bool:
        raise NotImplementedError

    async def keys(self) -> list[str]:
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of connections."""


class MemoryRows(Rows):
    """For `rasa shell` and tests."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, str | None, dict[str, Any] | None]] = {}

    async def read(self, key: str) -> tuple[bytes, str | None, dict[str, Any] | None] | None:
        return self._kept.get(key)

    async def write(
        self,
        key: str,
        state: bytes,
        message_id: str | None,
        answer: dict[str, Any] | None,
        expected: str | None,
    ) -> bool:
        if key in self._kept and self._kept[key][1] != expected:
            return False
        self._kept[key] = (state, message_id, answer)
        return True

    async def keys(self) -> list[str]:
        return list(self._kept)


class PostgresRows(Rows):
    """Table `trackers` (desk/store/migrations); the bot is its only writer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    async def read(self, key: str) -> tuple[bytes, str | None, dict[str, Any] | None] | None:
        row = await self._run("fetchrow", _READ, key)
        if row is None:
            return None
        answer = row["last_answer"]
        return row["state"], row["last_message_id"], json.loads(answer) if answer else None

    async def write(
        self,
        key: str,
        state: bytes,
        message_id: str | None,
        answer: dict[str, Any] | None,
        expected: str | None,
    ) -> bool:
        told = json.dumps(answer) if answer is not None else None
        return bool(await self._run("fetchval", _WRITE, key, state, message_id, told, expected))

    async def keys(self) -> list[str]:
        return [
            row["conversation_id"] for row in await self._run("fetch", "SELECT conversation_id FROM trackers")
        ]

    async def close(self) -> None:
        if self._pool:
            await self._pool.close()

    async def _run(self, method: str, sql: str, *values: Any) -> Any:
        try:
            pool = await self._open()
            return await getattr(pool, method)(sql, *values, timeout=_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncio.TimeoutError) as error:
            raise StoreUnavailable(type(error).__name__) from error

    async def _open(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(self._url, min_size=1, max_size=8, timeout=_SECONDS)
        return self._pool
