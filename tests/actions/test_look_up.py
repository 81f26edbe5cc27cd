"""What is looked up: days from the hours and the holidays, streets from tables; asked for, remembered, unknown, failed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions.languages import WORDS
from actions.lookup.lookups import Keyed, Lookups
from actions.lookup.source import DataSource, LookupFailed, Place, Values
from city import load_city
from city.calendar import calendar_of
from city.feasts import KEYS
from city.lookups import load_lookups
from tests.support.stage import Stage, responses

SUNDAY = "2026-11-22T12:00:00-05:00"
CITY = load_city("city.yml")
FOLDER = Path(__file__).parents[2] / "content" / "lookups"


@pytest.fixture(autouse=True)
def _now(stage: Stage) -> None:
    stage.metadata = {"now": SUNDAY, "language": "en"}


async def ask(stage: Stage, text: str, intent: str, language: str = "en", **entities: Any) -> dict[str, Any]:
    """The last reply."""
    stage.metadata = {**stage.metadata, "language": language}
    said = await stage.run("action_look_up", text, intent, **entities)
    return dict(said[-1]["reply"])


@pytest.mark.parametrize(
    ("text", "entities", "response", "day"),
    [
        ("is city hall open on Thanksgiving?", {"holiday": "thanksgiving"}, "closed", "Thursday, November 26 (Thanksgiving)"),
        ("open on Christmas Eve?", {"holiday": "christmas_eve"}, "open", "Thursday, December 24 (Christmas Eve)"),
        ("what time do you close tomorrow?", {"date": "2026-11-23"}, "open", "Monday, November 23"),
        ("are you open on the 25th of December", {"date": "2026-12-25"}, "closed", "Friday, December 25 (Christmas Day)"),
        ("open on 25 December 2027?", {"date": "2027-12-25"}, "closed", "Saturday, December 25, 2027 (Christmas Day)"),
        ("open on 14 July?", {"date": "2026-07-14"}, "open", "Wednesday, July 14"),
        ("are you open on the 24th", {}, "open", "Tuesday, November 24"),
        ("tomorrow at 9?", {"date": "2026-11-23"}, "open_at", "Monday, November 23"),
        ("tomorrow at 6", {"date": "2026-11-23"}, "closed_at", "Monday, November 23"),
        ("are you open on a holiday?", {"holiday": "any"}, "closed", "Thursday, November 26 (Thanksgiving)"),
        ("this friday because of the holiday", {"date": "2026-11-27", "holiday": "any"}, "open", "Friday, November 27"),
    ],
)  # fmt: skip
async def test_a_day_is_named(
    stage: Stage, text: str, entities: dict[str, str], response: str, day: str
) -> None:
    reply = await ask(stage, text, "office_hours", **entities)
    assert reply["response"] == f"lookup_city_hall_hours_{response}"
    assert reply["variables"]["day"] == day


@pytest.mark.parametrize(
    ("language", "day"),
    [("es", "jueves 26 de noviembre (Acción de Gracias)"), ("fr", "jeudi 26 novembre (Thanksgiving)")],
)
async def test_a_day_is_named_in_the_citizens_language(stage: Stage, language: str, day: str) -> None:
    reply = await ask(stage, "…?", "office_hours", language, holiday="thanksgiving")
    assert reply["variables"]["day"] == day
    assert reply["variables"]["next"].endswith("27 de noviembre" if language == "es" else "27 novembre")


async def test_now(stage: Stage) -> None:
    reply = await ask(stage, "are you open right now", "office_hours")
    assert reply["response"] == "lookup_city_hall_hours_now_closed"
    assert reply["variables"]["next"] == "Monday, November 23"
    stage.metadata["now"] = "2026-11-23T10:00:00-05:00"
    reply = await ask(stage, "¿están abiertos ahora?", "office_hours", "es")
    assert (reply["response"], reply["variables"]["until"]) == ("lookup_city_hall_hours_now_open", "17:00")


async def test_a_weekend_is_two_days(stage: Stage) -> None:
    said = await stage.run("action_look_up", "are you open at the weekend?", "office_hours")
    days = [one["reply"]["variables"]["day"] for one in said]
    assert days == ["Saturday, November 28", "Sunday, November 29"]


async def test_without_a_day_the_general_answer(stage: Stage) -> None:
    reply = await ask(stage, "opening hours", "office_hours")
    assert (reply["answer"], reply["response"]) == ("office_hours", None)


async def test_a_street_gives_the_day(stage: Stage) -> None:
    reply = await ask(
        stage, "when is my bin collected?", "bin_collection", street="Mill Lane", address="12 Mill Lane"
    )
    assert reply["response"] == "lookup_bin_day_found"
    assert reply["variables"] == {"street": "Mill Lane", "day": "Tuesday", "next": "Tuesday, November 24"}


async def test_a_holiday_moves_the_collection(stage: Stage) -> None:
    reply = await ask(stage, "bin day on Oak Street", "bin_collection", street="Oak Street")
    assert reply["response"] == "lookup_bin_day_moved"
    assert reply["variables"]["next"] == "Saturday, November 28"
    assert reply["variables"]["holiday"] == "Thursday, November 26 (Thanksgiving)"


async def test_the_street_is_asked_for_and_then_remembered(stage: Stage) -> None:
    reply = await ask(stage, "when is my bin collected?", "bin_collection")
    assert (reply["answer"], reply["response"]) == ("bin_collection", "lookup_bin_day_ask")
    reply = await ask(stage, "Mill Lane", "give_place", street="Mill Lane")
    assert reply["variables"]["day"] == "Tuesday"
    reply = await ask(stage, "and which day is my bin?", "bin_collection")
    assert (reply["response"], reply["variables"]["street"]) == ("lookup_bin_day_found", "Mill Lane")
    assert [button["intent"] for button in reply["buttons"]] == ["choose_answer", "give_place"]


async def test_a_street_of_before_is_offered(stage: Stage) -> None:
    await stage.run("action_status", "there is a hole on Elm Street", "report_problem", street="Elm Street")
    reply = await ask(stage, "when is my bin collected?", "bin_collection")
    offered = [button["entities"].get("street") for button in reply["buttons"]]
    assert reply["response"] == "lookup_bin_day_ask" and offered == ["Elm Street"]


async def test_the_day_that_was_asked_about_is_kept_until_the_street_is_known(stage: Stage) -> None:
    said = await stage.run(
        "action_look_up", "bins on thanksgiving?", "bin_collection", holiday="thanksgiving"
    )
    assert responses(said) == ["lookup_bin_day_holiday", "lookup_bin_day_ask"]
    reply = await ask(stage, "Elm Street", "give_place", street="Elm Street")
    assert (reply["response"], reply["variables"]["next"]) == ("lookup_bin_day_moved", "Friday, November 27")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("when is my bin collected on Foobar Street?", "Foobar Street"),
        ("¿cuándo recogen la basura en la calle Gran Vía?", "calle Gran Vía"),
        ("quand ramassez-vous les poubelles rue des Lilas ?", "rue des Lilas"),
    ],
)
async def test_an_unknown_street_is_said_plainly(stage: Stage, text: str, name: str) -> None:
    reply = await ask(stage, text, "bin_collection")
    assert (reply["response"], reply["variables"]["street"]) == ("lookup_bin_day_unknown", name)


async def test_an_unknown_street_in_answer_to_our_question(stage: Stage) -> None:
    await ask(stage, "when is my bin collected?", "bin_collection")
    for _ in range(2):
        reply = await ask(stage, "Foobar", "give_place")
        assert (reply["response"], reply["variables"]["street"]) == ("lookup_bin_day_unknown", "Foobar")
    assert stage.slots["lookup_waits"] is None


async def test_a_question_about_something_else_of_the_topic_gets_the_general_answer(stage: Stage) -> None:
    reply = await ask(stage, "how much does the bin cost", "bin_collection")
    assert (reply["answer"], reply["response"]) == ("bin_collection", None)


async def test_and_on_that_day(stage: Stage) -> None:
    await ask(stage, "library hours", "library")
    reply = await ask(stage, "and on Christmas Eve?", "ask_day", holiday="christmas_eve")
    assert reply["response"] == "lookup_library_hours_open"
    reply = await ask(stage, "and on monday?", "ask_day", date="2026-11-23")
    assert reply["response"] == "lookup_library_hours_closed"


async def test_a_day_with_nothing_before_it_is_about_the_office(stage: Stage) -> None:
    reply = await ask(stage, "and on monday?", "ask_day", date="2026-11-23")
    assert reply["response"] == "lookup_city_hall_hours_open"


async def test_what_if_it_is_a_holiday_after_the_bins(stage: Stage) -> None:
    await ask(stage, "when is my bin collected?", "bin_collection", street="Mill Lane")
    reply = await ask(stage, "what if it is a holiday?", "ask_day", holiday="any")
    assert reply["response"] in ("lookup_bin_day_found", "lookup_bin_day_moved")


async def test_a_button_asks_for_the_street_below_the_answer(stage: Stage) -> None:
    said = await stage.run("action_choose_answer", "", "choose_answer", answer="bin_collection")
    assert (said[0]["reply"]["answer"], said[0]["reply"]["response"]) == (
        "bin_collection",
        "lookup_bin_day_ask",
    )
    said = await stage.run("action_choose_answer", "", "choose_answer", answer="recycling")
    assert (said[0]["reply"]["answer"], said[0]["reply"]["response"]) == ("recycling", None)


class _Broken(DataSource):
    async def find(self, place: Place) -> Values | None:
        raise LookupFailed("down")


class _Odd(DataSource):
    async def find(self, place: Place) -> Values | None:
        return {"day": "someday"}


@pytest.mark.parametrize("source", [_Broken(), _Odd()])
async def test_a_failed_lookup_gives_the_general_answer_and_says_so(stage: Stage, source: DataSource) -> None:
    lookup = load_lookups(FOLDER, CITY.languages)["bin_day"]
    broken = Lookups({}, {"bin_day": Keyed(lookup, source, calendar_of(CITY))}, {"bin_day": lookup})
    told = Stage(replace(stage.context, lookups=broken), stage.backend)
    told.metadata = stage.metadata
    reply = await ask(told, "when is my bin collected?", "bin_collection", street="Mill Lane")
    assert (reply["answer"], reply["response"]) == ("bin_collection", "lookup_bin_day_failed")


def test_every_language_of_the_city_names_every_day() -> None:
    for language in CITY.languages:
        assert WORDS[language].holidays.keys() == KEYS, language


async def test_a_week_without_a_holiday_is_as_usual(stage: Stage) -> None:
    await ask(stage, "when is my bin collected?", "bin_collection", street="Elm Street")
    reply = await ask(stage, "and on Christmas?", "ask_day", holiday="christmas")
    assert reply["response"] == "lookup_bin_day_usual"
    assert reply["variables"]["next"] == "Thursday, December 24"
    assert reply["variables"]["asked"] == "Friday, December 25 (Christmas Day)"


async def test_the_reason_is_not_the_day(stage: Stage) -> None:
    said = await stage.run(
        "action_look_up",
        "are schools closed on Friday because of Thanksgiving?",
        "school_closures",
        date="2026-11-27",
        holiday="thanksgiving",
    )
    assert [one["reply"]["variables"]["day"] for one in said] == [
        "Friday, November 27 (the day after Thanksgiving)"
    ]


async def follow(stage: Stage, text: str, *parts: str, **entities: Any) -> list[tuple[str | None, ...]]:
    """(answer, part, response) of each reply to a follow-up about the bins."""
    said = await stage.run(
        "action_follow_up", text, "follow_up", answer="bin_collection", part=list(parts), **entities
    )
    replies = [one["reply"] for one in said]
    return [(reply["answer"], reply["part"], reply["response"]) for reply in replies]


async def test_a_part_that_a_lookup_fills_gives_the_value(stage: Stage) -> None:
    assert await follow(stage, "which day?", "when") == [("bin_collection", "when", "lookup_bin_day_ask")]
    assert await follow(stage, "and on Elm Street?", street="Elm Street") == [
        (None, None, "lookup_bin_day_moved")
    ]
    assert await follow(stage, "which day?", "when") == [(None, None, "lookup_bin_day_moved")]
    # No word of the lookup is in it, and it may mean the hour.
    assert await follow(stage, "at what time?", "when") == [
        (None, None, "lookup_bin_day_moved"),
        ("bin_collection", "when", None),
    ]
    assert await follow(stage, "which day and how much?", "when", "cost") == [
        (None, None, "lookup_bin_day_moved"),
        ("bin_collection", "cost", None),
    ]
    assert await follow(stage, "how much?", "cost") == [("bin_collection", "cost", None)]


async def test_the_written_part_is_given_where_the_street_is_unknown(stage: Stage) -> None:
    assert await follow(stage, "and when on Foobar Street?", "when") == [
        ("bin_collection", "when", "lookup_bin_day_unknown")
    ]


async def test_a_street_and_nothing_else_is_looked_up_despite_the_doubt(stage: Stage) -> None:
    stage.metadata["reason"] = "close"
    found = [(None, None, "lookup_bin_day_moved")]
    assert await follow(stage, "and on Elm Street?", street="Elm Street", address="Elm Street") == found
    asked = [(None, None, "utter_about_topic")]
    general = [("bin_collection", "when", "lookup_bin_day_unknown")]
    assert await follow(stage, "and on Foobar Street?") == general
    assert await follow(stage, "and when on Foobar Street?", "when") == general
    told = "is the lamp mended on Elm Street?"
    assert await follow(stage, told, street="Elm Street", address="Elm Street") == asked


@pytest.mark.parametrize("source", [_Broken(), _Odd()])
async def test_a_failed_lookup_gives_the_written_part(stage: Stage, source: DataSource) -> None:
    lookup = load_lookups(FOLDER, CITY.languages)["bin_day"]
    broken = Lookups({}, {"bin_day": Keyed(lookup, source, calendar_of(CITY))}, {"bin_day": lookup})
    told = Stage(replace(stage.context, lookups=broken), stage.backend)
    told.metadata = stage.metadata
    assert await follow(told, "when?", "when", street="Mill Lane") == [
        ("bin_collection", "when", "lookup_bin_day_failed")
    ]
