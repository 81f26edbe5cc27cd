"""The conversation bench: its tables are found, its cases are complete, its arithmetic is right, and a short run ends with rows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.conversation import __main__ as bench
from bench.conversation import scene as scenes
from bench.conversation.scene import Scene
from bench.conversation.tables import tables
from bench.report import Row
from city import load_city
from desk.knowledge.catalogue import Catalog
from desk.knowledge.parts import is_part

LANGUAGES = ("en", "es", "fr")


@pytest.fixture
async def scene() -> Any:
    city = load_city("city.yml")
    async with aiohttp.ClientSession() as http:
        yield Scene(http, "http://127.0.0.1:1", city, Catalog.load("content", city))


async def test_a_share_counts_one_outcome_of_all(scene: Scene) -> None:
    async def judge(case: int) -> str:
        return "right" if case % 4 else "wrong"

    outcomes = await scene.outcomes(range(40), judge)
    assert scene.share("x", outcomes, "right", goal=90, limit=70) == Row(
        "x", 75.0, 0, "none", 70, 90, "higher", "% of 40"
    )
    assert scene.share("x", outcomes, "wrong", goal=2, limit=15, lower=True).better == "lower"
    scene.short = True
    assert len(await scene.outcomes(range(40), judge)) == 4


async def test_follow_ups_are_whole_and_half_are_held_out(scene: Scene) -> None:
    written = scene.cases("follow_ups")
    assert len(written["openings"]) >= 12 and set(written["openings"]) <= set(scene.catalog.answers)
    for language in LANGUAGES:
        wordings = written["follow_ups"][language]
        assert len({one["say"] for one in wordings}) == len(wordings) >= 50
        assert sum(bool(one.get("held_out")) for one in wordings) == 25
        assert all(is_part(one["part"]) for one in wordings)
        assert {one["topic"] for one in written["other_topics"][language]} <= set(scene.catalog.answers)


def test_a_run_of_some_tables_keeps_the_rows_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    monkeypatch.setattr("bench.report.FOLDER", tmp_path)

    def row(name: str, ours: float) -> Row:
        return Row(name, ours, 0, "none", 0, 0, "higher", "%")

    bench.keep({"a": [row("x", 1), row("y", 2)], "b": [row("x", 3)]})
    kept = json.loads(bench.keep({"a": [row("x", 4)]}).read_text())
    assert [(one["name"], one["ours"]) for one in kept] == [("a: x", 4), ("b: x", 3)]


def test_misses_are_sentences_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "FOLDER", tmp_path)
    assert scenes.write_misses("x", ["one", "two"]).read_text() == "one\ntwo\n"


@pytest.mark.slow
def test_a_short_run_ends_with_rows_of_every_table(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.conversation", "--short"],
        env={**os.environ, "CIVICDESK_BENCH_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    rows = json.loads((tmp_path / "conversation.json").read_text())
    assert {row["name"].partition(": ")[0] for row in rows} == set(tables())
