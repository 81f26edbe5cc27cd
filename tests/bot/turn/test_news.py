"""News: which messages an item is about, and for how long."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.project import ProjectError, load_project
from bot.turn.news import Item, News

TODAY = date(2026, 11, 22)
CLOSED = Item(
    "harbour", date(2026, 11, 16), date(2026, 12, 18), ("road_closures", "snow"), frozenset({"Harbour Street"}), ("rue harbour",)
)  # fmt: skip
EVERYWHERE = Item("strike", date(2026, 11, 20), date(2026, 11, 25), ("bin_collection",), frozenset(), ())
NEWS = News([CLOSED, EVERYWHERE])


def parse(text: str, intent: str, *, question: bool = True, **entities: str) -> dict[str, Any]:
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "question": question,
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        (parse("is harbor st open again?", "road_closures", street="Harbour Street"), ["harbour"]),
        (parse("la rue Harbour est fermée ?", "road_closures"), ["harbour"]),
        (parse("which roads are closed?", "road_closures"), []),
        (parse("is Mill Lane closed?", "road_closures", street="Mill Lane"), []),
        (parse("when is my bin collected?", "bin_collection"), ["strike"]),
        (
            parse("when is my bin collected on Harbour Street?", "bin_collection", street="Harbour Street"),
            ["strike"],
        ),
        (parse("", "choose_answer", question=False, answer="bin_collection"), ["strike"]),
        (parse("passport?", "passport", street="Harbour Street"), []),
    ],
)
def test_an_item_is_about_its_topics_and_places(said: dict[str, Any], ids: list[str]) -> None:
    assert NEWS.about(said, TODAY) == (said, ids)


@pytest.mark.parametrize("today", [date(2026, 11, 15), date(2026, 12, 19)])
def test_before_and_after_its_days_it_is_silent(today: date) -> None:
    said = parse("is Harbour Street open?", "road_closures", street="Harbour Street")
    assert NEWS.about(said, today) == (said, [])


def test_a_question_that_was_not_understood_is_one_about_the_news() -> None:
    for intent in ("nlu_fallback", "report_problem"):
        said, ids = NEWS.about(parse("is it ok on Harbour Street?", intent, street="Harbour Street"), TODAY)
        assert (said["intent"]["name"], ids) == ("road_closures", ["harbour"])


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("is harbour st still shut", "still_there"),
        ("harbour st toujours fermée", "nlu_fallback"),
        ("whats up with harbour st", "ask_status"),
    ],
)
def test_a_short_text_about_a_street_in_the_news_is_no_question_about_a_report(
    said: str, intent: str
) -> None:
    told = parse(said, intent, question=False, street="Harbour Street") | {"language": "fr"}
    assert NEWS.about(told, TODAY, lambda: True)[1] == ["harbour"]
    assert NEWS.about(told, TODAY, lambda: False) == (told, [])  # a report is being written, or was sent


def test_a_street_in_the_news_alone_asks_nothing() -> None:
    told = parse("I live on Harbour Street", "nlu_fallback", question=False, street="Harbour Street")
    assert NEWS.about(told | {"language": "en"}, TODAY, lambda: True)[1] == []


def test_a_report_from_there_stays_a_report() -> None:
    stated = parse("a pothole on Harbour Street", "report_problem", question=False, street="Harbour Street")
    asked = parse("pothole on Harbour Street?", "report_problem", street="Harbour Street", service="pothole")
    assert NEWS.about(stated, TODAY) == (stated, []) and NEWS.about(asked, TODAY) == (asked, [])


def test_the_citys_own_items_can_be_read() -> None:
    assert News.load(load_project())


def test_an_item_without_days_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "x.yml").write_text("id: x\nfrom: soon\nuntil: 2026-01-01\n", encoding="utf-8")
    monkeypatch.setenv("CIVICDESK_CONTENT", str(tmp_path))
    with pytest.raises(ProjectError, match="must be days"):
        News.load(load_project())
