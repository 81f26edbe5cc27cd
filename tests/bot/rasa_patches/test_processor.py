"""Cached work gives the same results as Rasa's repeated work: actions, slots to fill, trackers."""

from typing import Any

import pytest
from rasa.core.actions.action import ActionExtractSlots, action_for_name_or_text
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.processor import _WITHOUT_MEMORY, extracts_slots
from bot.rasa_patches.trackers import fresh, twin, unset
from bot.turn.replies import Collector
from tests.bot.fixtures import Bot


def _domain(mapping: dict[str, Any], *, actions: tuple[str, ...] = ()) -> Domain:
    slot = {"type": "any", "influence_conversation": False, "initial_value": "none", "mappings": [mapping]}
    return Domain.from_dict(
        {
            "intents": ["tell"],
            "entities": ["place"],
            "slots": {"draft": slot},
            "actions": list(actions),
            "forms": {"form": {"required_slots": ["draft"]}},
        }
    )


@pytest.mark.parametrize(
    ("mapping", "actions", "extracts"),
    [
        ({"type": "custom"}, (), False),
        ({"type": "custom"}, ("action_validate_slot_mappings",), True),
        ({"type": "custom", "action": "action_look"}, ("action_look",), True),
        ({"type": "from_entity", "entity": "place"}, (), True),
        ({"type": "from_text"}, (), True),
    ],
)
async def test_slots_are_looked_for_wherever_one_could_be_filled(
    mapping: dict[str, Any], actions: tuple[str, ...], extracts: bool
) -> None:
    domain = _domain(mapping, actions=actions)
    assert extracts_slots(domain) is extracts
    if extracts:
        return
    tracker = DialogueStateTracker("c1", domain.slots)  # and Rasa itself finds nothing, in a form and outside
    nlg = TemplatedNaturalLanguageGenerator({})
    for event in (
        ActionExecuted("action_listen"),
        UserUttered("here", {"name": "tell"}, [{"entity": "place", "value": "x"}]),
        ActiveLoop("form"),
        SlotSet("requested_slot", "draft"),
    ):
        tracker.update(event)
        assert await ActionExtractSlots(None).run(Collector(), nlg, tracker, domain) == []


def test_an_action_is_the_one_that_rasa_would_make(bot: Bot) -> None:
    assistant = bot.assistant
    for name in assistant.domain.action_names_or_texts:
        if name == "action_restart":
            continue
        ours, again = assistant._get_action(name), assistant._get_action(name)
        theirs = action_for_name_or_text(name, assistant.domain, assistant.action_endpoint)
        assert ours is not None
        assert type(ours) is type(theirs)
        assert vars(ours) == vars(theirs)
        assert (ours is again) is (type(ours) in _WITHOUT_MEMORY)


def test_the_same_action_is_predicted(bot: Bot) -> None:
    assistant = bot.assistant
    for intent in ("greet", "nlu_fallback", "ask_status"):
        predicted = []
        for predict in (
            assistant.predict_next_with_tracker_if_should,
            lambda tracker: MessageProcessor.predict_next_with_tracker_if_should(assistant, tracker),
        ):
            tracker = assistant.tracker_store.init_tracker("c1")
            tracker.update(ActionExecuted("action_listen"))
            tracker.update(UserUttered("text", {"name": intent, "confidence": 0.9}))
            action, prediction = predict(tracker)
            predicted.append((action.name(), prediction))
        assert predicted[0] == predicted[1]


def test_a_new_tracker_and_a_second_one_are_as_rasas() -> None:
    domain = _domain({"type": "custom"})
    domain.slots[0].value = "changed"  # a domain's slot is only a pattern
    ours, theirs = fresh("c1", unset(domain.slots)), DialogueStateTracker("c1", domain.slots)
    told = [ActionExecuted("action_listen"), UserUttered("hi"), SlotSet("draft", ["x"]), ActiveLoop("form")]
    for event in [None, *told]:
        for tracker in (ours, theirs) if event else ():
            tracker.update(event)
        assert ours.current_state() | {"events": None} == theirs.current_state() | {"events": None}
        assert list(map(vars, ours.slots.values())) == list(map(vars, theirs.slots.values()))
    second = twin(ours)
    assert second == ours
    second.update(SlotSet("draft", "another"))
    second.update(ActiveLoop(None))
    assert (ours.get_slot("draft"), ours.active_loop_name, len(ours.events)) == (["x"], "form", 4)
    assert domain.slots[0].value == "changed"
