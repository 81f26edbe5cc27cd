"""Dialogue state in PostgreSQL: one small row for a conversation.

The row holds the last few turns (compressed), the id of the last message and the answer to it, written by ONE
statement. So a repeated message gets the stored answer after any crash, erasing a conversation is one DELETE,
and a turn costs the same in a long conversation as in a short one.

Rasa's SQLTrackerStore writes a row for every event and reads all of them each turn.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.json_text import dumps, loads
from bot.rasa_patches.trackers import fresh, replay, unset
from bot.settings import secret
from bot.turn.stores.forgetting import without_words
from bot.turn.stores.tracker_rows import MemoryRows, PostgresRows, Rows

logger = logging.getLogger(__name__)

TURNS_KEPT = 6  # what rules, forms and "repeat that" need
TURNS_AT_MOST = 9  # trimmed only above this, so that not every turn has to trim
_FORMAT = b"1"
_BETWEEN = ",\n"  # two events; JSON has no line feed inside a string
_WINDOW, _MEMORY = (
    13,
    6,
)  # of zlib: 64 kB of working memory, not 256, which take longer to clear than a row to compress
_OF_EARLIER = ("intent", "entities", "text")  # of a message's parse
_OF_LATEST_ALONE = "only"  # "A person, please" is left out of a handoff's summary
_OF_LATEST = (*_OF_EARLIER, _OF_LATEST_ALONE)
_OF_NO_ACTION = ("policy", "confidence")  # who predicted an action, and how surely
_KINDS = {kind.type_name: kind for kind in all_subclasses(Event)}  # Rasa walks the classes for every event


class Overtaken(Exception):
    """Another process has written a turn of this conversation in the meantime; ours was not stored."""


@dataclass(frozen=True)
class Stored:
    """A conversation as last written; all None for a new one. `lines`: its events and their JSON, by the event's id()."""

    tracker: DialogueStateTracker | None = None
    last_message_id: str | None = None
    answer: str | None = None  # JSON, read only for a repeated message
    lines: Mapping[int, tuple[Event, str]] = field(default_factory=dict)

    @property
    def last_answer(self) -> dict[str, Any] | None:
        return dict(loads(self.answer)) if self.answer else None


class CompactTrackerStore(TrackerStore):
    """Rasa's TrackerStore over table `trackers`; in memory, with a warning, if no DATABASE_URL is given."""

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
        self._unset: tuple[Domain | None, list[Slot]] = None, []
        if not url:
            logger.warning(
                "DATABASE_URL is not set: conversations are kept in memory and end with this process."
            )

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        domain, slots = self._unset
        if domain is not self.domain:
            slots = unset(self.domain.slots)
            self._unset = self.domain, slots
        return fresh(sender_id, slots)

    async def fetch(self, conversation_id: str) -> Stored:
        """Raises StoreUnavailable."""
        row = await self._rows.read(conversation_id)
        if row is None:
            return Stored()
        tracker = self.init_tracker(conversation_id)
        state, message_id, answer = row
        events, lines = decode(state)
        replay(tracker, events)
        return Stored(tracker, message_id, answer, lines)

    async def write(
        self,
        tracker: DialogueStateTracker,
        message_id: str | None,
        answer: dict[str, Any] | None,
        before: Stored,
    ) -> None:
        """Keep the turn that led from `before` to `tracker`. Raises StoreUnavailable or Overtaken."""
        state = encode(shorten(tracker, self.domain), before.lines)
        told = dumps(answer) if answer is not None else None
        if not await self._rows.write(tracker.sender_id, state, message_id, told, before.last_message_id):
            raise Overtaken(tracker.sender_id)

    async def forget(self, conversation_id: str, message_ids: Collection[str]) -> bool:
        """Take the words of these messages out of a conversation; false if they are not in it. Raises
        StoreUnavailable or Overtaken."""
        row = await self._rows.read(conversation_id)
        if row is None or row[0][:1] != _FORMAT:
            return False
        state, last, answer = row
        events = loads(zlib.decompress(state[1:]))
        if not without_words(events, message_ids):
            return False
        # The answer to a deleted message may quote it. It is not asked for again: the deletion came after it.
        kept = None if last in message_ids else answer
        if not await self._rows.write(conversation_id, pack(events), last, kept, last):
            raise Overtaken(conversation_id)
        return True

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
    """The tracker's events of at most TURNS_AT_MOST turns. Older ones are replaced by their outcome: the
    slots and the active form at that time.
    """
    events = list(tracker.events)
    starts = [place for place, event in enumerate(events) if type(event) is UserUttered]
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


def encode(events: Sequence[Event], lines: Mapping[int, tuple[Event, str]] | None = None) -> bytes:
    """Events -> compressed JSON, without what no later turn reads: half of it otherwise. `lines`: JSON of earlier turns.

    A reply with a name keeps the name and no text: the desk has the text, and "repeat that" sends the name.
    """
    known = lines or {}
    dumped: list[str] = []
    latest = True
    for event in reversed(events):
        said = known.get(id(event))
        dumped.append(said[1] if said else dumps(_kept(event.as_dict(), latest=latest)))
        latest = latest and type(event) is not UserUttered
    return _packed(reversed(dumped))


def pack(dumped: Iterable[dict[str, Any]]) -> bytes:
    """Dumped events -> a row's state."""
    return _packed(map(dumps, dumped))


def decode(state: bytes) -> tuple[list[Event], dict[int, tuple[Event, str]]]:
    """The reverse of `encode`: the events, and the JSON of those that are written again as they are. A state in an unknown
    format restarts the dialogue, which is better than failing forever."""
    if state[:1] != _FORMAT:
        logger.error("A dialogue state of an unknown format was dropped.")
        return [], {}
    text = zlib.decompress(state[1:]).decode()
    dumped = loads(text)
    events = [_KINDS[event["event"]]._from_parameters(event) for event in dumped]
    lines = text[1:-1].split(_BETWEEN)
    if len(lines) != len(events):  # written by an earlier version
        return events, {}
    return events, {
        id(event): (event, line)
        for event, line, told in zip(events, lines, dumped, strict=True)
        if _OF_LATEST_ALONE not in (told.get("parse_data") or ())
    }


def _kept(event: dict[str, Any], *, latest: bool) -> dict[str, Any]:
    """A dumped event without what no later turn reads. `latest`: no message of the citizen follows."""
    kind = event["event"]
    if kind == "user":
        parse, kept = event.get("parse_data") or {}, _OF_LATEST if latest else _OF_EARLIER
        event["parse_data"] = {name: parse[name] for name in kept if name in parse}
        event["metadata"] = {}
    elif kind == "bot":
        custom = (event.get("data") or {}).get("custom")
        event["data"] = {"custom": custom} if custom else {}
        if (event.get("metadata") or {}).get("utter_action"):
            event["text"] = ""
    elif kind == "action":
        for name in _OF_NO_ACTION:
            event.pop(name, None)
    return event


def _packed(lines: Iterable[str]) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _MEMORY)
    return _FORMAT + packer.compress(f"[{_BETWEEN.join(lines)}]".encode()) + packer.flush()
