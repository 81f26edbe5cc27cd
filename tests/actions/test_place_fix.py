"""The right place from a correction, in the words that people use."""

import pytest

from actions.filed.place_fix import fixed_place


@pytest.mark.parametrize(
    ("text", "before", "found", "after"),
    [
        ("the number is 7 not 5", "5 Mill Lane", None, "7 Mill Lane"),
        ("it's 7, not 5", "5 Mill Lane", None, "7 Mill Lane"),
        ("not 5 but 7", "5 Mill Lane", None, "7 Mill Lane"),
        ("the house number was 18", "5 Mill Lane", None, "18 Mill Lane"),
        ("el número es 7 y no 5", "Mill Lane 5", None, "Mill Lane 7"),
        ("c'est le 7 et pas le 5", "5 rue du Moulin", None, "7 rue du Moulin"),
        ("le numéro est 7b", "5 Mill Lane", None, "7b Mill Lane"),
        ("it is Oak Street, not Mill Lane", "5 Mill Lane", "Oak Street", "5 Oak Street"),
        ("it is 9 Oak Street", "5 Mill Lane", "9 Oak Street", "9 Oak Street"),
        ("Oak Street 9", "Town Hall", "Oak Street", "Oak Street"),
        # Nothing that could be taken for a number of the address.
        ("there are 3 holes", "5 Mill Lane", None, None),
        ("it happened at 10 and at 12", "5 Mill Lane", None, None),
        ("the number is wrong", "5 Mill Lane", None, None),
        ("the number is 7", None, None, None),
        ("it is 5 Mill Lane", "5 Mill Lane", "5 Mill Lane", None),
        ("the number is 7 or 9, not 5", "5 Mill Lane", None, None),
    ],
)
def test_the_place_after_the_correction(
    text: str, before: str | None, found: str | None, after: str | None
) -> None:
    assert fixed_place(text, before, found) == after
