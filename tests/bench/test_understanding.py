"""The understanding benchmark: what is measured with the booster is judged as what is measured without."""

from pathlib import Path

import pytest

from bench import understanding
from bench.report import Row


def test_the_booster_has_the_defaults_rows_and_goals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    figures = [figure for _, figure, *_ in (*understanding.ACCURACIES, *understanding.ERRORS)]
    figures += ["untrained_pt", "answered", "right_when_answered", "near_answered"]
    asked = []

    def measured(what: str, seed: int, data: Path, *, again: bool) -> dict[str, float]:
        asked.append((what, seed))
        share = 0.9 if what.endswith(understanding.BOOSTED) else 0.8
        return dict.fromkeys(figures, share) | {"untrained_pt_messages": 130.0}

    monkeypatch.setattr(understanding, "measured", measured)
    notes: list[str] = []
    rows = understanding._accuracy(tmp_path / "no public sets", False, notes)
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
