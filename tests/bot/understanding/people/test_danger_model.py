"""The danger model learns from sentences, and what it says counts beside the rules."""

from pathlib import Path

import numpy as np
import pytest

from bot.languages.dangers import DANGERS
from bot.project import ROOT, read_yaml
from bot.understanding.people.alarm import DISTRESS, EMERGENCY, Alarm, Alarms
from bot.understanding.people.danger_model import (
    CALM,
    PERHAPS,
    UNLIKELY,
    URGENT,
    DangerModel,
    Sentence,
)
from bot.understanding.people.urgency import KINDS

LANGUAGES = ("en", "es", "fr")
NOTHING: frozenset[str] = frozenset()
SIZE = 8


def _written(draw: np.random.Generator) -> list[Sentence]:
    """Fires point up, floods point up and right, calm sentences down."""

    def sentences(label: str, along: list[float], count: int) -> list[Sentence]:
        found = []
        for _ in range(count):
            row = draw.normal(0, 0.3, SIZE) + np.array(along + [0.0] * (SIZE - len(along)))
            found.append(Sentence(label, row / np.linalg.norm(row), NOTHING, asks=False))
        return found

    return [
        *sentences("fire", [-0.6, 1.0], 60),
        *sentences("danger", [0.6, 1.0], 60),
        *sentences(CALM, [0.0, -1.0], 200),
    ]


@pytest.fixture(scope="module")
def model() -> DangerModel:
    return DangerModel.fit(_written(np.random.default_rng(0)), {"sick", "past"})


def _toward(*along: float) -> np.ndarray:
    row: np.ndarray = np.array([*along, *[0.0] * (SIZE - len(along))])
    return np.asarray(row / np.linalg.norm(row))


def test_a_sentence_like_those_of_a_kind_is_urgent(model: DangerModel) -> None:
    reading = model(_toward(-0.6, 1.0), NOTHING, asks=False)
    assert (reading.level, reading.kind) == (URGENT, "fire")


def test_a_sentence_like_the_calm_ones_is_unlikely(model: DangerModel) -> None:
    assert model(_toward(0.0, -1.0), NOTHING, asks=False).level == UNLIKELY


def test_examples_about_the_conversation_set_no_threshold() -> None:
    draw = np.random.default_rng(1)

    def fit(*, aside: bool) -> float:
        near = [
            Sentence(CALM, _toward(-0.6, 1.0), NOTHING, asks=False, ordinary=True, aside=aside)
            for _ in range(30)
        ]
        return DangerModel.fit([*_written(draw), *near], {"sick"}).at.perhaps

    assert fit(aside=True) < fit(aside=False)


def test_it_is_stored_without_code(model: DangerModel, tmp_path: Path) -> None:
    model.write(tmp_path)
    read = DangerModel.read(tmp_path)
    assert read is not None
    row = _toward(0.3, 0.5)
    assert read(row, NOTHING, asks=False) == model(row, NOTHING, asks=False)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}


def test_without_sentences_nothing_is_read(tmp_path: Path) -> None:
    assert DangerModel.read(tmp_path) is None


@pytest.fixture(scope="module")
def alarms() -> Alarms:
    return Alarms(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "level", "kind", "asks", "expected"),
    [
        ("the old chap went blue", URGENT, "medical", False, Alarm(EMERGENCY, "medical")),
        ("he will finish me off", URGENT, "domestic", False, Alarm(DISTRESS, "domestic")),
        ("something is badly wrong here", PERHAPS, "medical", False, Alarm(DISTRESS, "perhaps")),
        ("nobody was hurt, the pole is bent", URGENT, "medical", False, None),
        ("what is done against drowning?", UNLIKELY, None, True, None),
        ("someone is drowning", UNLIKELY, None, False, Alarm(EMERGENCY, "danger")),
    ],
)
def test_what_it_says_counts_beside_the_rules(
    alarms: Alarms, text: str, level: str, kind: str | None, asks: bool, expected: Alarm | None
) -> None:
    learned = {"level": level, "kind": kind}
    assert alarms.find([text], "en", None, learned, asks=asks) == expected


@pytest.mark.parametrize(
    ("level", "aside", "topical", "urgency"),
    [
        (PERHAPS, False, False, "perhaps"),
        (PERHAPS, True, False, None),
        (PERHAPS, False, True, None),
        (URGENT, True, False, None),
        (URGENT, False, True, "medical"),
    ],
)
def test_what_the_classifier_is_sure_of_outweighs_a_possible_danger(
    alarms: Alarms, level: str, aside: bool, topical: bool, urgency: str | None
) -> None:
    learned = {"level": level, "kind": "medical"}
    found = alarms.find(["I won't wait"], "en", None, learned, asks=False, aside=aside, topical=topical)
    assert (found.urgency if found else None) == urgency


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_danger_has_sentences(code: str) -> None:
    written = read_yaml(ROOT / "data" / "danger" / f"{code}.yml")
    assert set(written["by_model"]) == {*KINDS, CALM}
    assert all(len(sentences) >= 8 for sentences in written["by_model"].values())
    assert code in DANGERS
