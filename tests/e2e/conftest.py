"""One running product and one browser for all end-to-end tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from launch.browser import find_browser
from tests.e2e.channels.platforms import PLATFORMS
from tests.e2e.grown import Grown, grown
from tests.e2e.people import Agent, Citizen
from tests.e2e.product import Product

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    platforms = [make() for make in PLATFORMS]
    for one in platforms:
        one.start()
    try:
        with Product(tmp_path_factory.mktemp("product"), platforms=platforms) as running:
            yield running
    finally:
        for one in platforms:
            one.stop()


@pytest.fixture(scope="package")
def city_that_grew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    """Trained once for the tests of a new answer and of a new language."""
    with grown(tmp_path_factory.mktemp("grown")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Not for the session: Playwright keeps an event loop running, beside which no asynchronous test can start.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def citizen(product: Product, browser: Browser) -> Iterator[Callable[..., Citizen]]:
    """Makes citizens, each with a browser profile of their own."""
    made: list[Citizen] = []

    def make(**options: object) -> Citizen:
        made.append(Citizen(browser, product.url, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def agent(product: Product, browser: Browser) -> Iterator[Callable[[str], Agent]]:
    """Makes signed-in agents."""
    made: list[Agent] = []

    def make(name: str) -> Agent:
        made.append(Agent(browser, product.url, f"{name}@lindenport.example"))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "pothole.jpg"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path, quality=80)
    return path
