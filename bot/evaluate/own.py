"""Measures the city's own topics. Families of paraphrases are held out whole, so that no test question has a close paraphrase in training."""

from __future__ import annotations

import random
import string
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.encoders import Encoder
from bot.encoders.shared import encoder
from bot.evaluate.understanding import Understanding
from bot.lint.examples import Example, read_examples
from bot.project import ROOT, load_project, read_yaml
from bot.training.answer_lines import answer_lines
from bot.understanding.classifier.families import families, folds
from bot.understanding.classifier.head import auroc
from bot.understanding.classifier.regression import calibration_error
from bot.understanding.text import Normaliser

HELD_OUT = 0.2
EDITS = 2  # random typing errors per message in the typing test


@dataclass(frozen=True)
class Split:
    training: list[Example]
    test: list[Example]


def family_of(examples: list[Example]) -> list[int]:
    """Returns a number for each example, equal for those connected by a chain of near paraphrases of one intent."""
    normalise = Normaliser(load_project().reference_patterns)
    rows = encoder("multilingual").encode([normalise(example.text) for example in examples])
    found = families(rows, np.unique([e.intent for e in examples], return_inverse=True)[1])
    return [int(family) for family in found]


def split(examples: list[Example], family: list[int], seed: int) -> Split:
    """Holds out the share HELD_OUT of every intent's examples as whole families of any size, so that each example is equally likely to be tested."""
    truth = np.unique([e.intent for e in examples], return_inverse=True)[1]
    train, test = folds(np.array(family), truth, round(1 / HELD_OUT), seed)[0]
    return Split([examples[i] for i in train], [examples[i] for i in test])


def outlying(examples: list[Example], family: list[int], seed: int) -> Split:
    """Holds out the share HELD_OUT of every intent's examples from small families only; a larger one stays in training.

    Two of three test messages then have no paraphrase in the data: these are the most unusual questions, not typical ones."""
    draw = random.Random(seed)
    members: dict[str, dict[int, list[Example]]] = defaultdict(lambda: defaultdict(list))
    for example, name in zip(examples, family, strict=True):
        members[example.intent][name].append(example)
    training, test = [], []
    for intent in sorted(members):
        groups = [members[intent][name] for name in sorted(members[intent])]
        left = HELD_OUT * sum(len(group) for group in groups)
        draw.shuffle(groups)
        for group in groups:
            if len(group) <= left:
                left -= len(group)
                test += group
            else:
                training += group
    return Split(training, test)


def slip(text: str, draw: random.Random) -> str:
    """`text` with EDITS random letters deleted, inserted, replaced or swapped."""
    for _ in range(EDITS):
        place, letter = draw.randrange(max(1, len(text))), draw.choice(string.ascii_lowercase)
        before, after = text[:place], text[place:]
        text = draw.choice(
            [
                before + after[1:],
                before + letter + after,
                before + letter + after[1:],
                before + after[1:2] + after[:1] + after[2:],
            ]
        )
    return text


def measure(seed: int, encoders: tuple[Encoder, ...]) -> dict[str, float]:
    """Shares, not per cent. `accuracy_<language>`, `topics_<language>` (without small talk and the dialogue's own
    intents), `outlying_<language>`, `typos` and `typos_loss`, `near_auroc` and the like."""
    project = load_project()
    examples = read_examples(ROOT / "data" / "nlu")
    family = family_of(examples)
    part = split(examples, family, seed)
    learned = _learn(part.training, encoders)
    truth = _truth(learned, part.test)
    probabilities, scope = learned.read([e.text for e in part.test])
    right = probabilities.argmax(axis=1) == truth
    found = {"held_out": float(len(truth)), "accuracy": float(right.mean())}
    languages = sorted({e.language for e in part.test})
    topics = {path.stem for path in (project.content / "answers").glob("*.yml")}
    for language in languages:
        spoken = np.array([e.language == language for e in part.test])
        found[f"accuracy_{language}"] = float(right[spoken].mean())
        found[f"topics_{language}"] = float(
            right[spoken & np.array([e.intent in topics for e in part.test])].mean()
        )
    found["calibration_error"] = calibration_error(probabilities, truth)
    draw = random.Random(seed)
    slipped = learned.read([slip(e.text, draw) for e in part.test])[0].argmax(axis=1) == truth
    found["typos"] = float(slipped.mean())
    found["typos_loss"] = found["accuracy"] - found["typos"]
    found |= _strange(learned, probabilities, scope, right)
    found |= _outlying(examples, family, seed, encoders)
    return found | _untrained(learned, {e.language for e in examples})


def _learn(training: list[Example], encoders: tuple[Encoder, ...]) -> Understanding:
    project = load_project()
    return Understanding.learn(
        [e.text for e in training],
        [e.intent for e in training],
        encoders,
        project.reference_patterns,
        [(text, why) for text, _, why in near_misses("dev.yml")],
        answer_lines(project),
        [e.language for e in training],
        by_family=True,
        spoken=[*dict.fromkeys([*project.languages, *(path.stem for path in _evaluations())])],
    )


def _truth(learned: Understanding, test: list[Example]) -> np.ndarray:
    labels = {label: place for place, label in enumerate(learned.head.labels)}
    return np.array([labels[e.intent] for e in test])


def _strange(
    learned: Understanding, probabilities: np.ndarray, scope: np.ndarray, right: np.ndarray
) -> dict[str, float]:
    """Measures how well near misses and out-of-scope questions are separated from the held-out questions, and the effect of the thresholds."""
    strange = near_misses("test.yml")
    near = [text for text, beside, _ in strange if beside]
    far = [text for text, beside, _ in strange if not beside]
    strange_probabilities, near_scope = learned.read(near)
    found = {"near_misses": float(len(near)), "near_auroc": auroc(scope, near_scope)}
    found["near_auroc_of_right"] = auroc(scope[right], near_scope)
    if far:
        found["far_auroc"] = auroc(scope, learned.read(far)[1])
    at = learned.head.thresholds
    sure = (probabilities.max(axis=1) >= at.sure) & (scope >= at.scope)
    found["answered"], found["right_when_answered"] = float(sure.mean()), float(right[sure].mean())
    taken = (strange_probabilities.max(axis=1) >= at.sure) & (near_scope >= at.scope)
    return found | {"near_answered": float(taken.mean())}


def _outlying(
    examples: list[Example], family: list[int], seed: int, encoders: tuple[Encoder, ...]
) -> dict[str, float]:
    part = outlying(examples, family, seed)
    learned = _learn(part.training, encoders)
    right = learned.read([e.text for e in part.test])[0].argmax(axis=1) == _truth(learned, part.test)
    return {
        f"outlying_{language}": float(right[[e.language == language for e in part.test]].mean())
        for language in sorted({e.language for e in part.test})
    }


def near_misses(name: str) -> list[tuple[str, str | None, str]]:
    """(question, the related topic, the reason) in the city's languages."""
    path = ROOT / "data" / "near_misses" / name
    groups: list[dict[str, Any]] = read_yaml(path)["near_misses"] if path.is_file() else []
    languages = load_project().languages
    return [
        (text, group.get("beside"), str(group["why"]))
        for group in groups
        for code in languages
        for text in group.get(code) or ()
    ]


def _untrained(learned: Understanding, trained: set[str]) -> dict[str, float]:
    """Accuracy in the languages of data/evaluation, which have no training examples."""
    found = {}
    for path in _evaluations():
        pairs = _evaluation(path)
        if path.stem in trained or not pairs:
            continue
        guesses = learned.read([text for text, _ in pairs])[0].argmax(axis=1)
        right = [
            learned.head.labels[guess] == intent for guess, (_, intent) in zip(guesses, pairs, strict=True)
        ]
        found[f"untrained_{path.stem}"], found[f"untrained_{path.stem}_messages"] = (
            float(np.mean(right)),
            float(len(right)),
        )
    return found


def _evaluations() -> list[Path]:
    """One file per language. A city that speaks one of them lists it, so the speller knows its common words."""
    return sorted((ROOT / "data" / "evaluation").glob("*.yml"))


def _evaluation(path: Path) -> list[tuple[str, str]]:
    entry = read_yaml(path)
    groups = entry.get("messages") or entry
    return [
        (str(text), intent) for intent, texts in groups.items() if isinstance(texts, list) for text in texts
    ]
