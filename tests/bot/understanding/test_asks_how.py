"""The number of a permit or a fine beside a question how something is done."""

from dataclasses import replace

import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.project import load_project
from bot.understanding.decision import Decision


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("How do I pay fine 2026-123?", "en", "parking_fine"),
        ("where can I pay 2026-123", "en", "parking_fine"),
        ("how can I see the status of fine 2026-123?", "en", "ask_status"),
        ("¿Cómo pago la multa 2026-123?", "es", "parking_fine"),
        ("¿cómo va la multa 2026-123?", "es", "ask_status"),
        ("Comment payer l'amende 2026-123 ?", "fr", "parking_fine"),
        ("où en est l'amende 2026-123 ?", "fr", "ask_status"),
    ],
)
def test_who_asks_how_is_told_how(text: str, language: str, intent: str) -> None:
    project = replace(load_project(), register_patterns=("20[0-9]{2}-[0-9]{3,6}",))
    message = Message(
        data={
            TEXT: text,
            "language": language,
            "thresholds": {"floor": 0.08, "lenient": 0.35, "sure": 0.6, "strict": 0.85, "scope": 4.0},
            INTENT: {"name": "parking_fine", "confidence": 0.9},
            INTENT_RANKING_KEY: [{"name": "parking_fine", "confidence": 0.9}],
            ENTITIES: [{"entity": "reference", "value": "2026-123"}],
        }
    )
    (message,) = Decision({"alarms": []}, project).process([message])
    assert message.get(INTENT)["name"] == intent
