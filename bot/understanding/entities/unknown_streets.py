"""The name of a street that the gazetteer does not have, in a message with nothing else: "and in Rosewood
Crescent?", "¿y en Gran Vía?". Pure.

A street is recognised by the word for its kind, or by capitals after a word that introduces a place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from bot.languages import WORDS
from bot.languages.follow_ups import FOLLOW_UPS
from bot.understanding.entities.streets import KINDS, KINDS_BEFORE, SHORT, base_of
from bot.understanding.text import Token, tokens

MOST_WORDS = 5  # of a name: "avenue de la grande armée"
_LEADS = frozenset(word for words in WORDS.values() for word in words.at)
_SMALL = _LEADS | frozenset(
    word
    for table in FOLLOW_UPS.values()
    for phrases in (table.filler, table.also)
    for phrase in phrases
    for word in phrase.split()
) - (KINDS | KINDS_BEFORE)  # fmt: skip
_PLACING = _SMALL | frozenset(
    word
    for words in WORDS.values()
    for word in (*words.pointing, *words.being.split(), *words.before_number.split(), *words.around_first.split(), "s", "m")
)  # fmt: skip
_OWN = frozenset({"my", "our", "your", "this", "mi", "nuestra", "su", "esta", "mon", "ma", "notre", "votre", "cette", "the", "la", "le", "el"})  # fmt: skip


def unknown_street(text: str) -> str | None:
    """The name as it was written."""
    written = [token for token in tokens(text) if token.word[0].isalnum()]
    first = next((place for place, token in enumerate(written) if token.word not in _SMALL), None)
    if first is None:
        return None
    last = len(written)
    while last > first and written[last - 1].word in _SMALL:
        last -= 1
    named = written[first:last]
    if not 0 < len(named) <= MOST_WORDS or any(token.word.isdigit() for token in named[:1]):
        return None
    led = first > 0 and any(token.word in _LEADS for token in written[:first])
    if not (_has_kind(named) or (led and _capitals(text, named))):
        return None
    return text[named[0].start : named[-1].end]


def bases(streets: Collection[str]) -> Mapping[str, str]:
    """Names without their kind, "elm" of "Elm Street", where only one street has them."""
    short = [(base_of(name), name) for name in streets]
    count = Counter(base for base, _ in short)
    return {base: name for base, name in short if base and count[base] == 1}


def named_by_base(text: str, known: Mapping[str, str]) -> str | None:
    """The street of a message that says its name without the kind and nothing else: "and elm?"."""
    said = [token.word for token in tokens(text) if token.word[0].isalnum() and token.word not in _SMALL]
    return known.get(" ".join(said)) if 0 < len(said) <= MOST_WORDS else None


def placed_by_base(text: str, known: Mapping[str, str]) -> tuple[str, str | None] | None:
    """(street, house number) of a message that is a place on a street without its kind: "it's on elm", "au 9 elm".

    A name alone, or with an article, may be a landmark: "the church" is not Church Lane.
    """
    written = [token.word for token in tokens(text) if token.word[0].isalnum()]
    numbers = [word for word in written if word[0].isdigit()]
    said = [word for word in written if word not in _PLACING and word not in numbers]
    if not said:
        return None
    street = known.get(" ".join(said))
    led = any(one in _LEADS for one in written[: written.index(said[0])][-1:])
    bare = led and not _OWN.intersection(written)
    if street is None or len(numbers) > 1 or not (numbers or bare):
        return None
    return street, numbers[0] if numbers else None


def _has_kind(named: list[Token]) -> bool:
    """A kind of street and a name beside it: "my street" has none."""
    after = SHORT.get(named[-1].word, named[-1].word) in KINDS
    before = SHORT.get(named[0].word, named[0].word) in KINDS_BEFORE
    others = named[1:] if before else named[:-1]
    return (after or before) and any(token.word not in _SMALL | _OWN for token in others)


def _capitals(text: str, named: list[Token]) -> bool:
    """Whether each word that can be a name begins with a capital, in a text that is not all capitals."""
    if text.isupper():
        return False
    return all(text[token.start].isupper() for token in named if token.word not in _SMALL)
