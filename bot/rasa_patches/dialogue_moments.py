"""Follows a dialogue event by event and keeps the states at which an action could be predicted, instead of replaying all events.

Rasa recomputes the states of a dialogue from its first event for each prediction. Here they are cached, and only
new events are added. The states still come from Rasa's `Domain.states_for_tracker_history`, called with
a Past in place of the tracker and the domain.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTIVE_LOOP, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

from bot.rasa_patches.trackers import play

_UNSEEN = frozenset({SlotSet, BotUttered})  # they change nothing that a Moment has
_READ = "civicdesk_read"  # on a message: what a domain reads in it, and what that depends on


@dataclass
class Moment:
    """The parts of a tracker that a domain reads. `slots` is empty, because our slots have no features."""

    latest_message: UserUttered | None
    latest_action: dict[str, str] | None
    latest_action_name: str | None
    active_loop: TrackerActiveLoop | None
    active_loop_name: str | None
    followup_action: str | None
    hidden: bool
    slots: dict[str, Any] = field(default_factory=dict)
    _state: State | None = None
    _key: Hashable = None
    _as_text: bool | None = None

    @classmethod
    def of(cls, tracker: DialogueStateTracker, *, hidden: bool) -> Moment:
        return cls(
            tracker.latest_message,
            tracker.latest_action,
            tracker.latest_action_name,
            copy.copy(tracker.active_loop),
            tracker.active_loop_name,
            tracker.followup_action,
            hidden,
        )

    def state(self, domain: Domain) -> State:
        """The domain's state, computed once. An event can later change how a message is read; then it is computed again."""
        as_text = self.latest_message.use_text_for_featurization if self.latest_message else None
        if self._state is None or as_text != self._as_text:
            self._state, self._key, self._as_text = self._active_state(domain, as_text), None, as_text
        return self._state

    def _active_state(self, domain: Domain, as_text: bool | None) -> State:
        """As the domain's, which reads the message again for each of its moments."""
        message = self.latest_message
        if message is None or self.slots:
            return domain.get_active_state(self)
        known = vars(message).get(_READ)
        if known is None or known[:3] != (id(domain), as_text, len(message.entities)):
            plain = not message.entities and not message.is_empty()
            read = message.as_sub_state() if plain else domain._get_user_sub_state(self)
            known = (id(domain), as_text, len(message.entities), read)
            vars(message)[_READ] = known
        return domain._clean_state(
            {
                USER: known[3],
                PREVIOUS_ACTION: domain._get_prev_action_sub_state(self),
                ACTIVE_LOOP: domain._get_active_loop_sub_state(self),
            }
        )

    def key(self, domain: Domain) -> Hashable:
        """Equal for two moments with equal states."""
        state = self.state(domain)
        if self._key is None:
            self._key = frozen(state)
        return self._key


def frozen(state: State) -> Hashable:
    """A state as a key: the same for equal states, another for different ones. A policy sees no text beside an intent."""
    user = state.get(USER, {})
    dropped = TEXT if user.get(INTENT) else None
    return tuple(
        (part, tuple((name, state[part][name]) for name in sorted(state[part]) if name != dropped))
        for part in sorted(state)
    )


class Past:
    """All moments so far. `states`: the derived states, by kind, until the next event."""

    _get_prev_action_sub_state = staticmethod(Domain._get_prev_action_sub_state)
    _remove_rule_only_features = staticmethod(Domain._remove_rule_only_features)
    _substitute_rule_only_user_input = staticmethod(Domain._substitute_rule_only_user_input)
    _clean_state = staticmethod(Domain._clean_state)

    def __init__(self, domain: Domain, sender_id: str) -> None:
        self.states: dict[tuple[bool, int | None], list[State]] = {}
        self._domain = domain
        self._events: list[Event] = []
        self._bare = DialogueStateTracker(sender_id, ())
        self._past: list[Moment] = []
        self._now = Moment.of(self._bare, hidden=False)

    def begins(self, events: list[Event]) -> bool:
        """Whether `events` continue those already followed, and none of them was reverted."""
        return len(self._events) <= len(events) and all(
            mine is theirs for mine, theirs in zip(self._events, events, strict=False)
        )

    def latest(self, count: int, domain: Domain) -> tuple[Hashable, ...]:
        """The keys of the last `count` states, or of all if there are fewer; their length says which."""
        moments = [*self._past[-count + 1 :], self._now] if count > 1 else [self._now]
        return tuple(moment.key(domain) for moment in moments)

    def shown(self) -> tuple[Moment, Moment, dict[str, str] | None] | None:
        """What the last state is made of that a story's policy sees (Rasa hides turns that only rules predict): its moment,
        the moment whose message it has, and the action before it if that is not the moment's own."""
        hidden, action = False, None
        found: tuple[Moment, Moment, dict[str, str] | None] | None = None
        for moment, of_rule in self.generate_all_prior_trackers():
            if not hidden:
                action = moment.latest_action
            if not moment.followup_action and moment.latest_action_name != moment.active_loop_name:
                hidden = of_rule
            if hidden:
                continue
            listened = (moment.latest_action or {}).get(ACTION_NAME) == ACTION_LISTEN_NAME
            found = (moment, moment if listened or found is None else found[1], action)
        return found

    def __len__(self) -> int:
        """How many states there are."""
        return len(self._past) + 1

    def follow(self, events: list[Event]) -> None:
        """Add the new ones."""
        fresh = events[len(self._events) :]
        if not fresh:
            return
        for event in fresh:
            if type(event) is ActionExecuted:
                self._past.append(Moment.of(self._bare, hidden=event.hide_rule_turn))
            if type(event) not in _UNSEEN:
                play(self._bare, event)
        self._events = events
        self._now = Moment.of(self._bare, hidden=False)
        self.states = {}

    # The methods that Domain.states_for_tracker_history calls on a tracker and its domain.

    def generate_all_prior_trackers(self) -> Iterator[tuple[Moment, bool]]:
        yield from ((moment, moment.hidden) for moment in (*self._past, self._now))

    def get_active_state(self, moment: Moment, omit_unset_slots: bool = False) -> State:
        """A copy, because the caller changes it."""
        return {name: dict(part) for name, part in moment.state(self._domain).items()}
