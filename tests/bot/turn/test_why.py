"""A turn says why it was decided so: model, rule, thresholds, nearest examples, and what the dialogue ran."""

import numpy as np

from bot.understanding.classifier.nearest import Nearest
from bot.understanding.classifier.why import decided_by
from tests.bot.fixtures import Bot


async def test_a_turn_has_its_reasons(bot: Bot) -> None:
    answer = await bot.ask("when is my bin collected")
    parse = answer["parse"]
    assert parse["decided"] == "example" and parse["ran"] == ["utter_bins"]
    assert parse["nearest"][0] == {"text": "when is my bin collected", "intent": "bins", "likeness": 1.0}
    assert 0 < parse["sure_from"] < 1 and parse["model"]


async def test_a_button_is_its_own_reason(bot: Bot) -> None:
    answer = await bot.ask(intent="bins")
    assert answer["parse"]["decided"] == "button" and answer["parse"]["nearest"] == []


def test_the_rule_is_named() -> None:
    sure = {"intent": {"name": "bins"}}
    assert decided_by("bins", "sure", sure) == "sure"
    assert decided_by("bins", "sure", {"intent": {"name": "report_problem"}}) == "form"
    assert decided_by("bins", "sure", {**sure, "only": True, "urgency": "fire"}) == "danger"
    assert decided_by("bins", "sure", {**sure, "only": True, "urgency": None}) == "person"
    assert decided_by(None, None, {"intent": {"name": "nlu_fallback"}, "reason": "close"}) == "close"


def test_the_nearest_are_of_the_intents_that_were_considered() -> None:
    vectors = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]])
    nearest = Nearest.of(["a", "b", "c"], ["x", "y", "z"], vectors)
    found = nearest(np.array([1.0, 0.0]), ["y", "z", "unknown"])
    assert [one["text"] for one in found] == ["b", "c"]
    assert nearest(np.array([1.0, 0.0]), ["unknown"]) == []
