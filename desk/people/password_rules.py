"""Password rules: long enough, hard to guess, and not derived from public data about the account.
zxcvbn (docs/dependencies.md) knows the 30,000 commonest passwords, words and names of several languages,
keyboard rows, dates and repetitions. No rule requires digits or symbols: they make passwords hard to
remember and easy to guess.
"""

import re
from collections.abc import Iterable

from desk.model import DeskError
from desk.people.passwords import LONGEST

SHORTEST = 12
STRENGTH = 3
"""zxcvbn's score, 0 to 4: 3 means more than 100 million guesses."""
LOOKED_AT = 72
"""Characters that zxcvbn checks: its work grows with the square of the length."""
PRODUCT = ("civicdesk", "front", "desk", "frontdesk")
LEFT = 6
"""How many characters must remain when the account's own words are removed."""


class PasswordRefused(DeskError):
    """The password is refused; the text says why and what to do."""


def check_password(password: str, own_words: Iterable[str] = ()) -> None:
    """Raise PasswordRefused for a password that is short, common, or made of `own_words` (e-mail, name, city)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordRefused(f"The password must have between {SHORTEST} and {LONGEST} characters.")
    words = _words([*own_words, *PRODUCT])
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(re.sub(r"[\W\d_]", "", rest)) < LEFT and len(rest) < len(password):
        raise PasswordRefused(
            "The password is made of words that belong to this account or to the desk. "
            "Choose one that nobody can work out, such as four words that have nothing to do with each other."
        )
    if _score(password, words) < STRENGTH:
        raise PasswordRefused(
            "The password is too easy to guess: it is common, or a pattern. "
            "Choose another one, such as four words that have nothing to do with each other."
        )


def _score(password: str, words: list[str]) -> int:
    # Its word lists take 12 MB, and most gateways never see a new password.
    from zxcvbn import zxcvbn

    score: int = zxcvbn(password[:LOOKED_AT], user_inputs=words, max_length=LOOKED_AT)["score"]
    return score


def _words(given: Iterable[str]) -> list[str]:
    """The parts of names and addresses to look for, in lower case."""
    found = {part for one in given for part in re.split(r"[\W_]+", one.casefold())}
    return sorted(part for part in found if len(part) >= 3)
