"""A desk on real engines."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from city import City, InboxConfig
from desk.knowledge.catalogue import Catalog
from desk.runtime.live import Live
from desk.store.grants import WORKER
from desk.store.pool import Store, open_store
from desk.worker import Timings
from tests.support import servers
from tests.support.desk import QUICK, Desk
from tests.support.fake_bot import FakeBot, says
from tests.support.providers import TEMPLATES


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    bot = FakeBot()
    await bot.start()
    yield bot
    await bot.stop()


@pytest.fixture
async def live(redis_url: str) -> AsyncIterator[Live]:
    live = Live(redis_url)
    await live.start()
    yield live
    await live.stop()


@pytest.fixture
async def desk(
    pg_url: str, store: Store, live: Live, city: City, catalog: Catalog, bot: FakeBot
) -> AsyncIterator[Desk]:
    """Its workers have the worker's rights in the database, and no more."""
    worker_store = await open_store(servers.as_role(pg_url, WORKER), size=15)
    yield Desk(store, live, city, catalog, bot, worker_store)
    await worker_store.close()


@pytest.fixture
def patient(request: pytest.FixtureRequest) -> Timings:
    """QUICK, with a bot that is waited for only shortly."""
    return replace(QUICK, turn=replace(QUICK.turn, bot_wait=0.2))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the real texts, to be changed."""
    root = Path(__file__).parents[2]
    shutil.copytree(root / "content", tmp_path / "content")
    return tmp_path / "content"


@pytest.fixture
def whatsapp(desk: Desk) -> Desk:
    """The desk with an inbox "wa" that has templates, and the real time."""
    inbox = InboxConfig(name="wa", channel="whatsapp", templates=TEMPLATES)
    desk.move_to(msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox)))
    desk.now = datetime.now(UTC)
    desk.bot.behaviour = says({"text": "answer"})
    return desk
