"""The trainer reads questions with two models: only differences stay, and the questions that editors marked decide on a model."""

import asyncio
import hashlib
import json
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from bot.model_file import code_hash
from bot.trained.comparing import Comparing, figures
from bot.trained.comparison_rows import ComparisonRows, Marked
from bot.trained.reading import is_right, outcome_of
from bot.trained.rows import TrainingRows
from bot.trained.trainer import Trainer
from tests.support.trainer_tables import add_release, trainer_tables

READS = """
import json, sys
model, asked = open(sys.argv[-1], "rb").read(), json.load(sys.stdin)
if sys.argv[1] == "breaks":
    sys.exit(1)
new = model != b"the release's"
json.dump([{"intent": "trees" if new and "tree" in one["text"] else "rats", "offers": []} for one in asked], sys.stdout)
"""
TRAINS = """
from bot.model_file import Current, file_hash, models_folder, write_current
folder = models_folder()
(folder / "new.tar.gz").write_bytes(b"a new model")
write_current(folder, Current("new.tar.gz", file_hash(folder / "new.tar.gz"), "y", {}))
"""
NEW = b"a new model"


@pytest.fixture
async def database() -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    async with trainer_tables() as found:
        yield found


@pytest.fixture(autouse=True)
def release(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_release(tmp_path, monkeypatch)


def comparing(url: str, kind: str = "reads") -> Comparing:
    return Comparing(TrainingRows(url), ComparisonRows(url), (sys.executable, "-c", READS, kind))


async def add_model(admin: asyncpg.Connection) -> int:
    training: int = await admin.fetchval("INSERT INTO trainings (files) VALUES ('{}') RETURNING id")
    await admin.execute(
        "INSERT INTO trained_models VALUES ($1, $2, $4, $3)",
        training,
        hashlib.sha256(NEW).hexdigest(),
        NEW,
        code_hash(),
    )
    return training


async def add(admin: asyncpg.Connection, state: str, *texts: str, old: str | None = None) -> int:
    id: int = await admin.fetchval(
        "INSERT INTO comparisons (new_training, state) VALUES ($1, $2) RETURNING id",
        await add_model(admin),
        state,
    )
    for text in texts:
        await admin.execute(
            "INSERT INTO compared_questions VALUES ($1, $2, 'en', $3, '[\"said\"]', $4::jsonb)",
            id, uuid.uuid4(), text, json.dumps({"intent": old, "offers": []}) if old else None,
        )  # fmt: skip
    return id


async def test_a_run_keeps_what_differs_without_its_text(database: tuple[str, asyncpg.Connection]) -> None:
    url, admin = database
    id = await add(admin, "waiting", "rats", "my tree", "a tree fell")
    await admin.execute(
        "INSERT INTO regression_questions (text, language, accepted, refused) VALUES ('tree?', 'en', '{rats}', '{}')"
    )
    assert await comparing(url).once() and not await comparing(url).once()
    row = await admin.fetchrow("SELECT state, questions, marked FROM comparisons WHERE id = $1", id)
    assert (row["state"], row["questions"]) == ("done", 3)
    marked = json.loads(row["marked"])
    assert (marked["all"], marked["before"], marked["now"]) == (1, 1, 0)
    assert marked["broken"][0]["text"] == "tree?"
    kept = await admin.fetch(
        "SELECT text, old->>'intent' AS old, new->>'intent' AS new FROM compared_questions"
    )
    assert [tuple(one) for one in kept] == [("", "rats", "trees")] * 2


async def test_shadow_mode_reads_with_the_new_model_alone(database: tuple[str, asyncpg.Connection]) -> None:
    url, admin = database
    await add(admin, "shadowing", "my tree", "rats", old="rats")
    assert await comparing(url).once()
    row = await admin.fetchrow("SELECT state, questions FROM comparisons")
    assert tuple(row) == ("shadowing", 2)
    assert await admin.fetchval("SELECT count(*) FROM compared_questions WHERE old <> new") == 1
    assert not await comparing(url).once(), "nothing waits"


async def test_a_model_that_cannot_read_ends_the_run_and_no_text_stays(
    database: tuple[str, asyncpg.Connection],
) -> None:
    url, admin = database
    await add(admin, "waiting", "rats")
    assert await comparing(url, "breaks").once()
    assert await admin.fetchval("SELECT state FROM comparisons") == "failed"
    assert await admin.fetchval("SELECT count(*) FROM compared_questions") == 0


async def test_a_model_that_breaks_marked_questions_is_refused_and_a_held_one_not_used(
    database: tuple[str, asyncpg.Connection],
) -> None:
    url, admin = database
    rows = TrainingRows(url)
    train = Trainer(rows, (sys.executable, "-c", TRAINS), comparing=comparing(url))
    await admin.execute(
        "INSERT INTO regression_questions (text, language, accepted, refused) VALUES ('tree?', 'en', '{rats}', '{}')"
    )
    for forced, held, state in ((False, False, "refused"), (True, True, "trained")):
        await admin.execute("INSERT INTO trainings (files, forced, held) VALUES ('{}', $1, $2)", forced, held)
        asked = await rows.claim()
        assert asked is not None
        await train.train(asked)
        row = await admin.fetchrow("SELECT state, report FROM trainings WHERE id = $1", asked.id)
        assert row["state"] == state and "1 of 1 right before, 0 now" in row["report"]
    assert await admin.fetchval("SELECT count(*) FROM trained_models") == 1
    assert await rows.get_in_use() is None, "it is kept until an editor says so"


async def test_a_trainer_that_is_stopped_ends_its_reader(database: tuple[str, asyncpg.Connection]) -> None:
    url, admin = database
    await add(admin, "waiting", "rats")
    slow = Comparing(
        TrainingRows(url), ComparisonRows(url), (sys.executable, "-c", "import time; time.sleep(600)")
    )
    work = asyncio.create_task(slow.once())
    while not await admin.fetchval("SELECT said FROM comparisons"):
        await asyncio.sleep(0.05)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert await admin.fetchval("SELECT state FROM comparisons") == "running", "the next trainer takes it up"


def test_an_outcome_is_what_people_get() -> None:
    parse = {"intent": {"name": "rats"}, "candidates": ["trees"]}
    assert outcome_of(parse) == {"intent": "rats", "offers": []}
    assert outcome_of({"intent": {"name": "nlu_fallback"}, "candidates": ["trees"]})["offers"] == ["trees"]
    assert is_right({"intent": "rats"}, ["rats"], []) and not is_right({"intent": "rats"}, [], ["rats"])
    assert figures([Marked("a", "en", ["rats"], [])], [{"intent": "x"}], [{"intent": "rats"}])[0]["now"] == 1
