"""Makes Rasa's rule and memoization policies cheaper while serving, without changing their predictions.

The replacements are set on the loaded policy objects; no file or class of Rasa is changed:

- the states of a dialogue are computed once for a tracker, shared, and continued (dialogue_moments.py). Rasa replays all events three
  times for each prediction, each time with a copy of every slot, although none of our slots influences a policy;
- rules for another action or intent are skipped before Rasa tries the rest, and so are rules for texts where there are none;
- the rule for the same last states is found once, and a story is looked for only if one ends in the latest state;
- nothing is copied or formatted for debug messages that are not logged.

A project whose slots influence the dialogue is served by the original methods, and so is any other policy.
Whole predictions are kept by predictions.py. tests/bot/rasa_patches/test_policies.py compares both.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import (
    RULES,
    RULES_FOR_LOOP_UNHAPPY_PATH,
    RULES_NOT_IN_STORIES,
    RulePolicy,
)
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_UNLIKELY_INTENT_NAME,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.rasa_patches.dialogue_moments import Past
from bot.rasa_patches.trackers import applied

KEPT = 4096  # results by state; a state has a citizen's words only if the message has no intent
_PAST = "civicdesk_past"  # on a tracker: (number of events, the last of them, its Past)


def quicken(components: Iterable[Any], domain: Domain) -> None:
    """Install the replacements on the loaded policies among `components`."""
    if any(slot.has_features() for slot in domain.slots):
        return
    for policy in components:
        if type(policy) is RulePolicy:
            policy._prediction_states = _States(policy)
            candidates = _Candidates(policy)
            policy._get_possible_keys = candidates
            read_text = any(candidates.read_text(lookup) for lookup in _lookups(policy))
            policy._find_action_from_rules = Found(policy, read_text=read_text)
            policy.lookup[RULES_NOT_IN_STORIES] = frozenset(policy.lookup.get(RULES_NOT_IN_STORIES, ()))
            policy.format_tracker_states = _unformatted
        elif type(policy) is MemoizationPolicy:
            policy._prediction_states = _States(policy)
            policy.predict_action_probabilities = Remembered(policy)


def past_of(tracker: DialogueStateTracker, domain: Domain) -> Past:
    """The tracker's states, as they are followed and kept."""
    return _Told(tracker).past(domain)


class _States:
    """Replaces `policy._prediction_states`: Rasa's function on a tracker that caches its states."""

    def __init__(self, policy: Any) -> None:
        self._original = policy._prediction_states

    def __call__(
        self, tracker: DialogueStateTracker, domain: Domain, *args: Any, **kwargs: Any
    ) -> list[State]:
        states: list[State] = self._original(_Told(tracker), domain, *args, **kwargs)
        return states


class _Told:
    """The tracker interface that a featurizer uses. States are returned as copies, because featurizers change them."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self._tracker = tracker

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        past = self.past(domain)
        kind = (ignore_rule_only_turns, id(rule_only_data) if ignore_rule_only_turns else None)
        if kind not in past.states:
            past.states[kind] = Domain.states_for_tracker_history(
                past, past, omit_unset_slots, ignore_rule_only_turns, rule_only_data
            )
        return [{name: dict(part) for name, part in state.items()} for state in past.states[kind]]

    def past(self, domain: Domain) -> Past:
        """The tracker's current states."""
        events = self._tracker.events
        known = (len(events), events[-1] if events else None)
        count, last, past = getattr(self._tracker, _PAST, (-1, None, None))
        if past is None or count != known[0] or last is not known[1]:
            told = applied(self._tracker)
            if past is None or not past.begins(told):
                past = Past(domain, self._tracker.sender_id)
            past.follow(told)
            setattr(self._tracker, _PAST, (*known, past))
        return past


class _Candidates:
    """Replaces `policy._get_possible_keys`: Rasa tries only the rules that may apply.

    A rule cannot apply if its previous action or its intent differs from the latest state's.
    """

    def __init__(self, policy: RulePolicy) -> None:
        self._policy = policy
        self._original = policy._get_possible_keys
        self._sorted: dict[int, dict[tuple[Any, Any], list[str]]] = {}

    def read_text(self, lookup: dict[str, str]) -> bool:
        """Whether a rule may apply to a message's text before its intent is considered."""
        groups = self._groups(lookup)
        return bool(groups.get((ACTION_LISTEN_NAME, None)) or groups.get((None, None)))

    def __call__(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        groups = self._groups(lookup)
        latest = states[-1]
        action, intent = _named(latest, PREVIOUS_ACTION, ACTION_NAME), _named(latest, USER, INTENT)
        near: dict[str, str] = {}
        for group in dict.fromkeys([(action, intent), (action, None), (None, intent), (None, None)]):
            near.update((key, lookup[key]) for key in groups.get(group, ()))
        if not near:
            return set()
        # what was before a rule's first state does not matter to it
        longest = max(len(self._policy._rule_key_to_state(key)) for key in near)
        keys: set[str] = self._original(near, states[-longest:])
        return keys

    def _groups(self, lookup: dict[str, str]) -> dict[tuple[Any, Any], list[str]]:
        if id(lookup) not in self._sorted:  # the policy has two lookups, which live as long as it does
            self._sorted[id(lookup)] = self._sort(lookup)
        return self._sorted[id(lookup)]

    def _sort(self, lookup: dict[str, str]) -> dict[tuple[Any, Any], list[str]]:
        groups: dict[tuple[Any, Any], list[str]] = defaultdict(list)
        for key in lookup:
            latest = self._policy._rule_key_to_state(key)[-1]
            groups[_named(latest, PREVIOUS_ACTION, ACTION_NAME), _named(latest, USER, INTENT)].append(key)
        return groups


class Found:
    """Replaces `policy._find_action_from_rules`. Rasa looks first for rules that need the message's text; without
    `read_text` there are none.

    What it finds is kept: it depends on the last states, as many as the longest rule has, and on the active form. The name of
    what was found is a rule, or all states so far where there is none, which is only compared with rules.
    """

    def __init__(self, policy: RulePolicy, *, read_text: bool) -> None:
        self._original = policy._find_action_from_rules
        self.read_text = read_text
        self._longest = max((len(policy._rule_key_to_state(key)) for key in _sources(policy)), default=1)
        self._found: dict[Hashable, tuple[str | None, str | None, bool]] = {}

    def __call__(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        found: tuple[str | None, str | None, bool] | None
        if use_text_for_last_user_input:
            found = self._original(tracker, domain, True) if self.read_text else (None, None, False)
            return found
        key = self.key(past_of(tracker, domain), tracker, domain)
        found = self._found.get(key)
        if found is None:
            found = self._original(tracker, domain, False)
            if len(self._found) >= KEPT:
                self._found.clear()
            self._found[key] = found
        return found

    def key(self, past: Past, tracker: DialogueStateTracker, domain: Domain) -> Hashable:
        """What the rules that are found depend on. `past`: of the tracker."""
        return past.latest(self._longest, domain), len(past) > self._longest, tracker.active_loop_name


def _lookups(policy: RulePolicy) -> list[dict[str, str]]:
    return [policy.lookup[name] for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) if name in policy.lookup]


def _sources(policy: RulePolicy) -> list[str]:
    """Everything with which a found rule's name is compared; Rasa's own names for other predictions are no states."""
    compared = [
        *policy.lookup.get(RULES_NOT_IN_STORIES, ()),
        *(key for one in _lookups(policy) for key in one),
    ]
    return [source for source in compared if source.startswith("[")]


class Remembered:
    """Replaces the memoization's `predict_action_probabilities`, without its debug messages.

    A story is looked for only if the dialogue's latest state is the last one of some story; `_ends` keeps the answer.
    """

    def __init__(self, policy: MemoizationPolicy) -> None:
        self._policy = policy
        self._stories = [_told_by(policy, key) for key in policy.lookup]
        self._ends: dict[Hashable, bool] = {}

    def __call__(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        policy = self._policy
        if not self.may_end_a_story(past_of(tracker, domain), domain, rule_only_data):
            return policy._prediction(policy._default_predictions(domain))
        states = policy._prediction_states(tracker, domain, rule_only_data=rule_only_data)
        action = policy.recall(states, tracker, domain, rule_only_data=rule_only_data)
        if action is None:
            return policy._prediction(policy._default_predictions(domain))
        return policy._prediction(policy._prediction_result(action, tracker, domain))

    def may_end_a_story(self, past: Past, domain: Domain, rule_only_data: dict[str, Any] | None) -> bool:
        """False if no story ends in the dialogue's latest state."""
        shown = past.shown()
        if shown is None:
            return True
        moment, speaker, action = shown
        key = (moment.key(domain), speaker.key(domain), tuple(action.items()) if action else None)
        ends = self._ends.get(key)
        if ends is None:
            state = {part: dict(values) for part, values in moment.state(domain).items()}
            Domain._remove_rule_only_features(state, rule_only_data)
            state[USER] = dict(speaker.state(domain).get(USER, {}))
            state[PREVIOUS_ACTION] = dict(action or state.get(PREVIOUS_ACTION, {}))
            ends = state[PREVIOUS_ACTION].get(ACTION_NAME) == ACTION_UNLIKELY_INTENT_NAME
            self._policy.featurizer._choose_last_user_input([[state]], False)
            last = _as_in_stories([Domain._clean_state(state)])[1:]
            ends = ends or any(story.endswith(last) for story in self._stories)
            if len(self._ends) >= KEPT:
                self._ends.clear()
            self._ends[key] = ends
        return ends


def _told_by(policy: MemoizationPolicy, key: str) -> str:
    """The states that a key of the memoization was made of, as text."""
    if not policy.config["enable_feature_string_compression"]:
        return key
    return zlib.decompress(base64.b64decode(key)).decode()


def _as_in_stories(states: list[State]) -> str:
    """The text that the memoization makes of states."""
    return json.dumps(states, sort_keys=True).replace('"', "")


def _named(state: State, part: str, name: str) -> str | None:
    """The name in that part of a state; None if there is none, or a value that is compared differently."""
    found = state.get(part, {}).get(name)
    return found if isinstance(found, str) and found and found != SHOULD_NOT_BE_SET else None


def _unformatted(states: list[State]) -> str:
    return ""
