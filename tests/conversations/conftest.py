"""One bot, one action server and one fake back end for all dialogues."""

from collections.abc import Iterator

import pytest

from tests.support.bot import Bot, running
from tests.support.georeport import georeport


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """The real bot and the real actions, over HTTP. The bot can compare its predictions (tests/bot/checked_bot.py)."""
    folder = tmp_path_factory.mktemp("bot")
    with georeport() as url, running(url, folder, bot_module="tests.bot.checked_bot") as ready:
        yield ready
