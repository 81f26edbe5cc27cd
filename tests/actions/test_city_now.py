"""The actions use the crisis lines and hours that administrators saved: the turn carries what differs from city.yml."""

from datetime import date
from pathlib import Path
from typing import Any, cast

from aiohttp import ClientSession

from actions.city_now import CityNow, lines_of
from actions.lookup.lookups import build_lookups
from actions.places import load_places
from city import load_city
from city.lookups import load_lookups

FOLDER = Path("content/lookups")
CHRISTMAS_EVE = date(2026, 12, 24)


def turn(settings: dict[str, Any] | None) -> dict[str, Any]:
    return {"latest_message": {"metadata": {"settings": settings} if settings else {}}}


def test_an_answer_that_began_in_the_console_is_known_while_turns_carry_it() -> None:
    city, known = load_city("city.yml"), {"rats"}
    lookups = build_lookups(city, load_lookups(FOLDER, city.languages), FOLDER, cast(ClientSession, None))
    now = CityNow(city, lookups, lines_of(city), load_places(city, Path("content")), known)
    now.take({"latest_message": {"metadata": {"answers": ["bike_parking", 7]}}})
    assert known == {"rats", "bike_parking"}
    now.take(turn(None))
    assert known == {"rats"}


def test_what_a_turn_carries_holds_until_another_carries_something_else() -> None:
    city = load_city("city.yml")
    lookups = build_lookups(city, load_lookups(FOLDER, city.languages), FOLDER, cast(ClientSession, None))
    lines = lines_of(city)
    places = load_places(city, Path("content"))
    now = CityNow(city, lookups, lines, places)

    def office() -> bool:
        return bool(lookups.openings("office_hours", "city hall")[0].calendar.day(CHRISTMAS_EVE).hours)

    before = dict(lines)
    assert before["suicide"]["en"] == "988" and office()
    now.take(
        turn(
            {
                "crisis_lines": {"suicide": {"en": "555-0123"}},
                "special_days": [{"day": "2026-12-24", "hours": []}],
                "backends": [],
                "boundary": [[51.0, -1.0], [51.0, 0.0], [52.0, 0.0]],
                "locality": ["London"],
                "time_zone": "Europe/London",
            }
        )
    )
    assert lines == {"suicide": {"en": "555-0123"}} and not office()
    greenwich, market = {"latitude": 51.4, "longitude": -0.2}, {"latitude": 40.9, "longitude": -74.0}
    assert places.contains(greenwich) and not places.contains(market)
    assert places.elsewhere.find("8 Elm Street, London") is None and city.zone.key == "Europe/London"
    assert city.backends, "what is no setting is not taken from a turn"
    now.take(turn({"crisis_lines": "nonsense"}))
    assert lines == {"suicide": {"en": "555-0123"}}, "what cannot be read changes nothing"
    now.take(turn(None))
    assert lines == before and office(), "city.yml again"
    assert places.contains(market) and not places.contains(greenwich)
    assert places.elsewhere.find("8 Elm Street, London") == "London"
    now.take({})
