"""A city, its texts, and a back end whose behaviour each test sets."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec
import pytest
from aiohttp import ClientSession

from actions.context import Context, Desk
from actions.lookup.lookups import build_lookups
from actions.phrases import Phrases
from actions.places import load_places
from actions.services import Services
from actions.talk.other_languages import load_other_languages
from backends.base import Question
from backends.geocoding.gazetteer import Gazetteer
from city import load_city
from city.lookups import load_lookups
from city.routes import Routes
from city.services import CityService, load_services
from tests.support.stage import FakeBackend, Stage

NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)
"""A Sunday in Lindenport, before Thanksgiving."""
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def stage(backend: FakeBackend) -> Stage:
    return _stage(backend, load_services(ROOT / "content" / "services.yml"))


@pytest.fixture
def protected_stage(backend: FakeBackend) -> Stage:
    """As `stage`, but requests about potholes are told only after an identity check."""
    services = load_services(ROOT / "content" / "services.yml")
    protected = msgspec.structs.replace(services["pothole"], identity=True)
    return _stage(backend, {**services, "pothole": protected})


@pytest.fixture
def optional_stage(backend: FakeBackend, tmp_path: Path) -> Stage:
    """As `stage`, but the size of a pothole is asked although it is optional."""
    text = (ROOT / "content" / "services.yml").read_text(encoding="utf-8")
    asked = text.replace("      required: false\n", "      required: false\n      ask: true\n", 1)
    assert asked != text
    (tmp_path / "services.yml").write_text(asked, encoding="utf-8")
    return _stage(backend, load_services(tmp_path / "services.yml"))


def _stage(backend: FakeBackend, services: Mapping[str, CityService]) -> Stage:
    city = load_city(ROOT / "city.yml")
    folder = ROOT / "content" / "lookups"
    lookups = build_lookups(city, load_lookups(folder, city.languages), folder, cast(ClientSession, None))
    context = Context(
        languages=city.languages,
        zone=city.zone,
        services=Services(services, Routes(city, services), {"requests": backend}),  # type: ignore[dict-item]  # a test's backend has only what is called
        phrases=Phrases.load(ROOT / "content", city.language),
        backends=(Desk("requests", backend, city.backends[0].reference_pattern),),  # type: ignore[arg-type]  # a test's backend has only what is called
        places=load_places(city, ROOT / "content"),
        other_languages=load_other_languages(ROOT / "content"),
        emergency_number=city.emergency_number,
        crisis_lines={str(kind): numbers for kind, numbers in city.crisis_lines.items()},
        answers=frozenset({"recycling", "bin_collection", "report_duration"}),
        lookups=lookups,
        geocoder=Gazetteer(load_places(city, ROOT / "content").streets),
        clock=lambda: NOON,
    )
    return Stage(context, backend)


@pytest.fixture
def a_question() -> Question:
    return Question("lane", "Which lane?", "text", True)
