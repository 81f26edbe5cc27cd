"""Keeps whole predictions: what rules, stories and the choice between them predict together, by all that this depends on.

Rasa asks each policy, makes a list of all actions for each, and chooses. Where no story ends in the dialogue's latest state,
the outcome depends on what the rules depend on (`_Found.key`), on the action before it and on a form that refused. A
prediction after a refusal, or of other policies than ours, is always made anew.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.policies import KEPT, Found, Remembered, past_of

Predict = Callable[[DialogueStateTracker], PolicyPrediction]
_DEPENDENT = frozenset({DefinePrevUserUtteredFeaturization, LoopInterrupted})  # events that the key decides


class Again(PolicyPrediction):
    """A kept prediction with events of its own. Its best action is looked for once."""

    def __init__(self, kept: PolicyPrediction, best: int, confidence: float) -> None:
        self.__dict__.update(vars(kept))
        self.events = [_now(event) for event in kept.events]
        self._best = best
        self._confidence = confidence

    @property
    def max_confidence_index(self) -> int:
        return self._best

    @property
    def max_confidence(self) -> float:
        return self._confidence


class Predictions:
    """`rules` and `stories`: the only policies, with our replacements."""

    def __init__(self, rules: RulePolicy, stories: MemoizationPolicy, domain: Domain) -> None:
        self._found: Found = rules._find_action_from_rules
        self._stories: Remembered = stories.predict_action_probabilities
        self._rule_only = rules._get_rule_only_data()
        self._domain = domain
        self._kept: dict[Hashable, tuple[PolicyPrediction, int, float]] = {}

    @classmethod
    def of(cls, components: Iterable[Any], domain: Domain) -> Predictions | None:
        """None if the model has other policies, or chooses between them in another way."""
        parts = list(components)
        policies = {type(one): one for one in parts if isinstance(one, Policy)}
        chosen = any(type(one) is DefaultPolicyPredictionEnsemble for one in parts)
        if set(policies) != {RulePolicy, MemoizationPolicy} or not chosen:
            return None
        rules, stories = policies[RulePolicy], policies[MemoizationPolicy]
        found = vars(rules).get("_find_action_from_rules")
        if type(found) is not Found or found.read_text:
            return None  # slots influence the dialogue, or the words of a message do
        return cls(rules, stories, domain)

    def __call__(self, tracker: DialogueStateTracker, predict: Predict) -> PolicyPrediction:
        """As `predict(tracker)`."""
        key = self._key(tracker)
        if key is None:
            return predict(tracker)
        kept = self._kept.get(key)
        if kept is not None:
            return Again(*kept)
        found = predict(tracker)
        if all(type(event) in _DEPENDENT for event in found.events) and not found.optional_events:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = found, found.max_confidence_index, found.max_confidence
            return Again(*self._kept[key])
        return found

    def _key(self, tracker: DialogueStateTracker) -> Hashable:
        kinds = (ActionExecuted, ActionExecutionRejected)
        last = next((event for event in reversed(tracker.events) if type(event) in kinds), None)
        if type(last) is ActionExecutionRejected:
            return None
        past = past_of(tracker, self._domain)
        if self._stories.may_end_a_story(past, self._domain, self._rule_only):
            return None
        message = tracker.latest_message
        intent = message.intent.get("name") if message else None
        if message and message.text and not intent:
            return None  # its state has the citizen's words
        return (
            self._found.key(past, tracker, self._domain),
            tracker.is_active_loop_rejected,
            tracker.is_active_loop_interrupted,
            tracker.latest_action_name,
            intent,
        )


def _now(event: Event) -> Event:
    again = copy.copy(event)
    again.timestamp = time.time()
    return again
