"""The built-in geocoder: house numbers between the ends of a segment, corners, and what it does not guess."""

import pytest

from backends.geocoding.gazetteer import Gazetteer
from city.coordinates import metres_between
from city.street_positions import Segment, StreetPositions, load_street_positions

MILL = Segment("Mill Lane", (41.0, -73.50), (41.0, -73.49), (1, 101))
ELM = Segment("Elm Street", (40.99, -73.495), (41.01, -73.495), (2, 202))
FAR = Segment("Rue de l'Église", (41.2, -73.5), (41.2, -73.49))
GAZETTEER = Gazetteer(StreetPositions([MILL, ELM, FAR]))


@pytest.mark.parametrize(
    "text", ["51 Mill Lane", "Mill Lane 51", "at 51, mill lane, Lindenport", "51a MILL LANE"]
)
async def test_a_house_number_is_between_the_ends(text: str) -> None:
    found = await GAZETTEER.find(text)
    assert found is not None and found.address == "51 Mill Lane"
    assert (round(found.latitude, 6), round(found.longitude, 6)) == (41.0, -73.495)


async def test_a_corner_is_where_two_streets_meet() -> None:
    found = await GAZETTEER.find("corner of Mill Lane and Elm Street")
    assert found is not None and found.address == "Elm Street / Mill Lane"
    assert metres_between(found.latitude, found.longitude, 41.0, -73.495) < 1


@pytest.mark.parametrize(
    "text",
    [
        "Mill Lane",
        "250 Mill Lane",
        "51 Oak Street",
        "Mill Lane and Rue de l'Église",
        "5 rue de l'eglise",
        "",
        "51 or 53 Mill Lane",
    ],
)
async def test_nothing_is_guessed(text: str) -> None:
    assert await GAZETTEER.find(text) is None


async def test_a_point_becomes_its_address_and_back() -> None:
    gazetteer = Gazetteer(load_street_positions("content/street_positions.csv"))
    found = await gazetteer.find("20 Cedar Street")
    assert found is not None
    assert await gazetteer.address_at(found.latitude, found.longitude) == "20 Cedar Street"
