"""A city with two back ends, each a GeoReport server of its own, whose numbers have the same shape."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec

from backends.base import Backend
from backends.open311.client import Open311
from city import BackendConfig, City, load_city
from city.routes import Routes
from city.services import CityService, load_services
from tests.support.fake_georeport import FakeGeoReport, serve

ROOT = Path(__file__).parents[2]
NUMBER = "[0-9]{6}"


def two_backends() -> tuple[City, dict[str, CityService]]:
    """Potholes go to `roads`, noise to `environment`, which calls it by the code that `roads` has for potholes."""
    shipped = load_services(ROOT / "content" / "services.yml")
    configs = tuple(
        BackendConfig(name=name, kind="open311", url="https://city.example/v2", reference_pattern=NUMBER)
        for name in ("roads", "environment")
    )
    city = msgspec.structs.replace(load_city(ROOT / "city.yml"), backends=configs)
    services = {
        "pothole": msgspec.structs.replace(shipped["pothole"], backend="roads", backend_code="001"),
        "noise": msgspec.structs.replace(shipped["noise"], backend="environment", backend_code="001"),
        "graffiti": msgspec.structs.replace(shipped["graffiti"], backend="environment"),
    }
    return city, services


@dataclass(frozen=True)
class Two:
    """Both servers, and our clients of them."""

    city: City
    services: dict[str, CityService]
    routes: Routes
    roads: FakeGeoReport
    environment: FakeGeoReport
    backends: dict[str, Backend]


@asynccontextmanager
async def serve_two(**client: object) -> AsyncIterator[Two]:
    """Both listen on loopback while the block runs."""
    city, services = two_backends()
    async with (
        serve(FakeGeoReport()) as roads,
        serve(FakeGeoReport()) as environment,
        aiohttp.ClientSession() as session,
    ):
        backends: dict[str, Backend] = {
            "roads": Open311(session, roads.url, **client),  # type: ignore[arg-type]  # the keys are those of its parameters
            "environment": Open311(session, environment.url, **client),  # type: ignore[arg-type]  # the keys are those of its parameters
        }
        yield Two(city, services, Routes(city, services), roads, environment, backends)
