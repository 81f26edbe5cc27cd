"""Which model a bot uses: the one from the console's last training, or the release's own.

A running bot checks every few seconds. If another model is in use, it downloads it, finishes its turns, and restarts in the
same process (`execv`): nothing of the old model stays in memory. Meanwhile workers are rejected, wait, and retry.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bot.model_file import ModelError, code_hash
from bot.project import ROOT
from bot.settings import secret
from bot.trained.folder import write_content, write_model
from bot.trained.rows import InUse, TrainingRows

logger = logging.getLogger(__name__)

EVERY = 5.0
CONTENT, RELEASE = "CIVICDESK_CONTENT", "CIVICDESK_RELEASE_CONTENT"
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncio.TimeoutError)


@dataclass(frozen=True)
class Chosen:
    """A model of the console, on this machine. `training` names it."""

    training: int
    model: Path
    sha256: str
    content: Path


def restore_environment() -> None:
    """After a restart: content/ is the release's again, until a model is chosen."""
    os.environ.setdefault(RELEASE, os.environ.get(CONTENT) or "content")
    os.environ[CONTENT] = os.environ[RELEASE]


def release_content() -> Path:
    """The release's content/."""
    path = Path(os.environ.get(RELEASE) or os.environ.get(CONTENT) or "content")
    return path if path.is_absolute() else ROOT / path


def rows() -> TrainingRows | None:
    """None without a database, as in `rasa shell` and tests."""
    url = secret("DATABASE_URL")
    return TrainingRows(url) if url else None


async def choose(source: TrainingRows) -> Chosen | None:
    """Fetch the model in use. None if that is the release's own, or one that another release trained. Raises ModelError."""
    in_use = await source.get_in_use()
    return await fetch(source, in_use) if in_use and fits(in_use) else None


def fits(in_use: InUse) -> bool:
    """Whether this release can load it: it was trained by the same code and data."""
    if in_use.code == code_hash():
        return True
    logger.warning("training %s is of another release; the release's own model is used", in_use.training)
    return False


async def fetch(source: TrainingRows, in_use: InUse) -> Chosen:
    """Write the model to this machine. Raises ModelError."""
    try:
        model, files = await source.get_model(in_use.training)
    except LookupError as error:
        raise ModelError(str(error)) from error
    folder = Path(tempfile.gettempdir()) / f"civicdesk-model-{os.getpid()}"
    content = await asyncio.to_thread(write_content, release_content(), files, folder)
    path = await asyncio.to_thread(write_model, model, in_use.sha256, folder)
    return Chosen(in_use.training, path, in_use.sha256, content)


def choose_at_start() -> Chosen | None:
    """As `choose`, before there is an event loop. While the database is away, the release's own model answers."""
    source = rows()
    if source is None:
        return None
    try:
        return asyncio.run(choose(source))
    except AWAY as error:
        logger.warning("the model in use is unknown (%s); the release's own is used", type(error).__name__)
    except ModelError as error:
        logger.error("%s", error)
    return None


async def watch(source: TrainingRows, training: int | None, restart: Callable[[], None]) -> None:
    """Call `restart` once another model than that of `training` is in use and can be fetched; None is the release's own."""
    code = await asyncio.to_thread(code_hash)
    while True:
        await asyncio.sleep(EVERY)
        try:
            in_use = await source.get_in_use()
            wanted = in_use.training if in_use and in_use.code == code else None
            if wanted == training:
                continue
            if in_use and wanted is not None:
                await fetch(source, in_use)
        except AWAY as error:
            logger.warning("the model in use is unknown: %s", type(error).__name__)
            continue
        except ModelError as error:
            logger.error("%s", error)
            continue
        await asyncio.sleep(random.uniform(0, EVERY))  # noqa: S311  (so that not all bots restart at once)
        logger.info("another model is in use: training %s", wanted)
        restart()
        return


def start_again() -> None:
    """The same process from the beginning. Open files are closed, as none is inherited."""
    os.execv(sys.executable, [sys.executable, "-m", "bot"])  # noqa: S606  (our own program)
