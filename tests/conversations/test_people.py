"""Wishes for a person and danger, through the real bot: each sentence of the tables opens a conversation of its own.

What was tried while the rules were written must be right. What was held out only has to reach a share: nothing may be
changed because of a single sentence of it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from tests.support.bot import METADATA, ROOT, Bot

pytestmark = pytest.mark.slow

FOLDER = ROOT / "data" / "evaluation"
LANGUAGES = ("en", "es", "fr")
CALLS = frozenset({"emergencies", "utter_distress", "utter_distress_perhaps", "utter_report_urgent"})
HELD_OUT = 0.85  # share of held-out sentences that must be right


def _table(name: str, code: str) -> dict[str, Any]:
    path: Path = FOLDER / name / f"{code}.yml"
    table: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return table


def _turn(bot: Bot, text: str, code: str) -> dict[str, Any]:
    body = {"kind": "text", "text": text, "language": code, "metadata": METADATA}
    return bot.turn(str(uuid4()), body)


def _handoffs(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in answer["directives"] if one["type"] == "handoff"]


def _gets_person(bot: Bot, text: str, code: str) -> bool:
    return any(one["reason"] == "asked" for one in _handoffs(_turn(bot, text, code)))


def _is_urgent(bot: Bot, text: str, code: str) -> bool:
    return any(one["urgency"] for one in _handoffs(_turn(bot, text, code)))


def _calls(bot: Bot, text: str, code: str) -> bool:
    answer = _turn(bot, text, code)
    said = {reply["answer"] or reply["response"] for reply in answer["replies"]}
    return bool(said & CALLS) or any(str(one).startswith("utter_danger") for one in said)


def _check(half: str, wrong: Iterable[str], sentences: list[str]) -> None:
    found = list(wrong)
    if half == "tried":
        assert found == []
    else:
        assert len(found) <= (1 - HELD_OUT) * len(sentences), f"{len(found)} of {len(sentences)} are wrong"


@pytest.mark.parametrize("half", ["tried", "held_out"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_wish_for_a_person_brings_one(bot: Bot, code: str, half: str) -> None:
    sentences = _table("persons", code)["wishes"][half]
    _check(half, (text for text in sentences if not _gets_person(bot, text, code)), sentences)


@pytest.mark.parametrize("half", ["tried", "held_out"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_the_same_words_without_a_wish_bring_none(bot: Bot, code: str, half: str) -> None:
    sentences = _table("persons", code)["no_wish"][half]
    _check(half, (text for text in sentences if _gets_person(bot, text, code)), sentences)


@pytest.mark.parametrize("half", ["tried", "held_out"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_danger_brings_a_person_urgently(bot: Bot, code: str, half: str) -> None:
    sentences = _table("urgency", code)["urgent"][half]
    _check(half, (text for text in sentences if not _is_urgent(bot, text, code)), sentences)


@pytest.mark.parametrize("half", ["tried", "held_out"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_nobody_is_told_to_call_for_help_without_need(bot: Bot, code: str, half: str) -> None:
    sentences = _table("urgency", code)["calm"][half]
    _check(half, (text for text in sentences if _calls(bot, text, code)), sentences)
