"""How people of one language ask whether something is really from the city, and the words of the public page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`asks` are whole sentences, without accents and punctuation; `weak` are those that count only beside something to check.
    `between` are words that do not matter in them, and `codes` those that may stand before a code. The rest is what the page
    says: {city}, {phone}, {number} and {list} are filled in."""

    asks: tuple[str, ...]
    weak: tuple[str, ...]
    between: tuple[str, ...]
    codes: tuple[str, ...]
    title: str
    lead: str
    phones: str
    domains: str
    mails: str
    accounts: str
    below: str
    code: str
    check: str
    check_label: str
    check_button: str
    result: str
    nothing: str
    never: str
