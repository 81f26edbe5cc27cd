"""Our policies predict what Rasa's predict, in random dialogues.

One long file on purpose: all of it compares the same two sets of trained policies, ours and Rasa's.
"""

import random
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph

from bot.rasa_patches import policies as kept
from bot.rasa_patches import predictions as whole
from bot.rasa_patches.policies import quicken
from bot.rasa_patches.predictions import Predictions
from bot.rasa_patches.trackers import applied

DOMAIN = """
intents: [greet, ask, stop, report, detail, thanks]
entities: [service]
slots:
  place: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms:
  report_form: {required_slots: [place]}
responses:
  utter_greet: [{text: Hello}]
  utter_answer: [{text: So it is}]
  utter_stopped: [{text: Stopped}]
  utter_thanks: [{text: You are welcome}]
actions: [action_submit]
"""
RULES = """
rules:
- {rule: greets, steps: [{intent: greet}, {action: utter_greet}]}
- {rule: greets at first, conversation_start: true, steps: [{intent: detail}, {action: utter_greet}]}
- {rule: answers, steps: [{intent: ask}, {action: utter_answer}]}
- {rule: reports, steps: [{intent: report}, {action: report_form}, {active_loop: report_form}]}
- rule: submits
  condition: [{active_loop: report_form}]
  steps: [{action: report_form}, {active_loop: null}, {action: action_submit}]
- rule: stops
  condition: [{active_loop: report_form}]
  steps: [{intent: stop}, {action: utter_stopped}, {action: action_deactivate_loop}, {active_loop: null}]
- rule: answers in between
  condition: [{active_loop: report_form}]
  steps: [{intent: ask}, {action: utter_answer}, {action: report_form}, {active_loop: report_form}]
stories:
- story: thanks after a greeting
  steps: [{intent: greet}, {action: utter_greet}, {intent: thanks}, {action: utter_thanks}]
"""


class Policies:
    """Rules and memoization, trained on the above; `quick` as we serve them."""

    def __init__(self, folder: Path, *, quick: bool, domain: Domain) -> None:
        folder.mkdir()
        steps = YAMLStoryReader(domain).read_from_parsed_yaml(_yaml(RULES))
        trackers = TrainingDataGenerator(StoryGraph(steps), domain, augmentation_factor=0).generate()
        self.domain = domain
        self.all: list[Any] = []
        for kind in (RulePolicy, MemoizationPolicy):
            policy = kind(
                {**kind.get_default_config(), "max_history": 6 if kind is MemoizationPolicy else None},
                LocalModelStorage(folder),
                Resource(kind.__name__),
                ExecutionContext(GraphSchema({})),
            )
            policy.train(trackers, domain)
            self.all.append(policy)
        self.rule_only = self.all[0]._get_rule_only_data()
        if quick:
            quicken(self.all, domain)

    def predict(self, tracker: DialogueStateTracker) -> list[Any]:
        found = [
            policy.predict_action_probabilities(tracker, self.domain, rule_only_data=self.rule_only)
            for policy in self.all
        ]
        return [
            (p.probabilities, p.policy_name, p.hide_rule_turn, p.is_no_user_prediction) for p in found
        ] + [[type(event) for p in found for event in p.events]]


def _yaml(text: str) -> dict[str, Any]:
    from rasa.shared.utils.io import read_yaml

    return dict(read_yaml(text))


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Policies, Policies]:
    folder = tmp_path_factory.mktemp("policies")
    domain = Domain.from_yaml(DOMAIN)
    return (
        Policies(folder / "quick", quick=True, domain=domain),
        Policies(folder / "plain", quick=False, domain=domain),
    )


@pytest.fixture
def anywhere(
    policies: tuple[Policies, Policies], monkeypatch: pytest.MonkeyPatch
) -> tuple[Policies, Policies]:
    """As ours: no rule can apply to a text without an intent. Here one could, but only before the first action."""
    monkeypatch.setattr(policies[0].all[0]._find_action_from_rules, "read_text", False)
    return policies


def _next(draw: random.Random, tracker: DialogueStateTracker, action: str, domain: Domain) -> list[Event]:
    """Mostly what a dialogue does, now and then anything."""
    if tracker.latest_action_name == "action_listen" and not isinstance(tracker.events[-1], UserUttered):
        intent = {"name": draw.choice(domain.intents), "confidence": 0.9}
        entities = [{"entity": "service", "value": "x"}] if draw.random() < 0.3 else []
        return [UserUttered("a text", intent, entities)]
    chosen = action if draw.random() < 0.7 else draw.choice(domain.action_names_or_texts)
    found: list[Event] = [ActionExecuted(chosen, hide_rule_turn=draw.random() < 0.3)]
    if chosen == "report_form" and draw.random() < 0.4:
        return [ActionExecutionRejected("report_form")]  # the form hears something that is not for it
    strange = [
        *((ActiveLoop("report_form"),) * (4 if chosen == "report_form" else 0)),
        ActiveLoop(None),
        SlotSet("place", "12 Mill Lane"),
        ActionExecutionRejected("report_form"),
        LoopInterrupted(True),
        UserUtteranceReverted(),
        ActionReverted(),
        Restarted(),
        SessionStarted(),
        BotUttered("a reply"),
        DefinePrevUserUtteredFeaturization(False),
    ]
    return [*found, *draw.sample(strange, draw.choice((0, 0, 1, 1, 2)))]


def test_predict_what_rasas_predict(policies: tuple[Policies, Policies]) -> None:
    quick, plain = policies
    draw = random.Random(3)
    seen = set()
    for _ in range(60):
        tracker = DialogueStateTracker("c1", quick.domain.slots)
        tracker.update(ActionExecuted("action_listen"))
        for _ in range(15):
            found = quick.predict(tracker)
            assert found == plain.predict(tracker), [str(event) for event in tracker.events]
            best = max(range(len(found[0][0])), key=found[0][0].__getitem__)
            action = quick.domain.action_names_or_texts[best]
            seen.add(action)
            for event in _next(draw, tracker, action, quick.domain):
                tracker.update(event)
                assert applied(tracker) == tracker.applied_events()
    assert {"utter_greet", "utter_answer", "report_form", "action_submit", "action_listen"} <= seen


def test_whole_predictions_are_those_of_rasas_policies_and_its_choice(
    anywhere: tuple[Policies, Policies], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, plain = anywhere
    choice = DefaultPolicyPredictionEnsemble()
    kept = Predictions.of([*quick.all, choice], quick.domain)
    assert kept is not None
    made: list[DialogueStateTracker] = []

    def predict(side: Policies, tracker: DialogueStateTracker) -> PolicyPrediction:
        found = [
            policy.predict_action_probabilities(tracker, side.domain, rule_only_data=side.rule_only)
            for policy in side.all
        ]
        return choice.combine_predictions(found, tracker, side.domain)

    def ours(tracker: DialogueStateTracker) -> PolicyPrediction:
        made.append(tracker)
        return predict(quick, tracker)

    monkeypatch.setattr(whole, "KEPT", 40)
    draw, asked = random.Random(5), 0
    for _ in range(60):
        tracker = DialogueStateTracker("c1", quick.domain.slots)
        tracker.update(ActionExecuted("action_listen"))
        for _ in range(15):
            found, theirs = kept(tracker, ours), predict(plain, tracker)
            asked += 1
            assert found == theirs and found.max_confidence == theirs.max_confidence
            assert found.max_confidence_index == theirs.max_confidence_index
            action = quick.domain.action_names_or_texts[found.max_confidence_index]
            tracker.update_with_events(found.events, quick.domain)
            for event in _next(draw, tracker, action, quick.domain):
                tracker.update(event)
    assert len(made) < asked * 0.8
    assert 0 < len(kept._kept) <= 40


def test_no_words_of_a_message_without_an_intent_are_kept(anywhere: tuple[Policies, Policies]) -> None:
    quick, _ = anywhere
    choice = DefaultPolicyPredictionEnsemble()
    kept = Predictions.of([*quick.all, choice], quick.domain)
    assert kept is not None
    tracker = DialogueStateTracker("c1", quick.domain.slots)
    for event in (ActionExecuted("action_listen"), UserUttered("my name is Ana")):
        tracker.update(event)

    def predict(tracker: DialogueStateTracker) -> PolicyPrediction:
        return PolicyPrediction([1.0], "RulePolicy")

    kept(tracker, predict)
    assert not kept._kept


def test_predictions_of_other_policies_are_not_kept(policies: tuple[Policies, Policies]) -> None:
    quick, plain = policies
    choice = DefaultPolicyPredictionEnsemble()
    assert Predictions.of([*quick.all, choice], quick.domain) is None  # a rule may apply to a text
    assert Predictions.of([*plain.all, choice], plain.domain) is None
    assert Predictions.of(quick.all, quick.domain) is None
    assert Predictions.of([quick.all[0], choice], quick.domain) is None


def test_remembered_states_follow_the_tracker(policies: tuple[Policies, Policies]) -> None:
    quick, plain = policies
    tracker = DialogueStateTracker("c1", quick.domain.slots)
    for event in (ActionExecuted("action_listen"), UserUttered("hi", {"name": "greet"})):
        tracker.update(event)
    before = quick.predict(tracker)
    assert quick.predict(tracker) == before  # a featurizer that changed what is kept would change this
    tracker.update(ActionExecuted("utter_greet"))
    assert quick.predict(tracker) == plain.predict(tracker) != before


def test_a_rule_is_found_once_for_the_same_last_states(
    policies: tuple[Policies, Policies], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, _ = policies
    finder, stories = quick.all[0]._find_action_from_rules, quick.all[1].predict_action_probabilities
    monkeypatch.setattr(kept, "KEPT", 3)
    looked: list[str] = []
    original = finder._original

    def look(tracker: DialogueStateTracker, domain: Domain, by_text: bool) -> Any:
        if not by_text:
            looked.append(tracker.sender_id)
        return original(tracker, domain, by_text)

    monkeypatch.setattr(finder, "_original", look)
    finder._found.clear()
    stories._ends.clear()
    for text in ("hello", "good morning", "hi there"):  # other words, the same states
        tracker = DialogueStateTracker(text, quick.domain.slots)
        for event in (ActionExecuted("action_listen"), UserUttered(text, {"name": "ask"})):
            tracker.update(event)
        quick.predict(tracker)
    assert looked == ["hello"]
    for intent in quick.domain.intents:  # what is kept is bounded
        tracker = DialogueStateTracker(intent, quick.domain.slots)
        for event in (ActionExecuted("action_listen"), UserUttered("x", {"name": intent})):
            tracker.update(event)
        quick.predict(tracker)
        assert len(finder._found) <= 3 and len(stories._ends) <= 3
    assert not any("hello" in str(key) for key in (*finder._found, *stories._ends))


def test_slots_that_influence_the_dialogue_leave_everything_as_it_is(
    policies: tuple[Policies, Policies], tmp_path: Path
) -> None:
    told = DOMAIN.replace("influence_conversation: false", "influence_conversation: true")
    domain = Domain.from_yaml(told)
    made = Policies(tmp_path / "made", quick=True, domain=domain)
    assert not any("_prediction_states" in vars(policy) for policy in made.all)
    assert all("_prediction_states" in vars(policy) for policy in policies[0].all)


def test_another_policy_is_left_alone(policies: tuple[Policies, Policies]) -> None:
    class Another(RulePolicy):
        pass

    policy = object.__new__(Another)
    quicken([policy, object()], policies[0].domain)
    assert not vars(policy)
