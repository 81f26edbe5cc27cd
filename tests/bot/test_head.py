"""The classifier's arithmetic on small data that is made here."""

import numpy as np
import pytest

from bot.components.classifier import _read, _write
from bot.components.head import Head, fit
from bot.components.sparse import Ngrams


@pytest.fixture(scope="module")
def clouds() -> tuple[np.ndarray, list[str]]:
    """Four intents of 40 examples each, two of which lie close to each other."""
    draw = np.random.default_rng(0)
    centres = np.array([[4, 0, 0], [0, 4, 0], [0, 0, 4], [0, 0.8, 4.2]])
    rows = np.vstack([centre + draw.normal(0, 0.7, (40, 3)) for centre in centres]).astype(np.float32)
    return rows, [name for name in "abcd" for _ in range(40)]


def test_learns_and_says_how_well(clouds: tuple[np.ndarray, list[str]]) -> None:
    head, report = fit(*clouds)
    assert head.labels == ("a", "b", "c", "d")
    assert 0.75 < report["accuracy"] <= report["accuracy_top3"]
    assert report["right_when_answered"] >= report["accuracy"]
    assert report["calibration_error"] < 0.1
    assert 0.3 <= head.sure <= 0.9


def test_is_sure_of_the_clear_and_unsure_between_the_close(clouds: tuple[np.ndarray, list[str]]) -> None:
    head, _ = fit(*clouds)
    clear, between = head.probabilities(head.logits(np.array([[4, 0, 0], [0, 0.4, 4.1]], np.float32)))
    assert clear.max() > 0.9
    assert between.max() < clear.max()
    assert set(np.argsort(-between)[:2]) == {2, 3}


def test_a_text_far_from_all_topics_has_a_low_scope(clouds: tuple[np.ndarray, list[str]]) -> None:
    head, _ = fit(*clouds)
    foreign = head.logits(np.array([[0, 0, 0]], np.float32)).max()
    assert foreign < head.scope <= head.logits(np.array([[4, 0, 0]], np.float32)).max()


def test_is_kept_without_pickle(clouds: tuple[np.ndarray, list[str]], tmp_path) -> None:
    head, report = fit(*clouds)
    _write(tmp_path, head, [np.zeros(3, np.float32), np.ones(2, np.float32)], report)
    again, means = _read(tmp_path)
    np.testing.assert_array_equal(again.weights, head.weights)
    assert (again.labels, again.sure, again.scope, again.temperature) == (
        head.labels, head.sure, head.scope, head.temperature
    )  # fmt: skip
    assert [mean.tolist() for mean in means] == [[0, 0, 0], [1, 1]]


@pytest.mark.parametrize(
    "labels", [["a"] * 4, ["a", "a", "b", "b"], ["a", "b", "c", "d"], ["a", "a", "a", "b"]]
)
def test_a_toy_project_trains(labels: list[str]) -> None:
    head, _ = fit(np.eye(4, dtype=np.float32), labels)
    assert isinstance(head, Head)
    probabilities = head.probabilities(head.logits(np.eye(4, dtype=np.float32)))
    assert probabilities.shape == (4, len(set(labels)))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_ngrams_survive_being_saved(tmp_path) -> None:
    texts = ["when is my bin collected", "bin day", "passport fee", "new passport", "bin passport day"]
    ngrams = Ngrams.fit(texts, 3)
    ngrams.save(tmp_path)
    np.testing.assert_allclose(Ngrams.load(tmp_path).encode(texts), ngrams.encode(texts), atol=2e-3)
    assert np.isfinite(ngrams.encode(["", "zzz"])).all()
