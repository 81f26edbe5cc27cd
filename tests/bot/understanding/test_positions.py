"""Coordinates, geo: URIs and links to maps in a text, and the address in a signature, which is no place of a report."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project import load_project
from bot.understanding.entities import plus_codes
from bot.understanding.entities.component import CityEntities
from bot.understanding.entities.positions import Home, find_positions
from bot.understanding.text import tokens


@pytest.mark.parametrize(
    "text",
    [
        "40.7128, -74.0060", "it's at 40.7128,-74.0060 near the bench", "40.7128 -74.0060", "40,7128 -74,0060", "40.7128/-74.0060",
        "40,7128; -74,0060", "40.7128° N, 74.0060° W", "40.7128N 74.0060W", "N 40.7128 W 74.0060", "40,7128° N, 74,0060° O",
        "lat 40.7128 lon -74.0060", "latitud: 40.7128, longitud: -74.0060", "latitude 40.7128 et longitude -74.0060",
        "Lat: 40.7128 Lng: -74.0060", "geo:40.7128,-74.0060", "geo:40.7128,-74.0060;u=35", "geo:40.7128,-74.0060?z=17",
        "geo:0,0?q=40.7128,-74.0060(Market)", "https://www.google.com/maps?q=40.7128,-74.0060", "40.7128, −74.0060",
        "https://maps.google.com/maps?q=loc:40.7128,-74.0060", "https://www.google.fr/maps/@40.7128,-74.0060,17z",
        "https://www.google.com/maps/search/?api=1&query=40.7128%2C-74.0060",
        "https://www.google.com/maps/place/A+Caf%C3%A9/@40.71,-74.01,17z/data=!3m1!4b1!8m2!3d40.7128!4d-74.0060",
        "https://www.google.com/maps/dir/?api=1&destination=40.7128,-74.0060",
        "https://maps.apple.com/?ll=40.7128,-74.0060&q=Dropped%20Pin", "maps.apple.com/place?coordinate=40.7128,-74.0060&name=x",
        "https://www.openstreetmap.org/?mlat=40.7128&mlon=-74.0060#map=19/40.71/-74.01",
        "https://www.openstreetmap.org/#map=19/40.7128/-74.0060", "https://bing.com/maps?cp=40.7128~-74.0060&lvl=16",
        "https://www.bing.com/maps?sp=point.40.7128_-74.0060_Here", "https://waze.com/ul?ll=40.7128%2C-74.0060&navigate=yes",
    ],
)  # fmt: skip
def test_a_position(text: str) -> None:
    (found,) = find_positions(text)
    assert (found.latitude, found.longitude) == (40.7128, -74.006)


@pytest.mark.parametrize(
    "text", ["40°42'46.1\"N 74°00'21.6\"W", "40° 42′ 46.1″ N, 74° 0′ 21.6″ W", "40º42'46.1\"N 74º00'21.6\"O"]
)
def test_degrees_minutes_and_seconds(text: str) -> None:
    (found,) = find_positions(text)
    assert found.latitude == pytest.approx(40.7128, abs=1e-4)
    assert found.longitude == pytest.approx(-74.0060, abs=1e-4)


def test_a_plus_code() -> None:
    (found,) = find_positions("it is at 87G7PX7V+4H6 by the tree")
    assert found.latitude == pytest.approx(40.7128, abs=2e-4) and found.longitude == pytest.approx(
        -74.0060, abs=2e-4
    )
    assert find_positions("PX7V+4H Lindenport") == [] and find_positions("XXXXXXXX+XX") == []


LINDENPORT = Home((41.056, -73.54), ("lindenport",))
"""Whose middle has the code 87H83F46+."""


@pytest.mark.parametrize(
    "text",
    [
        "3F46+C2 Lindenport", "it is at 3F46+C2, Lindenport by the tree", "3f46+c2", "3F46+C2 by the tree", "(3F46+C2)",
        "H83F46+C2", "87H83F46+C2 Lindenport", "3F46+C2, lindenport",
    ],
)  # fmt: skip
def test_a_short_plus_code_is_read_from_the_city(text: str) -> None:
    (found,) = find_positions(text, LINDENPORT)
    assert found.latitude == pytest.approx(41.05606, abs=2e-4)
    assert found.longitude == pytest.approx(-73.53994, abs=2e-4)


@pytest.mark.parametrize(
    "near",
    # The published test data of Open Location Code (test_data/shortCodeTests.csv).
    [(51.3852125, -1.217765625), (51.3701125, -1.233165625), (51.3550125, -1.217765625)],
)
def test_a_short_plus_code_of_the_published_tests(near: tuple[float, float]) -> None:
    assert plus_codes.decode_short("9QCJ+2VX", near) == plus_codes.decode("9C3W9QCJ+2VX")


def test_a_short_plus_code_over_the_edge_of_a_degree_is_the_nearest_one() -> None:
    (found,) = find_positions("XF46+C2", Home((41.02, -73.54)))
    assert found.latitude == pytest.approx(40.956, abs=1e-3)


@pytest.mark.parametrize(
    "text", ["3F46+C2 Springfield", "3F46+C2, Paris", "IOU1+22", "3F46+", "a3F46+C2", "3F46+C2z"]
)
def test_a_short_plus_code_of_another_town_is_none(text: str) -> None:
    assert find_positions(text, LINDENPORT) == []


@pytest.mark.parametrize("text", ["0,0", "0.0, 0.0", " 0, 0 "])
def test_null_island(text: str) -> None:
    assert [(one.latitude, one.longitude) for one in find_positions(text)] == [(0.0, 0.0)]


@pytest.mark.parametrize(
    "text",
    [
        "", "12, 14", "Mill Lane 12", "call 555 123 4567", "$3.50 4.20 and 5.00", "24.11.2026", "from 8.30 to 17.00", "999.123, 10.123",
        "https://example.org/a.b", "https://google.com/search?q=pothole", "1.234.567,89", "SR-4KQ2-01AB", "10.0.0.1",
    ],
)  # fmt: skip
def test_no_position(text: str) -> None:
    assert find_positions(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://maps.app.goo.gl/AbCdEf123", "goo.gl/maps/xyz", "https://bit.ly/abc", "https://maps.apple/p/abc", "https://osm.org/go/ZcIn1",
        "https://share.here.com/l/x", "///filled.count.soap", "https://www.google.com/maps/place/Some+Where/", "see https://t.co/a1b2c3.",
    ],
)  # fmt: skip
def test_a_link_that_does_not_say_where(text: str) -> None:
    (found,) = find_positions(text)
    assert found.unread


@given(st.text(alphabet="0123456789.,-°'\"NSEWO latonge:?=&/@!3d4mpsq", max_size=200))
def test_any_text_has_positions_on_this_earth(text: str) -> None:
    for one in find_positions(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.unread or (abs(one.latitude or 0) <= 90 and abs(one.longitude or 0) <= 180)


@pytest.fixture
def city(project: Path) -> CityEntities:
    return CityEntities(load_project())


def addresses(city: CityEntities, text: str) -> list[str]:
    return [str(entity["value"]) for entity in city.find(text, {}) if entity["entity"] == "address"]


def test_a_position_is_personal_and_no_telephone_number(city: CityEntities) -> None:
    found = city.find("it is at 40.7128 -74.0060", {})
    assert {entity["entity"] for entity in found} == {"latitude", "longitude"}
    assert all(entity["personal"] for entity in found)


def test_a_link_may_name_an_address(city: CityEntities) -> None:
    text = "https://maps.google.com/?q=12+Mill+Lane,+Lindenport"
    assert addresses(city, text) == ["12 Mill Lane"]
    assert [entity["value"] for entity in city.find(text, {}) if entity["entity"] == "link"] == ["address"]


@pytest.mark.parametrize(
    "text",
    [
        "Pothole at 5 Elm Street.\n\nBest regards,\nJohn Smith\n12 Mill Lane", "Pothole at 5 Elm Street.\n-- \nJo\n12 Mill Lane",
        "Pothole at 5 Elm Street. Kind regards, Jo Miller, 12 Mill Lane", "5 Elm Street\n\nThanks\nJo\n12 Mill Lane",
        "Pothole at 5 Elm Street.\n\nJohn Smith\n12 Mill Lane\n555 123 4567", "5 Elm Street\nSent from my iPhone\n12 Mill Lane",
        "Un bache en Elm Street 5.\nUn cordial saludo\nAna\nMill Lane 12", "Un bache en Elm Street 5. Atentamente, Ana, Mill Lane 12",
        "Nid-de-poule au 5 Elm Street\nCordialement\nJean\n12 Mill Lane", "au 5 Elm Street. Bien à vous, Jean, 12 Mill Lane",
        "I live at 12 Mill Lane and there is a hole at 5 Elm Street", "Vivo en Mill Lane 12, el bache está en Elm Street 5",
        "J'habite au 12 Mill Lane, le trou est au 5 Elm Street", "5 Elm Street\n____\n12 Mill Lane",
    ],
)  # fmt: skip
def test_the_place_is_not_the_signatures(city: CityEntities, text: str) -> None:
    assert addresses(city, text) == ["5 Elm Street"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The lamp is broken.\nKind regards\nJo\n12 Mill Lane", []),
        ("The lamp is broken.\n--\n12 Mill Lane", []),
        ("Thanks for your help. It is at 12 Mill Lane", ["12 Mill Lane"]),
        ("Thank you! 12 Mill Lane", ["12 Mill Lane"]),
        ("There is a pothole.\n\n12 Mill Lane", ["12 Mill Lane"]),
        ("I live at 12 Mill Lane and my lamp is out", ["12 Mill Lane"]),
        ("12 Mill Lane\nKind regards\nJo", ["12 Mill Lane"]),
    ],
)
def test_an_address_alone(city: CityEntities, text: str, expected: list[str]) -> None:
    assert addresses(city, text) == expected


def test_tokens_of_a_long_link_are_bounded() -> None:
    link = "https://www.google.com/maps/place/" + "a" * 50_000
    assert [one.unread for one in find_positions(link)] == [True]
    assert len(tokens(link)) < 20
