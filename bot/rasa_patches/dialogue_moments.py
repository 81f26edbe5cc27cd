"""Moments of a dialogue at which an action could be predicted, followed event by event instead of replayed.

Rasa makes the states of a dialogue anew from its first event for each prediction. Here the moments are kept, and only
what happened since is added. How states follow from them stays Rasa's: `Domain.states_for_tracker_history` is asked, with
a Past in place of the domain and of the tracker.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop

from bot.rasa_patches.trackers import play


@dataclass
class Moment:
    """What a domain reads of a tracker, as it was. `slots` are none: ours have no features."""

    latest_message: UserUttered | None
    latest_action: dict[str, str] | None
    latest_action_name: str | None
    active_loop: TrackerActiveLoop | None
    active_loop_name: str | None
    followup_action: str | None
    hidden: bool
    slots: dict[str, Any] = field(default_factory=dict)
    _state: State | None = None
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
        """The domain's, made once. An event can change afterwards how a message is read, and then it is made again."""
        as_text = self.latest_message.use_text_for_featurization if self.latest_message else None
        if self._state is None or as_text != self._as_text:
            self._state, self._as_text = domain.get_active_state(self), as_text
        return self._state


class Past:
    """All up to now. `states`: what was made of them, by kind, for as long as nothing happens."""

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
        """Whether `events` go on from what was followed so far, and nothing of it was taken back."""
        return len(self._events) <= len(events) and all(
            mine is theirs for mine, theirs in zip(self._events, events, strict=False)
        )

    def follow(self, events: list[Event]) -> None:
        """Add what is new in them."""
        fresh = events[len(self._events) :]
        if not fresh:
            return
        for event in fresh:
            if type(event) is ActionExecuted:
                self._past.append(Moment.of(self._bare, hidden=event.hide_rule_turn))
            if type(event) is not SlotSet:
                play(self._bare, event)
        self._events = events
        self._now = Moment.of(self._bare, hidden=False)
        self.states = {}

    # What Domain.states_for_tracker_history asks of a tracker and of its domain.

    def generate_all_prior_trackers(self) -> Iterator[tuple[Moment, bool]]:
        yield from ((moment, moment.hidden) for moment in (*self._past, self._now))

    def get_active_state(self, moment: Moment, omit_unset_slots: bool = False) -> State:
        """A copy: its parts are changed."""
        return {name: dict(part) for name, part in moment.state(self._domain).items()}
