"""Which back end takes a service's requests, and the error sentences for a catalogue that does not name one."""

import msgspec
import pytest

from city import CityError, load_city
from city.routes import Route, Routes
from city.services import load_services
from tests.support.two_backends import two_backends


def test_the_only_back_end_takes_what_names_none() -> None:
    services = load_services("content/services.yml")
    routes = Routes(load_city("city.yml"), services)
    assert {routes.of(code) for code in services} == {Route("requests", code) for code in services}


def test_each_service_goes_to_its_own_and_under_its_code() -> None:
    routes = Routes(*two_backends())
    assert routes.of("pothole") == Route("roads", "001")
    assert routes.of("noise") == Route("environment", "001")
    assert routes.of("graffiti") == Route("environment", "graffiti")
    assert routes.of("unknown") == Route("roads", "unknown")
    assert routes.service_at("roads", "001") == "pothole"
    assert routes.service_at("environment", "001") == "noise"
    assert routes.service_at("roads", "graffiti") is None
    assert routes.code_at("roads", "noise") == "noise", "recorded before the service moved"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"backend": None}, "'pothole' does not say which back end .* one of roads, environment"),
        ({"backend": "parks"}, "'pothole' names the back end 'parks', which city.yml does not have"),
        ({"backend": "environment"}, "'pothole' and 'noise' are both '001' of the back end 'environment'"),
    ],
)
def test_what_is_not_clear_is_a_sentence(changes: dict[str, str | None], sentence: str) -> None:
    city, services = two_backends()
    services["pothole"] = msgspec.structs.replace(services["pothole"], **changes)
    with pytest.raises(CityError, match=sentence):
        Routes(city, services)
