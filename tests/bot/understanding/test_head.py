"""The classifier's arithmetic on small data that is made here."""

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.understanding.classifier.head import Head, auroc, fit
from bot.understanding.classifier.head_file import read, write
from bot.understanding.classifier.thresholds import Thresholds
from bot.understanding.features.sparse import KINDS, Counted, Ngrams, letter_grams, single, word_grams
from bot.understanding.scope.training import Texts


@pytest.fixture(scope="module")
def clouds() -> tuple[np.ndarray, list[str]]:
    """Four intents of 40 examples each, two of which lie close to each other."""
    draw = np.random.default_rng(0)
    centres = np.array([[4, 0, 0], [0, 4, 0], [0, 0, 4], [0, 0.8, 4.2]])
    rows = np.vstack([centre + draw.normal(0, 0.7, (40, 3)) for centre in centres]).astype(np.float32)
    return rows, [name for name in "abcd" for _ in range(40)]


def test_learns_and_says_how_well(clouds: tuple[np.ndarray, list[str]]) -> None:
    head, evidence = fit(*clouds)
    assert evidence
    report = evidence.figures
    assert head.labels == ("a", "b", "c", "d")
    assert 0.75 < report["accuracy"] <= report["accuracy_top3"]
    assert report["right_when_answered"] >= report["accuracy"]
    assert report["calibration_error"] < 0.1
    at = head.thresholds
    assert 0.2 <= at.lenient <= at.sure <= at.strict <= 0.98


def test_is_sure_of_the_clear_and_unsure_between_the_close(clouds: tuple[np.ndarray, list[str]]) -> None:
    head, _ = fit(*clouds)
    clear, between = head.probabilities(head.logits(np.array([[4, 0, 0], [0, 0.4, 4.1]], np.float32)))
    assert clear.max() > 0.9
    assert between.max() < clear.max()
    assert set(np.argsort(-between)[:2]) == {2, 3}


def test_a_text_far_from_all_topics_has_a_low_scope(clouds: tuple[np.ndarray, list[str]]) -> None:
    head, _ = fit(*clouds)
    foreign, known = np.array([[-4, -4, -4]], np.float32), np.array([[4, 0, 0]], np.float32)
    at = head.thresholds.scope
    assert head.scopes(head.logits(foreign), foreign)[0] < at <= head.scopes(head.logits(known), known)[0]


def test_near_misses_move_the_thresholds_and_nothing_else(clouds: tuple[np.ndarray, list[str]]) -> None:
    strange = np.random.default_rng(1).normal(0.8, 0.5, (60, 3)).astype(np.float32)
    without, _ = fit(*clouds)
    head, evidence = fit(*clouds, strange=Texts(strange, [()] * 60, ["reason"] * 60))
    assert evidence
    np.testing.assert_array_equal(head.weights, without.weights)
    figures = evidence.figures
    assert figures["near_misses"] == 60
    assert head.labels == without.labels
    assert (head.thresholds.scope, head.thresholds.sure) != (
        without.thresholds.scope,
        without.thresholds.sure,
    )

    def answered(thresholds: Thresholds) -> float:
        taken = (evidence.strange_top >= thresholds.sure) & (evidence.strange_scope >= thresholds.scope)
        return float(np.mean(taken))

    assert answered(head.thresholds) <= answered(without.thresholds)


def test_auroc_counts_pairs() -> None:
    assert auroc(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == 1.0
    assert auroc(np.array([0.0, 3.0]), np.array([1.0, 2.0])) == 0.5


def test_is_kept_without_pickle(clouds: tuple[np.ndarray, list[str]], tmp_path: Path) -> None:
    head, evidence = fit(*clouds)
    messages = [Message.build(text=f"text {place}", intent=label) for place, label in enumerate(clouds[1])]
    write(tmp_path, head, [np.zeros(3, np.float32), np.ones(2, np.float32)], evidence, messages, [])
    again, means = read(tmp_path)
    np.testing.assert_array_equal(again.weights, head.weights)
    assert (again.labels, again.thresholds, again.temperature) == (
        head.labels, head.thresholds, head.temperature
    )  # fmt: skip
    assert [mean.tolist() for mean in means] == [[0, 0, 0], [1, 1]]
    np.testing.assert_allclose(
        again.scopes(again.logits(clouds[0]), clouds[0]),
        head.scopes(head.logits(clouds[0]), clouds[0]),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    "labels", [["a"] * 4, ["a", "a", "b", "b"], ["a", "b", "c", "d"], ["a", "a", "a", "b"]]
)
def test_a_toy_project_trains(labels: list[str]) -> None:
    head, _ = fit(np.eye(4, dtype=np.float32), labels)
    assert isinstance(head, Head)
    probabilities = head.probabilities(head.logits(np.eye(4, dtype=np.float32)))
    assert probabilities.shape == (4, len(set(labels)))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def _vectorizer(kind: str) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, lowercase=False, dtype=np.float32, min_df=2, **KINDS[kind])


def test_ngrams_survive_being_saved(tmp_path: Path) -> None:
    texts = ["when is my bin collected", "bin day", "passport fee", "new passport", "bin passport day"]
    ngrams = Ngrams.fit(texts, 3)
    ngrams.save(tmp_path)
    loaded = Ngrams.load(tmp_path)
    assert loaded._letters.cache_info().currsize == 3  # looked up before the first text
    np.testing.assert_allclose(loaded.encode(texts), ngrams.encode(texts), atol=2e-3)
    assert np.isfinite(ngrams.encode(["", "zzz"])).all()


@pytest.mark.parametrize(
    "text", ["", "a", "ab", "bin bin bin day", "passport fee 00 for my daughter's passport", "ñandú été"]
)
def test_ngrams_are_counted_as_the_vectorizers_count(text: str) -> None:
    for kind, grams in (("words", word_grams), ("letters", letter_grams)):
        expected = TfidfVectorizer(lowercase=False, **KINDS[kind]).build_analyzer()(text)
        assert sorted(grams(text)) == sorted(expected)


def test_a_text_has_the_row_that_the_vectorizers_give(tmp_path: Path) -> None:
    texts = ["when is my bin collected", "bin day", "passport fee", "new passport", "bin passport day"]
    ngrams = Ngrams.fit(texts, 3)
    vectorizers = [_vectorizer(kind).fit(texts) for kind in KINDS]
    rows = hstack([vectorizer.transform([*texts, "zzz"]) for vectorizer in vectorizers]) @ ngrams._components
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    np.testing.assert_allclose(ngrams.encode([*texts, "zzz"]), rows, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_ngrams_are_weighed_as_the_vectorizers_weigh_them(kind: str) -> None:
    texts = [
        "when is my bin bin collected",
        "bin day",
        "passport fee",
        "new passport",
        "bin passport day",
        "",
    ]
    vectorizer = _vectorizer(kind).fit(texts)
    counted = Counted.of(kind, texts)
    assert counted.vocabulary == vectorizer.vocabulary_
    np.testing.assert_array_equal(counted.idf, vectorizer.idf_)
    expected = vectorizer.transform(texts)
    np.testing.assert_array_equal(counted.weighed.indices, expected.indices)
    np.testing.assert_array_equal(counted.weighed.data, expected.data)


def test_half_precision_becomes_single_precision_without_loss() -> None:
    halves = np.arange(65536, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)].reshape(-1, 32)
    found = single(halves)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found.view(np.uint32), halves.astype(np.float32).view(np.uint32))
    np.testing.assert_array_equal(single(found), found)
