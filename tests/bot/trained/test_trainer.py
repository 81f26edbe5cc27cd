"""Trainings of the console: one process trains, the gate decides, a running bot takes the model up and rolls back."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from bot.model_file import ModelError, code_hash
from bot.trained.folder import write_content, write_model
from bot.trained.in_use import CONTENT, RELEASE, choose, restore_environment, watch
from bot.trained.rows import TrainingRows
from bot.trained.trainer import Trainer
from tests.support.trainer_tables import add_release, trainer_tables

FAKE = """
import os, sys, time
from pathlib import Path
from bot.model_file import Current, file_hash, models_folder, read_current, write_current
from dataclasses import replace
folder, kind = models_folder(), sys.argv[1]
print("Training the model ...", flush=True)
answers = sorted(path.stem for path in (Path(os.environ["CIVICDESK_CONTENT"]) / "answers").glob("*.yml"))
print("answers:", *answers, "forced:", "--force" in sys.argv, flush=True)
before = read_current(folder)
if kind == "sleeps":
    time.sleep(60)
if kind == "fails":
    sys.exit("No data.")
if kind == "worse" and "--force" not in sys.argv:
    write_current(folder, replace(before, refused="x"))
else:
    (folder / "new.tar.gz").write_bytes(b"a new model")
    write_current(folder, Current("new.tar.gz", file_hash(folder / "new.tar.gz"), "y", {"accuracy": 0.9}))
print("The report.", "beside", before and before.model)
print("2026-11-30 19:00:40,847 INFO bot.understanding: examples 9")
print("The same with plots: /tmp/report.html")
"""


@pytest.fixture
async def database() -> AsyncIterator[tuple[TrainingRows, asyncpg.Connection]]:
    async with trainer_tables() as (url, admin):
        yield TrainingRows(url), admin


@pytest.fixture
def release(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release with a model of its own, and the tiny project's content."""
    add_release(tmp_path, monkeypatch)
    return project / "content"


def trainer(rows: TrainingRows, kind: str, longest: float = 60.0) -> Trainer:
    return Trainer(rows, (sys.executable, "-c", FAKE, kind), longest)


async def ask(admin: asyncpg.Connection, forced: bool = False) -> int:
    files = '{"bikes": "id: bikes\\n"}'
    training: int = await admin.fetchval(
        "INSERT INTO trainings (files, forced) VALUES ($1::jsonb, $2) RETURNING id", files, forced
    )
    return training


async def test_a_training_ends_in_a_model_that_a_bot_takes_up_and_rolls_back(
    database: tuple[TrainingRows, asyncpg.Connection], release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, admin = database
    monkeypatch.setattr("bot.trained.in_use.EVERY", 0.01)
    assert await rows.claim() is None and await choose(rows) is None
    training = await ask(admin)
    again = asyncio.Event()
    watching = asyncio.create_task(watch(rows, None, again.set))
    asked = await rows.claim()
    assert asked is not None and await rows.claim() is None, "nobody else gets it"
    await trainer(rows, "better").train(asked)
    row = await admin.fetchrow("SELECT state, report, figures::text FROM trainings")
    assert (
        row["state"] == "trained"
        and "The report. beside own.tar.gz" in row["report"]
        and "0.9" in row["figures"]
    )
    assert "INFO" not in row["report"] and "/tmp/" not in row["report"], "what means nothing in the console"
    assert "bikes" in row["report"] and not (release / "answers" / "bikes.yml").exists()
    await asyncio.wait_for(again.wait(), 30)
    await watching
    chosen = await choose(rows)
    assert chosen is not None and chosen.training == training and chosen.model.read_bytes() == b"a new model"
    assert (chosen.content / "answers" / "bikes.yml").read_text() == "id: bikes\n"
    monkeypatch.setenv(CONTENT, str(chosen.content))
    in_use = await rows.get_in_use()
    assert in_use is not None and in_use.code == code_hash(), "the copy of content/ is the same release"
    back = asyncio.Event()
    watching = asyncio.create_task(watch(rows, training, back.set))
    await admin.execute("INSERT INTO models_in_use (training_id) VALUES (NULL)")
    await asyncio.wait_for(back.wait(), 30)
    await watching
    assert await choose(rows) is None


async def test_a_worse_model_is_refused_unless_it_is_forced(
    database: tuple[TrainingRows, asyncpg.Connection], release: Path
) -> None:
    rows, admin = database
    for forced, state in ((False, "refused"), (True, "trained")):
        await ask(admin, forced)
        asked = await rows.claim()
        assert asked is not None
        await trainer(rows, "worse").train(asked)
        assert await admin.fetchval("SELECT state FROM trainings WHERE id = $1", asked.id) == state
    assert await admin.fetchval("SELECT count(*) FROM trained_models") == 1


async def test_what_fails_or_takes_too_long_says_so_and_changes_nothing(
    database: tuple[TrainingRows, asyncpg.Connection], release: Path
) -> None:
    rows, admin = database
    for kind, longest, said in (("fails", 60.0, "No data."), ("sleeps", 2.0, "was stopped")):
        await ask(admin)
        asked = await rows.claim()
        assert asked is not None
        await trainer(rows, kind, longest).train(asked)
        row = await admin.fetchrow("SELECT state, report FROM trainings WHERE id = $1", asked.id)
        assert row["state"] == "failed" and said in row["report"]
    assert await rows.get_in_use() is None


async def test_a_trainer_that_is_stopped_ends_its_child(
    database: tuple[TrainingRows, asyncpg.Connection], release: Path
) -> None:
    rows, admin = database
    await ask(admin)
    asked = await rows.claim()
    assert asked is not None
    work = asyncio.create_task(trainer(rows, "sleeps").train(asked))
    while "answers" not in await admin.fetchval("SELECT step FROM trainings"):
        await asyncio.sleep(0.05)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert await admin.fetchval("SELECT state FROM trainings") == "running", "the next trainer takes it up"


async def test_a_training_that_a_dead_process_left_is_done_again_and_another_release_keeps_its_own(
    database: tuple[TrainingRows, asyncpg.Connection], release: Path
) -> None:
    rows, admin = database
    training = await ask(admin)
    await rows.claim()
    await admin.execute("UPDATE trainings SET seen_at = now() - interval '3 minutes'")
    asked = await rows.claim()
    assert asked is not None and asked.id == training
    await rows.mark_step(training, "Folds 3 of 5")
    assert await admin.fetchval("SELECT step FROM trainings") == "Folds 3 of 5"
    for _ in range(3):
        await rows.add_model(await ask(admin), "sha", "code of another release", b"m", keep=2)
    assert await admin.fetchval("SELECT count(*) FROM trained_models") == 2
    assert await rows.get_in_use() is not None and await choose(rows) is None


def test_only_the_recorded_model_and_names_of_answers_are_written(release: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="SHA-256"):
        write_model(b"another", "0" * 64, tmp_path)
    for name in ("../x", "a/b", "A", ""):
        with pytest.raises(ModelError, match="name"):
            write_content(release, {name: "x"}, tmp_path)


def test_after_a_restart_content_is_the_releases_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONTENT, "mine")
    monkeypatch.delenv(RELEASE, raising=False)
    restore_environment()
    monkeypatch.setenv(CONTENT, "/tmp/trained")
    restore_environment()
    assert os.environ[CONTENT] == "mine"
