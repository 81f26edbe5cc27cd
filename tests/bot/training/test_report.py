"""The training report, and what happens to a worse model. Nothing is trained here: the models are files with given figures."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

import bot.train
from bot.model_file import ModelError, file_hash, read_current
from bot.report.compare import compare
from bot.report.evidence import Example, ModelEvidence, by_language, calibration, confusions, macro_f1
from bot.report.html import html
from bot.report.text import page

FIGURES = {
    "examples": 4.0, "intents": 2.0, "accuracy": 0.75, "accuracy_top3": 1.0, "answered_at_once": 0.5,
    "right_when_answered": 1.0, "calibration_error": 0.01, "strength": 8.0, "temperature": 0.9, "near_misses": 2.0,
    "near_misses_answered": 0.5, "near_misses_auroc": 0.9, "floor": 0.08, "lenient": 0.4, "sure": 0.6, "strict": 0.9,
    "scope": -1.0,
}  # fmt: skip


def seen(text: str, intent: str, guess: str, language: str = "en", confidence: float = 0.8) -> dict[str, Any]:
    return {
        "text": text,
        "language": language,
        "intent": intent,
        "guess": guess,
        "confidence": confidence,
        "scope": 0.0,
    }


GOOD = [
    seen("a", "bins", "bins"),
    seen("b", "bins", "bins", "es"),
    seen("c", "trees", "trees"),
    seen("d <b>", "trees", "bins"),
]
BAD = [*GOOD[:2], seen("c", "trees", "bins"), GOOD[3]]


def model(path: Path, examples: list[dict[str, Any]], figures: dict[str, float] | None = None) -> Path:
    files = {
        "head.json": {"report": FIGURES if figures is None else figures},
        "evidence.json": {
            "examples": examples,
            "near_misses": [{"text": "x", "confidence": 0.7, "scope": -2.0}] * 2,
        },
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, told in files.items():
            content = json.dumps(told).encode()
            entry = tarfile.TarInfo(f"components/classifier/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_figures_by_language(tmp_path: Path) -> None:
    found = ModelEvidence.read(model(tmp_path / "m.tar.gz", GOOD))
    table = by_language(found.examples)
    assert list(table) == ["all", "en", "es"]
    assert table["all"][:2] == (4, 0.75)
    assert table["es"] == (1, 1.0, 1.0)
    assert macro_f1(list(found.examples)) == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert [(i, g, len(e)) for i, g, e in confusions(found.examples)] == [("trees", "bins", 1)]
    ((stated, right, count),) = calibration(found.examples)
    assert (right, count) == (0.75, 4) and stated == pytest.approx(0.8)


def test_the_page_names_each_example_that_changed(tmp_path: Path) -> None:
    old = ModelEvidence.read(model(tmp_path / "old.tar.gz", BAD))
    new = ModelEvidence.read(model(tmp_path / "new.tar.gz", GOOD))
    comparison = compare(old, new)
    assert [(before.guess, now.guess) for before, now in comparison.mended] == [("bins", "trees")]
    assert not comparison.broken and not comparison.worse
    text = page(new, comparison, 12.0, 1_000_000)
    assert "+ 'c': bins -> trees" in text and "50.0% -> 75.0%" in text and "trees -> bins" in text
    written = html(text, new, comparison, "m")
    assert "<b>" not in written and written.count("<svg") == 2
    assert compare(new, old).worse


def test_an_example_that_was_moved_is_judged_by_where_it_belongs_now() -> None:
    moved = compare(
        ModelEvidence(FIGURES, (Example("a", "en", "bins", "bins", 0.9, 0),)),
        ModelEvidence(FIGURES, (Example("a", "en", "trees", "trees", 0.9, 0),)),
    )
    assert len(moved.mended) == 1 and moved.old_accuracy == 0


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b\x08\x00"])
def test_a_damaged_model_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="was not used"):
        ModelEvidence.read(path)


def test_a_foreign_model_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "m.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("metadata.json"))
    with pytest.raises(ModelError, match="no classifier of ours"):
        ModelEvidence.read(path)


def test_a_worse_model_is_put_aside_unless_forced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CIVICDESK_VAR", str(tmp_path))
    folder = tmp_path / "models"
    given: dict[str, Any] = {"inputs": "1" * 64, "examples": GOOD}
    trained = []

    def run(output: Path, name: str) -> Path:
        trained.append(name)
        return model(output / name, given["examples"])

    monkeypatch.setattr(bot.train, "_run_rasa", run)
    monkeypatch.setattr(bot.train, "inputs_hash", lambda: given["inputs"])
    assert bot.train.main([]) == 0
    first = read_current(folder)
    assert first and first.sha256 == file_hash(folder / first.model)

    given |= {"inputs": "2" * 64, "examples": BAD}
    assert bot.train.main([]) == 0
    assert "stays in use" in capsys.readouterr().out
    kept = read_current(folder)
    assert kept and kept.model == first.model and (folder / kept.model).is_file()
    bot.train.main([])
    assert len(trained) == 2, "the same inputs were trained again"

    assert bot.train.main(["--force"]) == 0
    now = read_current(folder)
    assert now and now.model != first.model and now.sha256 == file_hash(folder / now.model)
    assert list((tmp_path / "reports").glob("*.html"))


def test_models_that_were_measured_on_other_folds_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CIVICDESK_VAR", str(tmp_path))
    given: dict[str, Any] = {"inputs": "1" * 64, "examples": GOOD, "figures": FIGURES | {"families": 0.0}}
    monkeypatch.setattr(
        bot.train, "_run_rasa", lambda output, name: model(output / name, given["examples"], given["figures"])
    )
    monkeypatch.setattr(bot.train, "inputs_hash", lambda: given["inputs"])
    assert bot.train.main([]) == 0
    given |= {"inputs": "2" * 64, "examples": BAD, "figures": FIGURES | {"families": 1.0}}
    assert bot.train.main([]) == 0
    said = capsys.readouterr().out
    assert "not compared" in said and "stays in use" not in said
    assert "nor any paraphrase" in said
    now = read_current(tmp_path / "models")
    assert now and now.inputs == "2" * 64
