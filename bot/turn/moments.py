"""The moment of the dialogue at which a message arrives: the condition for an intent (`moments` in config.yml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.turn.request import TurnRequest

KEY = "moments"  # in the metadata with which a message is read
FORM, PAUSED, FILED, QUEUE, SAID, ANSWERED = "form", "paused", "filed", "queue", "said", "answered"
HANDED = frozenset({"action_handoff", "action_distress"})
_SENT = "action_submit_report"
_OWN = ("own_reports", "own_requests", "own_references", "own_protected")  # the worker's, of this contact


def moments_of(tracker: DialogueStateTracker, metadata: Mapping[str, Any]) -> list[str]:
    """form: a form asks. paused: a report waits. filed: one was sent. queue: a person was asked for. said: it is not
    the first message. answered: the last thing said was no question of a form."""
    waiting = bool(metadata.get("waiting"))
    done = {event.action_name for event in tracker.events if type(event) is ActionExecuted}
    said = waiting or any(type(event) is UserUttered for event in tracker.events)
    asks = tracker.active_loop_name is not None
    queue = tracker.slots.get("report_queue")
    found = {
        FORM: asks,
        PAUSED: bool(queue and queue.value),
        FILED: _SENT in done or any(metadata.get(name) for name in _OWN),
        QUEUE: waiting or bool(HANDED & done),
        SAID: said,
        ANSWERED: said and not asks,
    }
    return sorted(name for name, holds in found.items() if holds)


def in_moment(turn: TurnRequest, tracker: DialogueStateTracker) -> TurnRequest:
    """The turn as it is to be read, with its moments beside the worker's metadata."""
    return replace(turn, metadata={**turn.metadata, KEY: moments_of(tracker, turn.metadata)})
