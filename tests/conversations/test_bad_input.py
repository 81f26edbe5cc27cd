"""Each kind of input that is no question has a defined outcome, and nothing that a stranger types breaks the real bot."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bot import LANGUAGES, METADATA, Bot

pytestmark = pytest.mark.slow

CORPUS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "corpus" / "bad_input.yml").read_text(encoding="utf-8")
)
CONTACT = {"id": "6f9619ff-8b86-4011-842d-00cf4fc964ff", "name": None, "email": None, "phone": None}


def ask(bot: Bot, text: str) -> dict[str, Any]:
    body = {"kind": "text", "text": text, "language": "en", "metadata": {**METADATA, "contact": CONTACT}}
    return bot.turn(str(uuid4()), body)


@pytest.mark.parametrize("row", CORPUS, ids=[row["name"] for row in CORPUS])
def test_the_outcome_is_defined(bot: Bot, row: dict[str, Any]) -> None:
    answer = ask(bot, row["text"] * row.get("times", 1))
    said = [reply["answer"] or reply["response"] for reply in answer["replies"]]
    assert said and said[0] in row["said"], f"{said}, parsed as {answer['parse']['intent']}"
    assert answer["form"] is None
    assert answer["directives"] == []


_PIECES = st.sampled_from(
    [
        "/",
        "{",
        "[[",
        '"',
        "\x00",
        "\u202e",
        "\ud800",
        "bin",
        "passport",
        "12",
        "SR-",
        "@",
        "🙂",
        "é",
        "。",
        "؟",
        "and ",
        "? ",
    ]
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    text=st.one_of(
        st.text(max_size=120),
        st.lists(_PIECES, max_size=12).map("".join),
        st.characters().map(lambda c: c * 300),
    )
)
def test_any_text_is_answered(bot: Bot, text: str) -> None:
    """`turn` fails on anything but a 200 that keeps the contract."""
    answer = ask(bot, text)
    assert answer["replies"] or any(one["type"] == "handoff" for one in answer["directives"])
    assert all(reply["response"] or reply["answer"] or reply["text"] for reply in answer["replies"])
    assert answer["language"] in LANGUAGES
    assert answer["parse"]["intent"]
