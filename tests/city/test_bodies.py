"""Other bodies by place and type: who is asked, what is routed to whom, and what a wrong table is told."""

from pathlib import PurePath

import msgspec
import pytest

from city import City, CityError, load_city
from city.loader import check_city
from city.model import BackendConfig
from city.outside.bodies import Bodies, BodyConfig
from city.routes import Route, Routes, check_bodies
from city.services import load_services

CITY = load_city("city.yml")
SERVICES = load_services(CITY.services)
SQUARE = ((41.0, -73.6), (41.0, -73.5), (41.1, -73.5), (41.1, -73.6))


def body(name: str, **more: object) -> BodyConfig:
    return BodyConfig(name=name, title={"en": name}, phone="555-0100", **more)  # type: ignore[arg-type]  # the test's own fields


ROADS = body("roads", services=("pothole",), streets=("Highway 9", "Río Road"))
PORT = body("port", area=SQUARE)
TOWN = body("town", towns=("New Haven",))
LINE = body("line", outside=True)
BODIES = Bodies((ROADS, PORT, TOWN, LINE))


@pytest.mark.parametrize(
    ("service", "address", "at", "found"),
    [
        ("pothole", "Highway 9 near exit 4", None, "roads"),
        ("pothole", "12 rio road", None, "roads"),
        ("pothole", "Highway 91", None, None),
        ("graffiti", "Highway 9", None, None),
        ("graffiti", "Highway 9", (41.05, -73.55), "port"),
        (None, "Highway 9", None, None),
        (None, None, (41.05, -73.55), "port"),
        ("pothole", None, (40.0, -73.55), None),
    ],
)
def test_the_first_body_that_fits_service_and_place(
    service: str | None, address: str | None, at: tuple[float, float] | None, found: str | None
) -> None:
    one = BODIES.of_place(service, address, *(at or (None, None)))
    assert (one.name if one else None) == found


def test_whom_to_ask_outside() -> None:
    assert [
        one.name if one else None
        for one in (
            BODIES.elsewhere("pothole", "new haven"),
            BODIES.elsewhere("pothole", "Paris"),
            BODIES.elsewhere(None, None, 0.0, 0.0),
            Bodies((ROADS,)).elsewhere("pothole", "Paris"),
        )
    ] == ["town", "line", "line", None]


def test_contact_and_title_have_a_language_to_fall_back_to() -> None:
    one = BodyConfig(name="x", title={"en": "X", "fr": "Le X"}, phone="1", url={"en": "https://x.example"})
    assert (one.called("fr"), one.called("es")) == ("Le X", "X")
    assert one.contact("fr") == "1, https://x.example"


def routes(*bodies: BodyConfig) -> Routes:
    county = BackendConfig(
        name="county", kind="open311", url="https://county.example", reference_pattern="C[0-9]+"
    )
    services = {code: msgspec.structs.replace(one, backend="requests") for code, one in SERVICES.items()}
    city = msgspec.structs.replace(CITY, backends=(*CITY.backends, county), bodies=bodies)
    return Routes(city, services)


def test_a_state_road_s_pothole_goes_to_the_road_authority_s_back_end() -> None:
    found = routes(
        body(
            "roads",
            services=("pothole",),
            streets=("Highway 9",),
            backend="county",
            codes={"pothole": "RD01"},
        ),
        PORT,
    )
    assert found.at("pothole", "Highway 9, exit 4", None, None) == Route("county", "RD01")
    assert found.at("pothole", "8 Elm Street", None, None) == Route("requests", "pothole")
    assert found.at("graffiti", "Highway 9", None, None) == Route("requests", "graffiti")
    # One that is only told to people keeps what was filed all the same with the city.
    assert found.at("graffiti", None, 41.05, -73.55) == Route("requests", "graffiti")
    assert found.code_at("county", "pothole") == "RD01" and found.service_at("county", "RD01") == "pothole"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (body("x"), "says no place"),
        (BodyConfig(name="x", title={"fr": "X"}, phone="1", outside=True), "has no title in 'en'"),
        (BodyConfig(name="x", title={"en": "X"}, outside=True), "neither a phone nor a url"),
        (body("x", outside=True, backend="nobody"), "names the back end 'nobody'"),
        (body("x", area=SQUARE[:2]), "fewer than three corners"),
        (body("x", outside=True, url={"en": "javascript:alert(1)"}), "no web address"),
    ],
)
def test_a_wrong_body_is_said_in_a_sentence(wrong: BodyConfig, words: str) -> None:
    city: City = msgspec.structs.replace(CITY, bodies=(wrong,))
    with pytest.raises(CityError, match=words):
        check_city(city, PurePath("city.yml"))


def test_a_body_with_an_unknown_service_is_refused() -> None:
    city = msgspec.structs.replace(CITY, bodies=(body("x", services=("zebra",), outside=True),))
    with pytest.raises(CityError, match="the service 'zebra'"):
        check_bodies(city, SERVICES)
    check_bodies(CITY, SERVICES)
