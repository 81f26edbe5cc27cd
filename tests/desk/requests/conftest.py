"""The database, a clock, and a filer with its back end and its voice."""

from collections.abc import Callable
from typing import Any

import pytest

from desk.requests.filing import Filer
from desk.runtime.timing import FilingTiming
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.database import database_url, store
from tests.support.filing import ROUTES, ScriptedBackend, Voice

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
