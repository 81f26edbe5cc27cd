"""The training examples: enough of them, in every language, and suitable for training."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.lint.allowed import KINDS, Allowed
from bot.lint.balance import counts, lopsided, missing
from bot.lint.examples import Example, read_examples
from bot.lint.findings import Finding, find
from bot.lint.held_out import held_out
from bot.lint.strays import strays
from bot.project import ROOT, ProjectError, read_yaml

NLU = ROOT / "data" / "nlu"
LANGUAGES = ("en", "es", "fr")
PAYLOADS = {
    "share_location",
    "share_photo",
    "choose_answer",
    "choose_option",
    "choose_report",
}  # only ever pressed
BY_RULE = {
    "follow_up",
    "give_place",
    "give_details",
    "what_sent",
}  # recognised by rules in bot/turn and bot/understanding
NEVER_TRAINED = {"nlu_fallback"}


def intents() -> set[str]:
    """What a citizen can say: every topic, and the dialogue's intents."""
    topics = {path.stem for path in (ROOT / "content" / "answers").glob("*.yml")}
    return topics | (set(read_yaml(ROOT / "domain.yml")["intents"]) - PAYLOADS - BY_RULE - NEVER_TRAINED)


def test_every_intent_has_enough_examples_in_every_language() -> None:
    examples = read_examples(NLU)
    assert {example.intent for example in examples} == intents()
    assert missing(counts(examples), sorted(intents()), LANGUAGES) == []


def test_a_short_intent_is_named() -> None:
    found = {("passport", "en"): 24, ("passport", "es"): 15}
    assert missing(found, ["passport"], LANGUAGES) == [
        "passport has 24 examples in en; it needs 25.",
        "passport has 0 examples in fr; it needs 15.",
    ]


def test_the_same_sentence_twice_counts_once(tmp_path: Path) -> None:
    block = "nlu:\n- intent: greet\n  metadata: {language: en}\n  examples: |\n    - hello\n    - Hello\n"
    (tmp_path / "greet.yml").write_text(block)
    assert counts(read_examples(tmp_path)) == {("greet", "en"): 1}


def test_a_block_without_a_language_is_refused(tmp_path: Path) -> None:
    (tmp_path / "greet.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hello\n")
    with pytest.raises(ProjectError, match="'greet' does not say its language"):
        read_examples(tmp_path)


def test_nothing_is_wrong_with_the_examples_that_is_not_explained() -> None:
    linted = subprocess.run(
        [sys.executable, "-m", "bot.lint"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def example(text: str, intent: str = "passport", language: str = "en") -> Example:
    return Example(text, intent, language, f"{intent}.yml")


def findings(examples: list[Example], **held: str) -> list[Finding]:
    rows = np.eye(len(examples), dtype=np.float32)  # nothing is near anything
    allowed = Allowed({kind: [] for kind in KINDS})
    return [found for found in find(examples, rows, held, ["en"], allowed) if found.kind != "sizes"]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (example("How do I renew my passport?"), "say the same"),
        (example("how do I renew my my passport"), "say the same"),
        (example("how do I renew my passport", "identity_card"), "contradict each other"),
    ],
)
def test_doubles_are_found(second: Example, said: str) -> None:
    found = findings([example("how do I renew my passport"), second])
    assert [finding.kind for finding in found] == ["doubles"]
    assert said in found[0].text


@pytest.mark.parametrize(
    "second",
    [
        example("what does a new passport cost"),
        example("how do I renew my passport please", "identity_card"),  # alike, and not the same
        example("how do I renew my passport", language="es"),
    ],
)
def test_other_sentences_are_not_doubles(second: Example) -> None:
    assert findings([example("how do I renew my passport"), second]) == []


def test_a_test_sentence_in_the_examples_is_found() -> None:
    texts = [example("I lost my passport abroad"), example("hello there")]
    held = {"i lost my passport, abroad!": "dialogue.yml", "hello there": "dialogue.yml"}
    assert [finding.text for finding in findings(texts, **held)] == [
        "passport.yml: 'I lost my passport abroad' is also in dialogue.yml; reword one of them."
    ]


def test_an_example_among_those_of_another_intent_is_found() -> None:
    rows = np.array([[1, 0]] * 6 + [[0, 1]] * 6 + [[0.99, 0.1]], dtype=np.float32)
    texts = [example(f"a{n}") for n in range(6)] + [example(f"b{n}", "library") for n in range(6)]
    found = strays([*texts, example("renew passport", "library")], rows)
    assert [(stray.example.text, stray.other) for stray in found] == [("renew passport", "passport")]


def test_one_language_may_not_crowd_out_another_nor_one_intent_the_rest() -> None:
    found = {(intent, code): 30 for intent in ("a", "b", "c", "large") for code in ("en", "es")}
    found |= {("b", "es"): 10, ("large", "en"): 100, ("large", "es"): 100}
    assert lopsided(found, ["en", "es"]) == {
        "b": "b has 30 examples in en and 10 in es.",
        "large": "large has 200 examples; the intent in the middle has 60.",
    }


def test_a_finding_is_explained_once_and_an_idle_explanation_is_named(tmp_path: Path) -> None:
    file = tmp_path / "allowed.yml"
    file.write_text("strays:\n- {intent: greet, why: it is so}\n- {text: hi, why: it was so}\n")
    allowed = Allowed.read(file)
    assert allowed("strays", intent="greet", near="goodbye", text="hello")
    assert not allowed("strays", intent="goodbye", near="greet", text="hello")
    assert len(allowed.idle()) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("strays:\n- {text: hi}\n", "no `why`"),
        ("strays:\n- {text: hi, why: so, it is}\n", "only"),
        ("colours: []\n", "none of"),
    ],
)
def test_an_explanation_without_a_reason_is_refused(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "allowed.yml").write_text(content)
    with pytest.raises(ProjectError, match=said):
        Allowed.read(tmp_path / "allowed.yml")


def near_misses(name: str) -> list[dict[str, Any]]:
    groups = read_yaml(ROOT / "data" / "near_misses" / f"{name}.yml")["near_misses"]
    assert isinstance(groups, list)
    return groups


def test_near_misses_are_enough_and_name_their_topic_and_reason() -> None:
    groups = near_misses("dev") + near_misses("test")
    for group in groups:
        assert group["why"], group
        assert group["beside"] is None or group["beside"] in intents(), group
        assert set(group) <= {"beside", "why", *LANGUAGES}, group
    asked = {code: [text for group in groups for text in group.get(code, [])] for code in LANGUAGES}
    assert {code: len(set(texts)) for code, texts in asked.items()} == {
        code: len(texts) for code, texts in asked.items()
    }
    assert len(asked["en"]) >= 150
    assert len(asked["es"]) >= 80
    assert len(asked["fr"]) >= 80


def test_a_reason_is_for_choosing_or_for_measuring_never_for_both() -> None:
    chosen, measured = ({group["why"] for group in near_misses(name)} for name in ("dev", "test"))
    assert not chosen & measured


def test_held_out_sentences_are_found_wherever_they_are() -> None:
    places = set(held_out(ROOT).values())
    assert {
        "data/near_misses/dev.yml",
        "data/near_misses/test.yml",
        "tests/conversations/answers.yml",
    } <= places


def test_portuguese_is_measured_on_all_its_answers_and_trained_on_nothing() -> None:
    messages = read_yaml(ROOT / "data" / "evaluation" / "pt.yml")["messages"]
    answered = {path.stem for path in (ROOT / "content" / "answers").glob("*.yml") if "pt" in read_yaml(path)}
    assert set(messages) == answered
    texts = [text for group in messages.values() for text in group]
    assert len(texts) == len(set(texts)) >= 120
    assert "pt" not in {example.language for example in read_examples(NLU)}
