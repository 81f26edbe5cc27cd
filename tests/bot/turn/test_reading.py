"""Cached parses are reused, but never where the result could differ."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.turn.reading import KEPT, LONGEST, Reader
from tests.bot.fixtures import Bot


class Runner:
    """Reads nothing; counts how often it was asked."""

    def __init__(self, **parse: Any) -> None:
        self.asked: list[str] = []
        self.parse = {"intent": {"name": "greet", "confidence": 0.9}, "entities": [], **parse}

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        text = inputs["__message__"][0].text
        self.asked.append(text)
        return {targets[0]: [Read({**self.parse, "text": text})]}


class Read:
    def __init__(self, parse: dict[str, Any]) -> None:
        self._parse = parse

    def as_dict(self, only_output_properties: bool) -> dict[str, Any]:
        assert only_output_properties
        return self._parse


@pytest.fixture
def day() -> Iterator[list[date]]:
    yield [date(2026, 11, 20)]


def reader(runner: Runner, day: list[date]) -> Reader:
    return Reader(runner, "target", lambda metadata: day[0])


def test_an_identical_text_is_read_once_and_everyone_gets_their_own(day: list[date]) -> None:
    runner = Runner(reason=None, thresholds={"sure": 0.6})
    read = reader(runner, day)
    first = read("hello", {"language": "en"})
    first["entities"].append("spoilt")
    again = read("hello", {"language": "en", "contact": {"name": "somebody else"}})
    assert runner.asked == ["hello"]
    assert again == {**runner.parse, "text": "hello", "entities": []}
    again["intent"]["name"] = "spoilt"
    assert read("hello", {"language": "en"})["intent"]["name"] == "greet"


def test_another_text_language_or_day_is_read_anew(day: list[date]) -> None:
    runner = Runner()
    read = reader(runner, day)
    for text, language in (("hello", "en"), ("Hello", "en"), ("hello", "es"), ("hello", None)):
        read(text, {"language": language})
    assert len(runner.asked) == 4
    day[0] = date(2026, 11, 21)
    read("hello", {"language": "en"})
    assert len(runner.asked) == 5


def test_what_is_kept_is_bounded_and_the_oldest_goes(day: list[date]) -> None:
    runner = Runner()
    read = reader(runner, day)
    for number in range(KEPT):
        read(f"text {number}", {})
    read("text 0", {})
    read("one more", {})
    assert len(runner.asked) == KEPT + 1
    read("text 0", {})  # asked for a moment ago: still there
    assert len(runner.asked) == KEPT + 1
    read("text 1", {})
    assert len(runner.asked) == KEPT + 2
    assert len(read._kept) == KEPT


def test_personal_and_long_texts_are_not_kept(day: list[date]) -> None:
    personal = Runner(entities=[{"entity": "email", "value": "a@b.example", "personal": True}])
    read = reader(personal, day)
    read("mail a@b.example", {})
    read("mail a@b.example", {})
    assert len(personal.asked) == 2
    long = Runner()
    read = reader(long, day)
    for text in ("x" * LONGEST, "x" * (LONGEST + 1)):
        read(text, {})
        read(text, {})
    assert len(long.asked) == 3


class Asked(dict[str, Any]):
    """Metadata that notes what is asked of it."""

    asked: set[str]

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def test_the_model_looks_at_nothing_but_what_the_key_holds(bot: Bot) -> None:
    metadata = Asked(language="en", now="2026-11-20T10:00:00+00:00", contact={"name": "x"}, inbox="web")
    metadata.asked = set()
    for text in ("how do I renew my passport?", "come tomorrow to 12 Mill Lane", "¿mañana?", "SR-1234"):
        bot.assistant.interpreter.read._parse(text, metadata)
    # Of the settings, the time zone: it decides the day, which the key holds.
    assert metadata.asked == {"language", "moments", "now", "settings"}


async def test_tomorrow_is_another_day_tomorrow(bot: Bot) -> None:
    found = [
        next(
            e["value"]
            for e in bot.assistant.interpreter.read("come tomorrow", {"now": now})["entities"]
            if e["entity"] == "date"
        )
        for now in ("2026-11-20T10:00:00+00:00", "2026-11-20T11:00:00+00:00", "2026-11-22T10:00:00+00:00")
    ]
    assert found == ["2026-11-21", "2026-11-21", "2026-11-23"]
