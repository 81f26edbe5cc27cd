"""Whether words introduce a place: "in Paris", "near my house", "on the school wall". Pure.

A service and a place together report a problem: "pothole in Paris" is not a question about potholes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from zoneinfo import available_timezones

from bot.languages import WORDS
from bot.understanding.text import Token, tokens

LONGEST_PLACE = 8  # words of a message that is a place and nothing else
_LINKS = frozenset(
    {
        "to",
        "of",
        "de",
        "del",
        "du",
        "a",
        "la",
        "le",
        "les",
        "el",
        "al",
        "au",
        "aux",
        "d",
        "l",
        "front",
        "middle",
        "corner",
        "side",
        "end",
        "top",
        "bottom",
        "outside",
        "frente",
        "lado",
        "medio",
        "face",
        "cote",
        "coin",
        "milieu",
    }
)
_OWN = frozenset(
    {
        "my",
        "our",
        "mi",
        "mis",
        "nuestra",
        "nuestro",
        "mon",
        "ma",
        "mes",
        "notre",
        "nos",
        "moi",
        "nous",
        "lui",
        "eux",
    }
)
# "It is near my house": what may stand before a place.
_BEFORE = frozenset(
    {"it", "is", "s", "its", "they", "are", "right", "just", "es", "esta", "son", "c", "est", "ce", "juste"}
)
# No word for a landmark: "off the record", "by the way", "from the city".
_NEITHER = frozenset(
    {"because", "by", "off", "from", "into", "through", "porque", "par", "parce", "desde", "hasta", "depuis"}
)


def town_names() -> frozenset[str]:
    """First words of towns that time zones are named after, folded."""
    return frozenset(
        name.rpartition("/")[2].split("_")[0].lower() for name in available_timezones() if "/" in name
    )


class Placed:
    """`towns`: first words of names of other places, folded."""

    def __init__(self, towns: Collection[str] = ()) -> None:
        self._towns = frozenset(towns)
        self._leads = {
            code: frozenset((*words.at, *words.beside)) - _NEITHER for code, words in WORDS.items()
        }
        self._nouns = {code: frozenset(words.determiners) | _OWN for code, words in WORDS.items()}

    def after(self, text: str, end: int, language: str | None) -> bool:
        """Whether the words that follow `end` lead to a place."""
        written = [token for token in tokens(text) if token.start >= end]
        return any(self._leads_on(text, written, place, language) for place in range(min(3, len(written))))

    def only(self, text: str, language: str | None) -> bool:
        """Whether a message is a place that it leads to, and nothing else."""
        written = [token for token in tokens(text) if token.word.isalnum()]
        if not 0 < len(written) <= LONGEST_PLACE:
            return False
        begin = next((place for place, token in enumerate(written) if token.word not in _BEFORE), 0)
        return self._leads_on(text, written, begin, language)

    def _leads_on(self, text: str, written: Sequence[Token], place: int, language: str | None) -> bool:
        leads, nouns = self._leads.get(language or "", ()), self._nouns.get(language or "", frozenset())
        if written[place].word not in leads:
            return False
        following = place + 1
        while following < len(written) and (
            written[following].word in _LINKS - nouns or written[following].word in leads
        ):
            following += 1
        if following >= len(written):
            return False
        token = written[following]
        named = text[token.start].isupper() or token.word.isdigit()
        return named or token.word in nouns or token.word in self._towns
