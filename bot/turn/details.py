"""Finds personal details in a text and takes them out. Pure.

An e-mail address, a phone number, a name, the unit of a house, the wish to stay anonymous, or that there will be no
photo. The model reads only the rest of the text, and a public description never contains the details.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.languages.personal import PERSONAL
from bot.languages.personal.words import Personal
from bot.turn.names.find import find_name
from bot.turn.names.said import Span, by_first_word, phrases_in
from bot.understanding.shape import is_question
from bot.understanding.text import Token, tokens

CONTACT_STEP = "draft_contact"
PHOTO_STEP = "draft_photo"
NO_PHOTO = "no_photo"
_ORDINAL_ENDS = ("st", "nd", "rd", "th", "er", "ere", "e", "eme", "o", "a", "º", "ª", "°")
_NEGATIONS = frozenset({"not", "no", "pas", "ni", "nor"})
_TRIM = " \t\n,;:-–—("


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
        *find_name(text, written, entities, known),
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
    if word in by_first_word(known.whole_units):
        for first, last in phrases_in(written[place : place + 4], known.whole_units):
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
    for first, last in phrases_in(written, known.anonymous):
        begin = _back(written, first, known.around_anonymous)
        if _goes_on(written, last, known):  # "report anonymously that …": the verb belongs to the rest
            begin = next(
                (at + 1 for at in range(first - 1, begin - 1, -1) if _reports(written[at], known)), begin
            )
        end = next((at for at in range(last, len(written)) if written[at].word in ".!?;\n"), len(written) - 1)
        if not is_question(text[written[begin].start : written[end].end], language):
            yield "anonymous", True, (begin, last)


def _goes_on(written: Sequence[Token], after: int, known: Personal) -> bool:
    """Whether the clause continues after a phrase."""
    return after < len(written) and written[after].word.isalnum() and written[after].word not in known.joining


def _reports(token: Token, known: Personal) -> bool:
    return token.word in known.reporting


def _no_photo(written: Sequence[Token], known: Personal) -> Iterator[tuple[str, bool, Span]]:
    for first, last in phrases_in(written, known.no_photo):
        yield NO_PHOTO, True, (_back(written, first, known.around_no_photo), last)


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
