"""Telling questions about our topics from others."""

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.classifier.families import families, folds
from bot.understanding.classifier.head import auroc, fit
from bot.understanding.classifier.head_file import read, write
from bot.understanding.scope.coverage import Coverage, words_of
from bot.understanding.scope.judge import Judge
from bot.understanding.scope.training import Texts

WORDS = ["passport", "visa", "japan", "renew", "lost"]


def known(word: str) -> bool:
    return word in WORDS


def test_a_word_that_only_another_intent_knows_is_told_from_one_that_nobody_knows() -> None:
    texts = ["renew passport", "lost passport", "renew library card"]
    coverage = Coverage.fit([words_of(text, known) for text in texts], [0, 0, 1], 2)
    ours = coverage(words_of("renew lost passport", known), 0)
    visa = coverage(words_of("passport visa japan", known), 0)
    assert ours[:4] == (1.0, 1.0, 0.0, 0.0)
    assert visa[0] < 0.5 and visa[3] == 2.0 and visa[2] == coverage.unseen
    assert coverage(words_of("passport", known), 1)[:2] == (0.0, 1.0)
    assert coverage(words_of("passport", known), 1, frozenset({"passpo"}))[0] == 1.0


def test_slips_of_the_keyboard_say_nothing() -> None:
    coverage = Coverage.fit([words_of("renew passport", known)], [0], 1)
    assert coverage(words_of("qwrtz passport", known), 0) == coverage(words_of("passport", known), 0)
    assert coverage((), 0) == (1.0, 1.0, 0.0, 0.0, 0.0)


def test_a_judge_asked_as_arrays_says_what_scikit_learn_says() -> None:
    from sklearn.ensemble import GradientBoostingClassifier

    draw = np.random.default_rng(0)
    real, strange = (
        draw.normal(0.5, 1, (300, 4)).astype(np.float32),
        draw.normal(-0.5, 1, (120, 4)).astype(np.float32),
    )
    learned = GradientBoostingClassifier(
        n_estimators=80, learning_rate=0.1, max_depth=2, min_samples_leaf=10, subsample=0.7, random_state=0
    ).fit(np.vstack([real, strange]), np.r_[np.ones(300), np.zeros(120)])
    rows = draw.normal(0, 1, (50, 4)).astype(np.float32)
    np.testing.assert_allclose(Judge.fit(real, strange)(rows), learned.decision_function(rows), rtol=1e-6)


def test_families_are_chains_of_one_intent_and_never_cut_by_a_fold() -> None:
    turn = np.deg2rad([0, 40, 80, 180, 0])
    rows = np.column_stack([np.cos(turn), np.sin(turn)])
    family = families(rows, np.array([0, 0, 0, 0, 1]))
    assert family[0] == family[1] == family[2]  # 0 and 80 degrees are alike by way of 40
    assert len({family[0], family[3], family[4]}) == 3
    draw = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 40)
    family = truth * 100 + draw.integers(0, 12, 120)
    for train, test in folds(family, truth, 4):
        assert not set(family[train]) & set(family[test])
        assert sorted([*train, *test]) == list(range(120))
        assert all(4 <= (truth[test] == intent).sum() <= 16 for intent in range(3))
        assert set(truth[train]) == {0, 1, 2}


def test_a_topic_of_one_family_is_dealt_out_and_leaves_the_others_whole() -> None:
    truth = np.repeat([0, 1, 2], [12, 12, 2])
    family = np.concatenate([np.zeros(12, int), np.repeat([1, 2, 3], 4), [4, 5]])
    for train, test in folds(family, truth, 4):
        assert set(truth[test]) <= set(truth[train])
        assert (truth[test] == 0).sum() == 3
        assert not set(family[train][truth[train] == 1]) & set(family[test][truth[test] == 1])


@pytest.fixture(scope="module")
def learned() -> tuple:
    """Three intents of 60 examples each, and 160 out-of-scope texts between them with a word of their own."""
    draw = np.random.default_rng(0)
    centres = np.array([[4, 0, 0], [0, 4, 0], [0, 0, 4]])
    rows = np.vstack([centre + draw.normal(0, 1.2, (60, 3)) for centre in centres]).astype(np.float32)
    labels = [name for name in "abc" for _ in range(60)]
    words = [words_of("renew passport" if place % 3 else "lost passport", known) for place in range(180)]
    strange = (np.array([1.6, 1.6, 0]) + draw.normal(0, 1.2, (160, 3))).astype(np.float32)
    beside = Texts(
        strange, [words_of("passport visa", known)] * 160, [str(place % 20) for place in range(160)]
    )
    return rows, labels, words, beside, fit(rows, labels, beside, None, words)


def test_words_reveal_out_of_scope_texts_that_the_logit_does_not(learned: tuple) -> None:
    *_, strange, (head, evidence) = learned
    logits = head.logits(strange.rows)
    assert auroc(evidence.scope, evidence.strange_scope) > 0.95
    familiar = [words_of("lost passport", known)] * 160
    assert (
        head.scopes(logits, strange.rows, familiar) > head.scopes(logits, strange.rows, strange.words)
    ).all()


def test_a_question_that_was_collected_is_never_ours_again(learned: tuple) -> None:
    rows, _, words, strange, (head, _) = learned
    unit = strange.rows[:1] / np.linalg.norm(strange.rows[:1])
    own = rows[:1] / np.linalg.norm(rows[:1])
    for said, collected in ((unit, True), (own, False)):
        score = head.scopes(head.logits(said), said, words[:1])[0]
        assert bool(score < head.thresholds.scope - 3) is collected


def test_the_same_data_give_the_same_judge(learned: tuple) -> None:
    rows, labels, words, strange, (head, _) = learned
    again, _ = fit(rows, labels, strange, None, words)
    assert again.scope is not None and again.scope.judge is not None
    np.testing.assert_array_equal(again.scope.judge.values, head.scope.judge.values)
    assert again.thresholds == head.thresholds


def test_a_scope_survives_being_kept(learned: tuple, tmp_path: Path) -> None:
    rows, labels, words, strange, (head, evidence) = learned
    write(tmp_path, head, [np.zeros(3, np.float32)], evidence, [Message.build(text="x", intent=n) for n in labels],
          [Message.build(text="y")] * 160)  # fmt: skip
    again, _ = read(tmp_path)
    for some, said in ((rows, words), (strange.rows, strange.words)):
        logits = head.logits(some)
        np.testing.assert_allclose(
            again.scopes(logits, some, said), head.scopes(logits, some, said), rtol=1e-6
        )
