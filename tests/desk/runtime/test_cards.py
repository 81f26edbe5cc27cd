"""Card numbers in a text: found as people write them, and other numbers left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.runtime.cards import MASK, mask_cards


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 1111 1111 1111", MASK),
        ("4111111111111111", MASK),
        ("my card is 4111-1111-1111-1111, exp 12/27", f"my card is {MASK}, exp 12/27"),
        ("12 4111 1111 1111 1111 please", f"12 {MASK} please"),
        ("3782 822463 10005", MASK),
        ("5500.0000.0000.0004", MASK),
        ("6011 0009 9013 9424", MASK),
        ("30569309025904", MASK),
        ("2223 0000 4841 0010", MASK),
        ("４１１１ １１１１ １１１１ １１１１", MASK),
        ("4111 1111\n1111 1111", MASK),
        ("4111–1111–1111–1111", MASK),
        ("4111\u00a01111\u00a01111\u00a01111", MASK),
        ("4222222222222 and 5105105105105100", f"{MASK} and {MASK}"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", MASK),
    ],
)
def test_card_numbers(text: str, masked: str) -> None:
    assert mask_cards(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "", "12 Mill Lane", "4111 1111 1111 1112", "1234567812345670", "+52 1 55 1234 5678 90", "555 123 4567, 555 765 4321",
        "40.712776 -74.005974", "2026-11-29 10:20:30", "SR-4KQ2-01AB", "0000 0000 0000 0000", "a4111111111111111",
        "41111111111111114111111111111111", "4111 1111 1111", "36 1234 5678",
    ],
)  # fmt: skip
def test_other_numbers(text: str) -> None:
    assert mask_cards(text) is text


@given(st.text(alphabet="0123456789 -.\nabc", max_size=300))
def test_what_was_masked_once_has_no_card_any_more(text: str) -> None:
    masked = mask_cards(text)
    assert mask_cards(masked) == masked
    assert sum(c.isdigit() for c in masked) <= sum(c.isdigit() for c in text)
