"""Finds personal details in a text and takes them out. Pure.

An e-mail address, a phone number, a name, the unit of a house, the wish to stay anonymous, that there will be no
photo. The model reads only the rest of the text, and a public description never contains the details.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.languages.personal import PERSONAL
from bot.languages.personal.given_names import GIVEN_NAMES
from bot.languages.personal.words import Personal
from bot.understanding.shape import is_question
from bot.understanding.text import Claimed, Token, fold, tokens

CONTACT_STEP = "draft_contact"
PHOTO_STEP = "draft_photo"
NO_PHOTO = "no_photo"
_LONGEST_NAME = 6  # words
_FEW = 6  # words
_LONGEST_PLAIN = 4  # words of a name without capitals
_ENDS = frozenset(",.;:!?\n()")
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
_ORDINAL_ENDS = ("st", "nd", "rd", "th", "er", "ere", "e", "eme", "o", "a", "º", "ª", "°")
_NEGATIONS = frozenset({"not", "no", "pas", "ni", "nor"})
_TRIM = " \t\n,;:-–—("
Span = tuple[int, int]  # tokens


@dataclass(frozen=True)
class Details:
    """`told` has email, phone, name, unit (text), anonymous and no_photo (true), as far as given. `rest` is the text
    without them. `only`: the rest says nothing.
    """

    told: dict[str, Any]
    rest: str
    only: bool


def find_details(
    text: str,
    entities: Sequence[Mapping[str, Any]],
    language: str | None,
    step: str | None = None,
    *,
    units: bool = True,
) -> Details | None:
    """The details in a text, None if there are none. `step`: the slot that the active form asked for. `units`
    false: a unit stays in the text, beside the place that it belongs to.
    """
    known = PERSONAL.get(language or "")
    if known is None:
        return None
    written = tokens(text)
    told: dict[str, Any] = {}
    spans: list[Span] = []
    for name, value, span in (
        *_contacts(text, written, entities, known, step),
        *_name(text, written, entities, known),
        *(_units(text, written, known) if units else ()),
        *_anonymous(text, written, known, language),
        *(_no_photo(written, known) if step != PHOTO_STEP else ()),
    ):
        if name == "unit":
            told[name] = f"{told[name]}, {value}" if name in told else value
        else:
            told.setdefault(name, value)
        spans.append(span)
    if not told:
        return None
    rest = _without(text, written, spans, known)
    left = [token.word for token in tokens(rest) if token.word.isalnum()]
    nothing_else = all(word in known.filler or word in known.contact for word in left)
    if nothing_else and set(told) == {NO_PHOTO}:
        return None  # an answer, or no sentence about a report
    return Details(told, rest, nothing_else)


def _contacts(
    text: str,
    written: Sequence[Token],
    entities: Sequence[Mapping[str, Any]],
    known: Personal,
    step: str | None,
) -> Iterator[tuple[str, str, Span]]:
    for entity in entities:
        if entity["entity"] not in ("email", "phone"):
            continue
        span = _tokens_of(written, entity["start"], entity["end"])
        first = _back(written, span[0], known.contact)
        last = _forward(written, span[1], known.contact)
        around = {token.word for token in (*written[first : span[0]], *written[span[1] : last])}
        before = {token.word for token in written[max(0, span[0] - 4) : span[0]]}
        value = str(entity["value"])
        if entity["entity"] == "phone":
            named = bool(around & known.phone) and not before & known.not_phone
            alone = len(written) <= span[1] - span[0] + 2
            if not (named or step == CONTACT_STEP or (alone and value.startswith("+"))):
                continue
            value = " ".join(value.split())
        if span[0] and written[span[0] - 1].word in _NEGATIONS and step != CONTACT_STEP:
            continue  # "ana@example.org, not anna@example.org"
        yield str(entity["entity"]), value, (first, last if around & known.phone else span[1])


def _name(
    text: str, written: Sequence[Token], entities: Sequence[Mapping[str, Any]], known: Personal
) -> Iterator[tuple[str, str, Span]]:
    taken = Claimed(len(text))
    for entity in entities:
        taken.take(entity["start"], entity["end"])
    # The language of a few words with a name in them is a guess.
    every = PERSONAL.values() if len(written) <= _FEW else (known,)
    names = tuple(lead for one in every for lead in one.names)
    persons = tuple(lead for one in every for lead in one.persons)
    for leads, needs_capital in ((names, False), (persons, True)):
        for first, after in _phrases(written, leads):
            after += after < len(written) and written[after].word == ":"
            bare = written[after - 1].word == ":"
            if leads is names and after - first == 1 and not bare:
                continue  # "name" alone introduces a name only with a colon
            last = _name_end(text, written, after, known, needs_capital=needs_capital)
            if needs_capital and last == after:
                last = _plain_name_end(written, after, known)
            if last > after and taken.is_free(written[after].start, written[last - 1].end):
                said = text[written[after].start : written[last - 1].end]
                yield "name", " ".join(said.split())[:80], (first, last)
                return


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


def _plain_name_end(written: Sequence[Token], after: int, known: Personal) -> int:
    """The end of a name without capitals: "im ana lopez". A common given name, and what follows it up to the clause's end."""
    if after >= len(written) or fold(written[after].word) not in GIVEN_NAMES:
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
    return last if ends else after


def _leads_on(text: str, written: Sequence[Token], place: int) -> bool:
    """Whether particles lead to the next capitalised word: "María de la Cruz"."""
    following = place
    while following < len(written) and written[following].word in _PARTICLES:
        following += 1
    return place < following < len(written) and text[written[following].start].isupper()


def _in_name(token: Token, known: Personal) -> bool:
    return token.word.isalpha() and token.word not in known.ends_name


def _units(text: str, written: Sequence[Token], known: Personal) -> Iterator[tuple[str, str, Span]]:
    place = 0
    while place < len(written):
        last = _unit_end(text, written, place, known)
        if last == place:
            place += 1
            continue
        said = text[written[place].start : written[last - 1].end]
        yield "unit", " ".join(said.split()), (_back(written, place, known.around_unit), last)
        place = last


def _unit_end(text: str, written: Sequence[Token], place: int, known: Personal) -> int:
    word = written[place].word
    following = written[place + 1] if place + 1 < len(written) else None
    if following and word in known.units:
        dotted = following.word == "." and place + 2 < len(written)
        code = written[place + 2] if dotted else following
        if _is_code(text, code):
            return place + (3 if dotted else 2)
    if following and following.word in known.floors and (word in known.ordinals or _is_ordinal(word)):
        return place + 2
    if word in _by_first_word(known.whole_units):
        for first, last in _phrases(written[place : place + 4], known.whole_units):
            if first == 0:
                return place + last
    return place


def _is_code(text: str, token: Token) -> bool:
    """ "4B", "12", "B3", or one capital letter."""
    said = text[token.start : token.end]
    if len(said) > 5 or not said.isalnum():
        return False
    return any(c.isdigit() for c in said) or (len(said) == 1 and said.isupper())


def _is_ordinal(word: str) -> bool:
    digits = len(word) - len(word.lstrip("0123456789"))
    return 0 < digits <= 2 and word[digits:] in _ORDINAL_ENDS


def _anonymous(
    text: str, written: Sequence[Token], known: Personal, language: str | None
) -> Iterator[tuple[str, bool, Span]]:
    for first, last in _phrases(written, known.anonymous):
        begin = _back(written, first, known.around_anonymous)
        if _goes_on(written, last, known):  # "report anonymously that …": the verb belongs to the rest
            begin = next(
                (at + 1 for at in range(first - 1, begin - 1, -1) if _reports(written[at], known)), begin
            )
        end = next((at for at in range(last, len(written)) if written[at].word in ".!?;\n"), len(written) - 1)
        if not is_question(text[written[begin].start : written[end].end], language):
            yield "anonymous", True, (begin, last)


def _goes_on(written: Sequence[Token], after: int, known: Personal) -> bool:
    """Whether the clause goes on behind a phrase."""
    return after < len(written) and written[after].word.isalnum() and written[after].word not in known.joining


def _reports(token: Token, known: Personal) -> bool:
    return token.word in known.reporting


def _no_photo(written: Sequence[Token], known: Personal) -> Iterator[tuple[str, bool, Span]]:
    for first, last in _phrases(written, known.no_photo):
        yield NO_PHOTO, True, (_back(written, first, known.around_no_photo), last)


def _phrases(written: Sequence[Token], phrases: tuple[str, ...]) -> Iterator[Span]:
    """The position of one of the phrases; apostrophes and hyphens between its words do not matter."""
    words = [(place, token.word) for place, token in enumerate(written) if token.word not in "'’-"]
    said = [word for _, word in words]
    beginning = _by_first_word(phrases)
    place = 0
    while place < len(said):
        likely = beginning.get(said[place], ())
        found = next((one for one in likely if said[place : place + len(one)] == one), None)
        if found:
            yield words[place][0], words[place + len(found) - 1][0] + 1
        place += len(found) if found else 1


@lru_cache(maxsize=64)  # there are a few tables for each language
def _by_first_word(phrases: tuple[str, ...]) -> Mapping[str, Sequence[list[str]]]:
    """The words of each phrase, the longest first."""
    found: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        split = phrase.split()
        found.setdefault(split[0], []).append(split)
    return found


def _tokens_of(written: Sequence[Token], start: int, end: int) -> Span:
    inside = [place for place, token in enumerate(written) if start <= token.start and token.end <= end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _back(written: Sequence[Token], first: int, words: frozenset[str]) -> int:
    """The beginning of the words that introduce it."""
    begin = first
    while begin and (written[begin - 1].word in words or written[begin - 1].word in ":-'’("):
        begin -= 1
    return begin


def _forward(written: Sequence[Token], after: int, words: frozenset[str]) -> int:
    """The end of the words after it that belong to it: "555 0100 is my number"."""
    last = after
    while last < len(written) and written[last].word in words:
        last += 1
    return last


def _without(text: str, written: Sequence[Token], spans: Sequence[Span], known: Personal) -> str:
    """The text without the spans, and without the words around them that say nothing alone."""
    gone = sorted((written[first].start, written[last - 1].end) for first, last in spans if last > first)
    pieces: list[str] = []
    before = 0
    for start, end in [*gone, (len(text), len(text))]:
        pieces.append(text[before:start] if start > before else "")
        before = max(before, end)
    pieces = [piece.strip(_TRIM).lstrip(f".!?{_TRIM}") for piece in pieces]
    pieces = [pieces[0], *(_begun_anew(piece, known) for piece in pieces[1:])]
    kept = [piece for piece in pieces if any(c.isalnum() for c in piece)]
    telling = [
        piece
        for piece in kept
        if any(one.word.isalnum() and one.word not in known.filler for one in tokens(piece))
    ]
    rest = ""
    for piece in telling or kept:
        ends = rest.split()[-1:] and rest.split()[-1].lower() in known.reporting
        rest += piece if not rest else f"{' ' if ends or rest[-1] in '.!?' else ', '}{piece}"
    return _begun_anew(rest, known) if telling else rest


def _begun_anew(rest: str, known: Personal) -> str:
    """ "My name is Ana and there is a hole": without the name nothing is left for "and" to join."""
    first = next(iter(tokens(rest)), None)
    return rest[first.end :].lstrip(_TRIM) if first and first.word in known.joining else rest
