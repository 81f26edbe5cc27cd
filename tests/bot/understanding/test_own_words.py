"""Titles and training examples are recognised word for word."""

from pathlib import Path

import pytest

from bot.project import ROOT, load_project
from bot.understanding.classifier.examples import Examples
from bot.understanding.own_words import Meaning, OwnWords


@pytest.fixture(scope="module")
def own() -> OwnWords:
    """The demo city's titles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CIVICDESK_CITY", raising=False)
        patch.delenv("CIVICDESK_CONTENT", raising=False)
        assert (ROOT / "city.yml").is_file()
        return OwnWords(load_project())


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Report a problem", Meaning("report_problem")),
        ("avisar de un problema!", Meaning("report_problem")),
        ("Report graffiti", Meaning("report_problem", "graffiti")),
        ("Direcciones", Meaning("office_addresses")),
        ("Amendes", Meaning("parking_fine")),
    ],
)
def test_a_title_means_what_its_button_does(own: OwnWords, text: str, meaning: Meaning) -> None:
    assert own(text) == meaning


@pytest.mark.parametrize(
    "text", ["None of these", "I do not have it", "Report graffiti on Elm Street", "", "x" * 5000]
)
def test_what_only_its_question_explains_is_left_to_the_desk(own: OwnWords, text: str) -> None:
    assert own(text) is None


def test_an_example_is_what_was_written_beside_it(tmp_path: Path) -> None:
    examples = Examples.of(
        [("Where is it?", "status"), ("Fine", "affirm"), ("fine!", "parking"), ("🙂", "greet")]
    )
    examples.write(tmp_path)
    kept = Examples.read(tmp_path)
    assert kept("where is it") == "status"
    assert kept("fine") is None and kept("🙂") is None and kept("where is it now") is None
    assert Examples.read(tmp_path / "none")("where is it") is None
