"""The understanding benchmark: results with the booster and without it are checked in the same way."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from bench import report, understanding
from bench.report import Row
from bench.support.understanding_process import Process
from bot.evaluate import public_sets


def test_the_booster_has_the_defaults_rows_and_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = [figure for _, figure, *_ in (*understanding.ACCURACIES, *understanding.ERRORS)]
    figures += ["untrained_pt", "answered", "right_when_answered", "near_answered"]
    asked = []

    def measured(what: str, seed: int, data: Path | None, *, again: bool) -> dict[str, float]:
        asked.append((what, seed))
        share = 0.9 if what.endswith(understanding.BOOSTED) else 0.8
        return dict.fromkeys(figures, share) | {"untrained_pt_messages": 130.0}

    monkeypatch.setattr(understanding, "measured", measured)
    notes: list[str] = []
    rows = understanding._accuracy(None, False, notes)
    seeds = understanding.SEEDS
    assert sorted(asked) == sorted((what, seed) for what in ("own", "own-boosted") for seed in seeds)

    def judged(row: Row) -> tuple[object, ...]:
        return row.limit, row.goal, row.better, row.unit

    default = {row.name: row for row in rows if "boosted" not in row.name}
    boosted = {row.name.replace(", boosted", ""): row for row in rows if "boosted" in row.name}
    assert default.keys() == boosted.keys() and "own topics, pt, never trained" in default
    assert {name: judged(row) for name, row in default.items()} == {
        name: judged(row) for name, row in boosted.items()
    }
    assert {row.ours for row in default.values()} == {80.0} and {row.ours for row in boosted.values()} == {
        90.0
    }
    assert sum("boosted, at the chosen thresholds: 90.0 % answered" in note for note in notes) == 1


def test_without_the_public_sets_their_rows_are_named_as_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(public_sets.VARIABLE, raising=False)
    monkeypatch.setattr(report, "FOLDER", tmp_path)
    monkeypatch.setattr(understanding, "FOLDER", tmp_path)
    figures = [figure for _, figure, *_ in (*understanding.ACCURACIES, *understanding.ERRORS)]
    figures += ["answered", "right_when_answered", "near_answered", "p50", "p95"]
    monkeypatch.setattr(understanding, "measured", lambda *_, **__: dict.fromkeys(figures, 0.99))
    nothing = Process(*[float("nan")] * len(Process.__dataclass_fields__))
    monkeypatch.setattr(understanding, "measure_process", lambda _: nothing)
    understanding.main([])
    kept = json.loads((tmp_path / "understanding.json").read_text())
    left_out = {one["name"] for one in kept if "left_out" in one}
    public = [
        name for what, _, name, *_ in (*understanding.ACCURACIES, *understanding.ERRORS) if "own" not in what
    ]
    assert left_out == {*public, *(f"{name}, boosted" for name in public)} and len(public) == 9
    assert not left_out & {one["name"] for one in kept if "ours" in one}
    printed = capsys.readouterr().out
    for name in left_out:
        assert f"NOT MEASURED: {name}: set CIVICDESK_BENCH_DATA" in printed
    assert understanding.main(["--part", "clinc150-10-english"]) == 2


def test_another_file_than_the_published_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = {name: f"text of {name}\tlabel\n".encode() for name in public_sets.SHA256}
    for name, one in content.items():
        (tmp_path / name).write_bytes(one)
        monkeypatch.setitem(public_sets.SHA256, name, hashlib.sha256(one).hexdigest())
    public_sets.verify(tmp_path)
    (tmp_path / "clinc150_test.tsv").write_bytes(b"another\tlabel\n")
    with pytest.raises(public_sets.WrongData, match="SHA-256 differs"):
        public_sets.verify(tmp_path)
    monkeypatch.setenv(public_sets.VARIABLE, str(tmp_path))
    assert understanding.main([]) == 2
    assert "SHA-256 differs" in capsys.readouterr().err
    (tmp_path / "clinc150_test.tsv").unlink()
    with pytest.raises(public_sets.WrongData, match="cannot be read"):
        public_sets.verify(tmp_path)


def test_the_documents_name_the_same_hashes() -> None:
    documented = re.findall(r"`(\w+\.tsv)` \| `([0-9a-f]{64})`", Path("docs/performance.md").read_text())
    assert dict(documented) == public_sets.SHA256
