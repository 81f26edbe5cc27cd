"""What an SMS costs, and what may be changed to make it cost less."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from channels.kit.gsm7 import BASIC, TYPOGRAPHY, plain, segments, septets

odd = st.sampled_from("aé€^“”’…–\u00a0ñ🚧\n")
texts = st.lists(odd, max_size=400).map("".join)


@mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # Two septets are not parted: the 153rd place of the first part stays empty.
        ("a" * 152 + "€" * 77, 3),
        ("ñ" * 160, 1),
        ("ó" * 70, 1),
        ("ó" * 71, 2),
        ("🚧" * 35, 1),
        ("🚧" * 36, 2),
        ("🚧" * 67, 3),  # 33 in each part of 67 units
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


def test_typography_is_made_plain_where_that_pays() -> None:
    text = "It’s “closed” – until\u00a0Monday…"
    assert plain(text) == 'It\'s "closed" - until Monday...'
    assert segments("x" * 100 + text) == 2 and segments(plain("x" * 100 + text)) == 1


@mark.parametrize("text", ["It’s closed 🚧", "“información”", "“Straßé ő”"])
def test_where_it_would_not_pay_nothing_is_touched(text: str) -> None:
    assert plain(text) == text


def test_no_letter_is_ever_changed() -> None:
    assert not [chr(code) for code in TYPOGRAPHY if unicodedata.category(chr(code)).startswith(("L", "N"))]
    assert plain("año, maßgeblich, Ærø") == "año, maßgeblich, Ærø"


@given(texts)
@settings(deadline=None)
def test_plain_text_never_costs_more_and_keeps_every_letter(text: str) -> None:
    changed = plain(text)
    assert segments(changed) <= segments(text)
    assert [c for c in changed if c.isalnum()] == [c for c in text if c.isalnum()]
    assert changed == text or septets(changed) is not None


def test_the_alphabet_has_every_basic_sign() -> None:
    assert len(BASIC) == 127  # 128 places, one of which is the escape
