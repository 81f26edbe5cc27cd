"""Rasa's processor, with work that it repeats for each message done once. Its answers are unchanged.

- stateless actions are created once: Rasa creates all of its default actions to find one;
- what was predicted in the same state is not predicted again (predictions.py);
- slot extraction is skipped if no slot has a mapping;
- neither events nor slots are copied for a debug message.

tests/bot/rasa_patches/test_processor.py compares each with the original.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from rasa.core.actions.action import (
    Action,
    ActionBotResponse,
    ActionListen,
    ActionSessionStart,
    RemoteAction,
)
from rasa.core.channels.channel import OutputChannel
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.graph_runner import StraightRunner
from bot.rasa_patches.predictions import Predict, Predictions
from bot.rasa_patches.trackers import applied

# They neither refuse nor read the events of the tracker, so they need no trial copy of it.
NEVER_REFUSE = frozenset({ActionBotResponse, ActionListen})
_WITHOUT_MEMORY = (ActionBotResponse, ActionListen, ActionSessionStart, RemoteAction)


class Processor(MessageProcessor):
    """MessageProcessor for one model, whose domain does not change."""

    _actions: dict[str, Action]
    _extracts: bool | None = None
    predictions: Predictions | None = None

    @staticmethod
    def _load_model(model_path: Path) -> tuple[str, ModelMetadata, StraightRunner]:
        """As Rasa's, with our runner in place of dask. Raises Rasa's errors for a file that is no model."""
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, StraightRunner
            )
        return os.path.basename(model_path), metadata, runner

    def _get_action(self, action_name: str) -> Action | None:
        known: dict[str, Action] = self.__dict__.setdefault("_actions", {})
        action: Action | None = known.get(action_name) or super()._get_action(action_name)
        if type(action) in _WITHOUT_MEMORY:
            known[action_name] = action
        return action

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """As Rasa's, with cached actions."""
        another = self.should_predict_another_action(tracker.latest_action_name)
        if another and self.is_action_limit_reached(tracker, another):
            refused: tuple[Action, PolicyPrediction] = super().predict_next_with_tracker_if_should(tracker)
            return refused  # not reached: Rasa raises ActionLimitReached first
        prediction = self._predict_next_with_tracker(tracker)
        action = self._get_action(self.domain.action_names_or_texts[prediction.max_confidence_index])
        assert action is not None
        return action, prediction

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        predict: Predict = super()._predict_next_with_tracker
        if self.predictions is None or tracker.followup_action:
            return predict(tracker)
        return self.predictions(tracker, predict)

    async def _update_tracker_session(
        self,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        if not applied(tracker) or self._has_session_expired(tracker):
            await super()._update_tracker_session(tracker, output_channel, metadata)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        if self._extracts is None:
            self._extracts = extracts_slots(self.domain)
        if not self._extracts:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Rasa writes all slots into a debug message after each message that names something."""

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        """As Rasa's, without copying all events for a debug message."""
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)


def extracts_slots(domain: Domain) -> bool:
    """Whether any slot of the domain can be filled from a message by Rasa itself or by an action."""
    mappings = [
        mapping for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for mapping in slot.mappings
    ]
    return ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions or any(
        mapping.get("type") != "custom" or mapping.get("action") for mapping in mappings
    )
