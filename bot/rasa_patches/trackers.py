"""Cheap tracker operations: create one, copy one, list its applied events.

Rasa copies each of 17 slots through pickling, copies a tracker by replaying all its events,
and tests every event for five types in a slow way.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

# Types of events that revert nothing.
_PLAIN = frozenset(
    {
        ActionExecuted,
        ActionExecutionRejected,
        ActiveLoop,
        BotUttered,
        DefinePrevUserUtteredFeaturization,
        LoopInterrupted,
        SlotSet,
        UserUttered,
    }
)


def unset(slots: Iterable[Slot]) -> list[Slot]:
    """The slots as they are in a new tracker, for `fresh`."""
    made = [_same(slot) for slot in slots]
    for slot in made:
        slot.reset()
    return made


def fresh(conversation_id: str, slots: Iterable[Slot]) -> DialogueStateTracker:
    """As `DialogueStateTracker(conversation_id, slots)`, for slots that `unset` gave."""
    tracker = DialogueStateTracker(conversation_id, ())
    tracker.slots = {slot.name: _same(slot) for slot in slots}
    return tracker


def twin(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker in the same state."""
    found = copy.copy(tracker)
    found.events = copy.copy(tracker.events)
    found.slots = {name: _same(slot) for name, slot in tracker.slots.items()}
    found.active_loop = copy.copy(tracker.active_loop)
    return found


def play(tracker: DialogueStateTracker, event: Event) -> None:
    """As `tracker.update(event)`, for a tracker that marks no events as a model's."""
    tracker.events.append(event)
    event.apply_to(tracker)


def replay(tracker: DialogueStateTracker, events: Iterable[Event]) -> None:
    """As `play` for each event, for a tracker that `fresh` gave: a session that begins there has no slots to reset."""
    begun = False
    for event in events:
        kind = type(event)
        if kind is SessionStarted and not begun:
            tracker.events.append(event)
            tracker.latest_action, tracker.followup_action = {}, ACTION_LISTEN_NAME
            continue
        begun = begun or kind is not ActionExecuted
        play(tracker, event)


def applied(tracker: DialogueStateTracker) -> list[Event]:
    """As `tracker.applied_events()`."""
    loops = {event.name for event in tracker.events if type(event) is ActiveLoop and event.name}
    found: list[Event] = []
    for event in tracker.events:
        kind = type(event)
        if kind is ActionExecuted and event.action_name in loops:
            if tracker._first_loop_execution_or_unhappy_path(event.action_name, found):
                found.append(event)
            else:
                tracker._undo_till_previous_loop_execution(event.action_name, found)
        elif kind in _PLAIN:
            found.append(event)
        elif kind is SessionStarted:
            found = []
        else:
            return list(tracker.applied_events())
    return found


def _same(slot: Slot) -> Slot:
    made = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made
