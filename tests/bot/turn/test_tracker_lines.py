"""The JSON of earlier turns is written again as it was, and a stored dialogue is replayed as Rasa does."""

import json
import zlib
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.trackers import replay
from bot.turn.stores.tracker_store import CompactTrackerStore, decode, encode

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {
            "language": {"type": "text", "influence_conversation": False, "mappings": [{"type": "custom"}]},
            "draft": {"type": "any", "mappings": [{"type": "custom"}]},
        },
        "forms": {"report_form": {"required_slots": ["draft"]}},
    }
)


def talk(turns: int) -> list[Event]:
    """The events of so many turns, with slots and a form."""
    parse = {"intent": {"name": "greet"}, "entities": []}
    events: list[Event] = []
    for number in range(turns):
        said = UserUttered(f"message {number}", parse["intent"], [], parse)
        events += [ActionExecuted("action_listen"), said, SlotSet("draft", {"what": number})]
        events += [ActiveLoop("report_form"), ActionExecuted("utter_greet")]
    return events


def test_earlier_events_are_written_again_as_they_were() -> None:
    """What a turn writes is the same, whether the JSON of earlier turns is at hand or not."""
    parse = {"intent": {"name": "greet"}, "entities": [], "only": True}
    events, lines = decode(
        encode([*talk(2), UserUttered("a person,\n\n[please]", parse["intent"], [], parse)])
    )
    assert set(lines) == {
        id(event) for event in events[:-1]
    }  # the last one has what only the latest message keeps
    later = [*events, *talk(1)]
    assert _dumped(encode(later, lines)) == _dumped(encode(later))
    assert "only" not in str([event.as_dict() for event in decode(encode(later, lines))[0][:-5]])
    assert [event.as_dict() for event in decode(encode(events, lines))[0]] == [e.as_dict() for e in events]


def _dumped(state: bytes) -> list[dict[str, Any]]:
    return list(json.loads(zlib.decompress(state[1:])))


def test_a_row_of_an_earlier_version_is_read() -> None:
    dumped = [event.as_dict() for event in talk(2)]
    state = b"1" + zlib.compress(json.dumps(dumped, separators=(",", ":")).encode(), 1)
    events, lines = decode(state)
    assert [event.as_dict() for event in events] == dumped and not lines


def test_a_session_that_begins_a_dialogue_is_replayed_as_rasa_does() -> None:
    begun = [ActionExecuted("action_session_start"), SessionStarted(), SlotSet("language", "es")]
    later = [*talk(1), ActionExecuted("action_session_start"), SessionStarted()]
    for events in (begun, [*begun, *later], [*later, SlotSet("language", "fr")], [*begun, SessionStarted()]):
        ours = CompactTrackerStore(DOMAIN, url="postgresql://nobody").init_tracker("c1")
        replay(ours, events)
        theirs = DialogueStateTracker("c1", DOMAIN.slots)
        for event in events:
            theirs.update(event)
        assert ours.current_state() | {"latest_event_time": None} == theirs.current_state() | {
            "latest_event_time": None
        }
        assert ours.followup_action == theirs.followup_action and list(ours.events) == list(theirs.events)
