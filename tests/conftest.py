"""Shared fixtures: a fresh migrated database, a Redis, the demo city and its texts.

`pg_url` `pool` `store` are one database for each test, copied from a template; `redis_url` a Redis without our keys.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import msgspec
import pytest
import redis
from xdist.scheduler import LoadScopeScheduling

from city import City, load_city
from city.settings import renew
from desk.knowledge.catalogue import Catalog
from desk.media.decoder import PhotoDecoder
from desk.store.migrate import migrate
from desk.store.pool import Store, open_store
from tests.support import servers
from tests.support.databases import Databases

ROOT = Path(__file__).parent.parent
TESTS = Path(__file__).parent
TOGETHER = ("e2e", "deploy", "bench", "conversations", "web", "actions")
"""Folders whose tests share something expensive (a product, a bot, a browser): one process runs a whole folder, the most expensive first."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Started by root, PostgreSQL runs as another user, who must be able to reach its folder. pytest's own
    folder is shared by all runs on a machine, and each new run makes it private while databases of earlier
    runs are still in it."""
    if os.geteuid() == 0 and config.option.basetemp is None and not hasattr(config, "workerinput"):
        config.option.basetemp = tempfile.mkdtemp(prefix="civicdesk-tests-")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Failed tests keep their files for inspection; passed ones keep none. A run that skipped a test has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = exitstatus = pytest.ExitCode.TESTS_FAILED
    folder = str(session.config.option.basetemp or "")
    own = Path(folder).name.startswith("civicdesk-tests-") and not hasattr(session.config, "workerinput")
    if own and exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The most expensive first, so that no process is left alone with them at the end."""
    items.sort(key=_dearest_first)


class ByFolder(LoadScopeScheduling):
    """If several processes run the tests (`-n 2`), a file, or a folder of TOGETHER, stays in one process."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        folder = file.split("/")[1]
        return folder if folder in TOGETHER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFolder:
    """Of the groups that xdist knows, `loadgroup` does not work with this pytest: its names are not read."""
    return ByFolder(config, log)


def _dearest_first(item: pytest.Item) -> int:
    folder = item.path.relative_to(TESTS).parts[0]
    return TOGETHER.index(folder) if folder in TOGETHER else len(TOGETHER)


@pytest.fixture(scope="session")
def pg_template() -> Iterator[tuple[str, str]]:
    """A server's address and the name of a migrated database to copy."""
    name = f"template_{uuid4().hex[:12]}"
    with servers.postgres() as url:
        servers.make_roles(url)
        servers.run_sql(url, f'CREATE DATABASE "{name}"')
        asyncio.run(migrate(servers.named(url, name)))
        yield url, name
        servers.run_sql(url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def databases(pg_template: tuple[str, str]) -> Iterator[Databases]:
    """Databases that look like the template, emptied and used again."""
    databases = Databases(*pg_template)
    yield databases
    databases.drop()


@pytest.fixture
def pg_url(databases: Databases) -> Iterator[str]:
    """The address of a migrated database as a migration leaves it."""
    with databases.borrow() as url:
        yield url


@pytest.fixture
async def store(pg_url: str) -> AsyncIterator[Store]:
    """A store over a fresh database."""
    store = await open_store(pg_url, size=15)
    yield store
    await store.close()


@pytest.fixture
def pool(store: Store) -> "asyncpg.Pool[asyncpg.Record]":
    """The pool of `store`."""
    return store.pool


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis: REDIS_URL, or a private one."""
    if given := os.environ.get("REDIS_URL"):
        yield given
        return
    private = servers.PrivateRedis(tmp_path_factory.mktemp("redis"))
    private.start()
    yield private.url
    private.close()


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """A Redis that holds no key of ours."""
    with redis.Redis.from_url(redis_server) as client:
        for key in client.scan_iter("civicdesk:*"):
            client.delete(key)
    return redis_server


@pytest.fixture
async def decoder() -> AsyncIterator[PhotoDecoder]:
    """What opens photos, with a process of its own."""
    decoder = PhotoDecoder()
    yield decoder
    await decoder.close()


@pytest.fixture
def mortal_redis(tmp_path: Path) -> Iterator[servers.PrivateRedis]:
    """A Redis of this test alone, to be killed and started again."""
    private = servers.PrivateRedis(tmp_path)
    private.start()
    yield private
    private.close()


@pytest.fixture(scope="session")
def _shared_city() -> City:
    return load_city(ROOT / "city.yml")


@pytest.fixture(scope="session")
def city(_shared_city: City) -> City:
    """The demo city."""
    return _shared_city


@pytest.fixture(scope="session")
def _city_of_file(_shared_city: City) -> City:
    return msgspec.structs.replace(_shared_city)


@pytest.fixture(autouse=True)
def _city_as_it_was(_shared_city: City, _city_of_file: City) -> Iterator[None]:
    """Settings that a test changes are renewed in the City that all tests of the process share (ADR 55)."""
    yield
    renew(_shared_city, _city_of_file)


@pytest.fixture(scope="session")
def catalog(city: City) -> Catalog:
    """The demo city's texts."""
    return Catalog.load(ROOT / "content", city)


@pytest.fixture(autouse=True)
def _answers_as_they_were(request: pytest.FixtureRequest) -> Iterator[None]:
    """Answers that a test publishes or stops are renewed in the Catalog that all tests of the process share."""
    yield
    if "catalog" in request.fixturenames:
        shared: Catalog = request.getfixturevalue("catalog")
        shared.renew(shared.seed)
