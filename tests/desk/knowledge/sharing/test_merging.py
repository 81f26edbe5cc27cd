"""What only one side changed is taken from it; where both changed the same, ours stays and is named."""

import pytest

from desk.knowledge.sharing.merging import merge

BASE = "One.\n\nTwo.\n\nThree."


@pytest.mark.parametrize(
    ("ours", "theirs", "merged", "both"),
    [
        (BASE, "One.\n\nTwo!\n\nThree.", "One.\n\nTwo!\n\nThree.", []),
        ("Uno.\n\nTwo.\n\nThree.", BASE, "Uno.\n\nTwo.\n\nThree.", []),
        ("Uno.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nTres.", "Uno.\n\nTwo.\n\nTres.", []),
        ("Uno.\n\nTwo.\n\nThree.", "Un.\n\nTwo.\n\nThree.", "Uno.\n\nTwo.\n\nThree.", ["texts.en.text"]),
        ("One.\n\nTwo.\n\nThree.\n\nFour.", "Two.\n\nThree.", "Two.\n\nThree.\n\nFour.", []),
        ("One.\n\nTres.", "One.\n\nTwo.\n\nThree.\n\nFour.", "One.\n\nTres.", ["texts.en.text"]),
    ],
)
def test_paragraphs_of_both_sides_are_kept(ours: str, theirs: str, merged: str, both: list[str]) -> None:
    def answer(text: str) -> dict[str, object]:
        return {"owner": "Parks", "texts": {"en": {"text": text}}}

    assert merge(answer(BASE), answer(ours), answer(theirs)) == (answer(merged), both)


def test_fields_are_taken_from_the_side_that_changed_them() -> None:
    base = {"owner": "A", "source": "x", "examples": {"en": ["a"]}, "expires_on": "2027-01-01"}
    ours = {**base, "owner": "B", "examples": {"en": ["a", "b"]}}
    theirs = {"owner": "C", "source": "y", "examples": {"en": ["a"]}}
    merged = {"owner": "B", "source": "y", "examples": {"en": ["a", "b"]}}
    assert merge(base, ours, theirs) == (merged, ["owner"])
    assert merge(None, ours, theirs)[0]["owner"] == "B", "without a common past ours stays"
