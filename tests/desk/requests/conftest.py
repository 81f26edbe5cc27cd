"""The database, a clock, and a filer and a changer with their back ends."""

from collections.abc import Callable
from typing import Any

import pytest

from backends.geocoding.gazetteer import Gazetteer
from city import load_city
from city.services import load_services
from city.street_positions import load_street_positions
from desk.building import Resources, build_common
from desk.knowledge.catalogue import Catalog
from desk.requests.change_news import ChangeNews
from desk.requests.changing import Changer
from desk.requests.filing import Filer
from desk.runtime.live import Live
from desk.runtime.timing import FilingTiming
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.database import database_url, store
from tests.support.desk import OPEN
from tests.support.filing import (
    ROUTES,
    ChangeableBackend,
    ScriptedBackend,
    Voice,
)

CITY = load_city("city.yml")
SERVICES = load_services("content/services.yml")
__all__ = ["database_url", "store"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
def make_filer(store: Store, backend: ScriptedBackend, voice: Voice, clock: Clock) -> Callable[..., Filer]:
    def make(**changes: Any) -> Filer:
        return Filer(
            store,
            changes.pop("backends", {"requests": backend}),
            changes.pop("routes", ROUTES),
            voice,
            clock,
            media_url=lambda id: f"https://desk.example/media/{id}",
            timing=changes.pop("timing", FilingTiming()),
            jitter=lambda most: most,
            **changes,
        )

    return make


@pytest.fixture
def filer(make_filer: Callable[..., Filer]) -> Filer:
    return make_filer()


@pytest.fixture
def changeable() -> ChangeableBackend:
    return ChangeableBackend()


@pytest.fixture
def make_changer(store: Store, clock: Clock) -> Callable[..., Changer]:
    def make(backend: ScriptedBackend) -> Changer:
        desk = Resources(
            store, Live("redis://127.0.0.1:1"), CITY, Catalog.load("content", CITY), lambda: OPEN
        )
        common = build_common(desk)
        news = ChangeNews(common.writer, common.handoffs, common.announcer, SERVICES)
        return Changer(
            store,
            {"requests": backend},
            news,
            clock,
            media_url=lambda id: f"https://desk.example/media/{id}",
            geocoder=Gazetteer(load_street_positions("content/street_positions.csv")),
            jitter=lambda most: most,
        )

    return make


@pytest.fixture
def changer(make_changer: Callable[..., Changer], changeable: ChangeableBackend) -> Changer:
    return make_changer(changeable)
