"""The benchmark's arithmetic, and whether its baseline is configured as stated."""

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from bench import report
from bench.report import Row, percentile, table, write
from bench.support.citizens import TURNS_EACH, Load, measure
from bench.support.processes import BenchError
from bench.support.questions import questions
from bench.support.stock import DATA, STOCK_EPOCHS, project
from bench.turn import _notes


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (1.0, 100)])
def test_percentile_is_the_nearest_rank(share: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value
    assert percentile([7.0], share) == 7.0


def test_the_rival_learns_all_that_ours_learns() -> None:
    files = project(STOCK_EPOCHS)
    ours = {path.name: path.read_text() for path in DATA.glob("*.yml")}
    assert {name.removeprefix("data/nlu/"): text for name, text in files.items() if "nlu/" in name} == ours
    domain = yaml.safe_load(files["domain.yml"])
    assert set(domain["intents"]) == set(re.findall(r"- intent: (\w+)", "".join(ours.values())))
    assert {f"utter_{intent}" for intent in domain["intents"]} < set(domain["responses"])


def test_the_rival_is_configured_as_rasa_init_does() -> None:
    config = yaml.safe_load(project(STOCK_EPOCHS)["config.yml"])
    assert [one["name"] for one in config["pipeline"]] == [
        "WhitespaceTokenizer",
        "RegexFeaturizer",
        "LexicalSyntacticFeaturizer",
        "CountVectorsFeaturizer",
        "CountVectorsFeaturizer",
        "DIETClassifier",
        "EntitySynonymMapper",
        "ResponseSelector",
        "FallbackClassifier",
    ]
    assert [one["name"] for one in config["policies"]] == [
        "MemoizationPolicy",
        "RulePolicy",
        "UnexpecTEDIntentPolicy",
        "TEDPolicy",
    ]
    capped = yaml.safe_load(project(2)["config.yml"])
    trained = [one for part in ("pipeline", "policies") for one in capped[part] if "epochs" in one]
    assert [one["epochs"] for one in trained] == [2, 2, 2, 2]


def test_a_cap_on_epochs_is_said_aloud_and_no_cap_is_not() -> None:
    assert _notes(3)[0].startswith("THE STOCK BOT WAS TRAINED WITH 3 EPOCHS, NOT ITS 100.")
    assert not any("EPOCHS" in note for note in _notes(STOCK_EPOCHS))


def test_questions_are_plain_and_the_same_at_every_run() -> None:
    asked = questions()
    assert asked == questions()
    assert len(set(asked)) == 200
    assert not [text for text in asked if re.search(r"\]\(|\]\{|intent:", text)]


async def test_a_load_asks_as_often_and_with_as_many_as_it_says() -> None:
    asked: list[str] = []
    now = most = 0

    async def conversation(texts: Sequence[str]) -> list[float]:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        asked.extend(texts)
        assert len(texts) <= TURNS_EACH
        return [1.0] * len(texts)

    assert len(await measure(conversation, ["a", "b", "c"], Load(clients=3, messages=17))) == 17
    assert (len(asked), most) == (17, 3)


async def test_a_client_that_fails_ends_the_run_with_a_sentence() -> None:
    async def conversation(_: Sequence[str]) -> list[float]:
        raise OSError("refused")

    with pytest.raises(BenchError, match="A client failed"):
        await measure(conversation, ["a"], Load(clients=2, messages=10))


def test_rows_are_kept_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "FOLDER", tmp_path)
    row = Row("turn, 1 client, median", 20.0, 34.0, "stock", 500, 50, "lower", "ms")
    (kept,) = json.loads(write("turn", [row]).read_text())
    assert set(kept) == {"name", "ours", "rival", "rival_name", "limit", "goal", "better", "unit"}
    shown = table("Title", [row], ["a note"])
    assert "turn, 1 client, median" in shown and "20.0" in shown and "note: a note" in shown
