"""Masks text for readers other than the conversation's agents: card numbers, e-mail addresses, and telephone
and other long numbers. Pure, and linear in the length of the text."""

import re

from desk.runtime.cards import mask_cards

EMAIL, NUMBER = "[email]", "[number]"
_WORD = re.compile(r"\S+")
# One way to match: a digit, then gaps of at most two signs and digits; seven digits are a telephone number.
_LONG = re.compile(r"(?<!\d)\+?\(?\d(?:[\s().\-\u2010-\u2015/]{0,2}\d){6,}")
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")


def mask_personal(text: str) -> str:
    """The text with EMAIL and NUMBER in place of them. Takes out rather too much than too little: a date survives, a long
    reference number does not."""
    return _LONG.sub(_number, _WORD.sub(_word, mask_cards(text)))


def _word(found: re.Match[str]) -> str:
    before, at, after = found[0].rpartition("@")
    return EMAIL if at and before and "." in after.strip(".,;:!?") else found[0]


def _number(found: re.Match[str]) -> str:
    return found[0] if _DATE.fullmatch(found[0]) else NUMBER
