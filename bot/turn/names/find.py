"""Finds the name that a text gives: "my name is Ana", "je suis Anne Martin", "im ana lopez". Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.languages.personal import PERSONAL
from bot.languages.personal.given_names import GIVEN_NAMES
from bot.languages.personal.words import Personal
from bot.turn.names.said import Span, phrases_in
from bot.understanding.text import Claimed, Token, fold

_LONGEST_NAME = 6  # words
_FEW = 6  # words
_LONGEST_PLAIN = 4  # words of a name without capitals
_UNKNOWN_NAME, _SHORTEST_UNKNOWN = 3, 3  # words, letters: of a name that is on no list
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "van",
        "von",
        "da",
        "dos",
        "di",
        "le",
        "du",
        "el",
        "al",
        "bin",
        "ben",
        "y",
    ]
)
_PRESENTING = frozenset(["it", "its", "ici", "aqui", "habla", "c"])  # "it's", "c'est"
_BESIDE_NAME = _PRESENTING | frozenset(
    ["s", "est", "here", "hi", "hello", "hey", "hola", "bonjour", "bonsoir", "salut", "'", "’"]
)
_ENDS = frozenset(",.;:!?\n()")
_NAMES = tuple(lead for one in PERSONAL.values() for lead in one.names)
_PERSONS = tuple(lead for one in PERSONAL.values() for lead in one.persons)


def find_name(
    text: str,
    written: Sequence[Token],
    entities: Sequence[Mapping[str, Any]],
    known: Personal,
    is_word: Callable[[str], bool] | None = None,
) -> Iterator[tuple[str, str, Span]]:
    """`is_word`: whether the city's texts have a (folded) word; without it, only common given names are known."""
    # The language of a few words with a name in them is a guess.
    names, persons = (_NAMES, _PERSONS) if len(written) <= _FEW else (known.names, known.persons)
    taken: Claimed | None = None
    for leads, needs_capital in ((names, False), (persons, True)):
        for first, after in phrases_in(written, leads):
            after += after < len(written) and written[after].word == ":"
            bare = written[after - 1].word == ":"
            if leads is names and after - first == 1 and not bare:
                continue  # "name" alone introduces a name only with a colon
            last = _name_end(text, written, after, known, needs_capital=needs_capital)
            if needs_capital and last == after:
                last = _plain_name_end(written, after, known, is_word)
            taken = taken or _taken(text, entities)
            if last > after and taken.is_free(written[after].start, written[last - 1].end):
                said = text[written[after].start : written[last - 1].end]
                yield "name", " ".join(said.split())[:80], (first, last)
                return
    found = _standing_alone(text, written, entities, known)
    if found is not None:
        first, after, last = found
        said = text[written[after].start : written[last - 1].end]
        yield "name", " ".join(said.split())[:80], (first, last)


def _standing_alone(
    text: str, written: Sequence[Token], entities: Sequence[Mapping[str, Any]], known: Personal
) -> tuple[int, int, int] | None:
    """A whole name that is a clause of its own: "hi, it's Dana Cole", and beside an e-mail address or a phone number also
    "Paul Petit, paul@example.org". Of a given name alone, or a name in a sentence, it is not known whose it is.
    (first token, where the name begins, last + 1)."""
    reachable = any(entity["entity"] in ("email", "phone") for entity in entities)
    taken = _taken(text, entities)
    for place, token in enumerate(written):
        if fold(token.word) not in GIVEN_NAMES or not text[token.start].isupper():
            continue
        first = place
        while first and written[first - 1].word in _BESIDE_NAME:
            first -= 1
        begins = first == 0 or written[first - 1].word in _ENDS
        presented = any(one.word in _PRESENTING for one in written[first:place])
        last = _name_end(text, written, place, known, needs_capital=True)
        ends = last == len(written) or written[last].word in _ENDS
        whole = sum(one.word.isalpha() for one in written[place:last]) > 1
        free = taken.is_free(written[place].start, written[last - 1].end)
        if begins and ends and whole and free and (reachable or presented):
            return first, place, last
    return None


def _taken(text: str, entities: Sequence[Mapping[str, Any]]) -> Claimed:
    taken = Claimed(len(text))
    for entity in entities:
        taken.take(entity["start"], entity["end"])
    return taken


def _name_end(
    text: str, written: Sequence[Token], after: int, known: Personal, *, needs_capital: bool
) -> int:
    last = after
    while last < len(written) and last - after < _LONGEST_NAME:
        token = written[last]
        capital = text[token.start].isupper() and token.word.isalpha()
        follows = last > after and _leads_on(text, written, last)
        hyphen = token.word in "-'’" and last > after and written[last - 1].end == token.start
        if not (capital or follows or hyphen or (not needs_capital and _in_name(token, known))):
            break
        last += 1
    return last


def _plain_name_end(
    written: Sequence[Token], after: int, known: Personal, is_word: Callable[[str], bool] | None
) -> int:
    """The end of a name without capitals: "im ana lopez". A common given name, and what follows it up to the clause's end, or
    two or three words that no text has: "soy zoraida quispe"."""
    if after >= len(written):
        return after
    given = fold(written[after].word) in GIVEN_NAMES
    if not given and is_word is None:
        return after
    last = after + 1
    while last < len(written) and last - after < _LONGEST_PLAIN:
        joins = written[last].word in "-'’"
        if joins and written[last + 1 : last + 2] and written[last + 1].word == "s":
            return after  # "I am Peter's neighbour"
        if not (joins or _in_name(written[last], known)):
            break
        last += 1
    ends = last == len(written) or written[last].word in _ENDS or written[last].word in known.ends_name
    if not given and is_word is not None:
        said = [fold(token.word) for token in written[after:last] if token.word not in _PARTICLES]
        ends = ends and 2 <= len(said) <= _UNKNOWN_NAME
        ends = ends and not any(len(word) < _SHORTEST_UNKNOWN or is_word(word) for word in said)
    return last if ends else after


def _leads_on(text: str, written: Sequence[Token], place: int) -> bool:
    """Whether particles lead to the next capitalised word: "María de la Cruz"."""
    following = place
    while following < len(written) and written[following].word in _PARTICLES:
        following += 1
    return place < following < len(written) and text[written[following].start].isupper()


def _in_name(token: Token, known: Personal) -> bool:
    return token.word.isalpha() and token.word not in known.ends_name
