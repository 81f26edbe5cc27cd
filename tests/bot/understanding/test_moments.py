"""An intent that does not fit the moment of the dialogue becomes unlikely, but not impossible."""

import numpy as np
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.turn.moments import moments_of
from bot.understanding.classifier.moments import AWAY, Moments

LABELS = ("goodbye", "passport", "skip")
FITS = {"goodbye": ["said"], "skip": ["form"]}


def test_only_what_does_not_fit_loses() -> None:
    moments = Moments(FITS, LABELS)
    assert moments.shift(()).tolist() == [-AWAY, 0.0, -AWAY]
    assert moments.shift(["said"]).tolist() == [0.0, 0.0, -AWAY]
    assert moments.shift(["form", "said"]).tolist() == [0.0, 0.0, 0.0]


def test_examples_are_measured_in_the_first_moment_of_their_intent() -> None:
    shifts = Moments(FITS, LABELS).usual(np.array([1, 2, 0]))
    assert shifts.tolist() == [[-AWAY, 0.0, -AWAY], [-AWAY, 0.0, 0.0], [0.0, 0.0, -AWAY]]


def test_a_sure_guess_stays_the_best_one() -> None:
    logits = np.array([0.0, 1.0, 6.0]) + Moments(FITS, LABELS).shift(())
    assert logits.argmax() == 2


def test_the_moments_of_a_conversation() -> None:
    queue = AnySlot("report_queue", mappings=[{}])
    tracker = DialogueStateTracker("one", [queue])
    assert moments_of(tracker, {}) == []
    assert moments_of(tracker, {"waiting": True}) == ["answered", "queue", "said"]
    assert moments_of(tracker, {"own_reports": [{"id": "1"}]}) == ["filed"]
    tracker.update(UserUttered("hello"))
    assert moments_of(tracker, {}) == ["answered", "said"]
    tracker.update(ActionExecuted("action_handoff"))
    tracker.update(SlotSet("report_queue", [{"service": "pothole"}]))
    assert moments_of(tracker, {}) == ["answered", "paused", "queue", "said"]
    tracker.change_loop_to("report_form")
    tracker.update(ActionExecuted("action_submit_report"))
    assert moments_of(tracker, {}) == ["filed", "form", "paused", "queue", "said"]
