"""The training examples: enough of them, in every language, and fit to be learned from."""

from pathlib import Path

import pytest

from bot.lint.balance import counts, missing
from bot.lint.examples import read_examples
from bot.project import ROOT, ProjectError, read_yaml

NLU = ROOT / "data" / "nlu"
LANGUAGES = ("en", "es", "fr")
PAYLOADS = {"share_location", "share_photo", "choose_answer", "choose_option"}  # only ever a pressed button
NEVER_TRAINED = {"nlu_fallback"}


def intents() -> set[str]:
    """What a citizen can say: every topic, and the dialogue's intents."""
    topics = {path.stem for path in (ROOT / "content" / "answers").glob("*.yml")}
    return topics | (set(read_yaml(ROOT / "domain.yml")["intents"]) - PAYLOADS - NEVER_TRAINED)


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
