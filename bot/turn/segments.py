"""Divides a message at the ends of sentences, lines, commas and joining words, and describes each segment.
Pure. bot/turn/matters.py decides which segments belong together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from bot.languages import WORDS
from bot.understanding.shape import is_question, is_telling, plain
from bot.understanding.text import Claimed, Token, tokens

MOST_SEGMENTS = 12  # the model reads each; the rest stays in the last one
_COMMAS = frozenset({",", "+", "&"})
_ENDS = frozenset("?!.;？！。")
_ITEMS = frozenset("123456789")
_WHOLE = frozenset({"address", "email", "phone", "reference", "date", "time", "amount", "service"})
_STATING = 3  # words
_NAME = 3  # words of a name before a question about it
_FRAGMENT = 3  # words before "also": "there is also a hole", "il y a aussi un trou" is one piece
Join = tuple[str, ...]


class _Known:
    """The words of one language, or of all if it is not known."""

    def __init__(self, language: str | None) -> None:
        known = [WORDS[language]] if language and language in WORDS else list(WORDS.values())
        self.also = frozenset(tuple(said.split()) for words in known for said in words.also)
        joining = self.also | {tuple(said.split()) for words in known for said in words.joining}
        self.joins: dict[str, list[Join]] = {}  # by their first word, the longest first
        for join in sorted(joining, key=lambda join: (-len(join), join)):
            self.joins.setdefault(join[0], []).append(join)
        self.another = tuple(f"{said} " for words in known for said in words.another)
        self.pointing = frozenset(word for words in known for word in words.pointing)
        self.determiners = frozenset(word for words in known for word in words.determiners)
        self.at = frozenset(word for words in known for word in words.at)
        self.beside = self.at | frozenset(word for words in known for word in words.beside)
        self.unplaced = tuple(f" {said} " for words in known for said in words.unplaced)
        self.opening = frozenset(word for words in known for word in words.first.split())
        self.enumerating = self.opening | {word for words in known for word in words.enumerating.split()}
        self.referring = frozenset(word for words in known for word in words.referring)
        self.being = frozenset(word for words in known for word in words.being.split())
        self.telling = tuple(f" {said} " for words in known for said in words.telling)


@lru_cache(maxsize=16)
def _known(language: str | None) -> _Known:
    return _Known(language)


@dataclass(frozen=True)
class Segment:
    """One piece of a message; `start` and `end` are its place in the text.

    `joined`: cut at a word or a comma, not at a sentence's end or a line. `also`: the joining word announces
    something else. `service`: what it is about, None if a service is only a landmark ("next to the tree").
    `address`: the first in it. `asks`, `tells`: its shape. `points`: it refers to what was said before.
    `refers`: it has such a word anywhere. `states`: it says how something is ("the street is blocked").
    `another`: "another one". `named`: the first service in it, including landmarks. `noun`: it begins like a
    noun phrase. `placed`: it begins with an address, or with "at" and an address.
    """

    text: str
    start: int
    end: int
    joined: bool = False
    also: bool = False
    service: str | None = None
    address: str | None = None
    asks: bool = False
    tells: bool = False
    points: bool = False
    another: bool = False
    named: str | None = None
    noun: bool = False
    states: bool = False
    placed: bool = False
    refers: bool = False
    words: int = 0


def cut(text: str, entities: Sequence[Mapping[str, Any]], language: str | None) -> list[Segment]:
    """The segments in order; no entity is cut in two. A text without a mark is one segment."""
    written = tokens(text)
    whole = Claimed(len(text))
    for entity in entities:
        if entity["entity"] in _WHOLE:
            whole.take(entity["start"], entity["end"])
    known = _known(language)
    pieces: list[tuple[int, int, bool, bool]] = []  # first token, last + 1, joined, also
    begin, place, joined, also = 0, 0, False, False
    unmarked = _unmarked(text, written, entities, known)
    while place < len(written) and len(pieces) < MOST_SEGMENTS - 1:
        if place in unmarked and place > begin:
            pieces.append((begin, place, joined, also))
            begin, joined, also = place, True, False
        after, by_word, announces = _mark(text, written, place, whole, known)
        if after is None or (announces and _fragment(written[begin:place], after - place)):
            place += 1
            continue
        if place > begin:
            pieces.append((begin, place if by_word else after, joined, also))
            joined, also = by_word, announces
        else:  # one mark right after another: ". And also"
            joined, also = joined and by_word, also or announces
        begin, place = after, max(after, place + 1)
    if begin < len(written):
        pieces.append((begin, len(written), joined, also))
    pieces = _enumerated(written, pieces, known)
    segments = [
        _segment(text, written[first:last], entities, language, joined=cut_at_word, also=announced)
        for first, last, cut_at_word, announced in pieces
        if last > first
    ]
    return [segment for segment in segments if any(character.isalpha() for character in segment.text)]


def with_their_names(segments: list[Segment], text: str) -> list[Segment]:
    """A name and the question about it are one: "my number, is that public?" gives no number."""
    joined: list[Segment] = []
    for one in segments:
        name = joined[-1] if joined else None
        if name and _is_name(name) and one.asks and one.joined and (one.points or one.refers):
            start, words = joined.pop().start, name.words + one.words
            one = replace(one, text=text[start : one.end].strip(), start=start, points=False, words=words)
        joined.append(one)
    return joined


def _is_name(one: Segment) -> bool:
    states = one.service or one.address or one.asks or one.tells or one.states
    return one.noun and one.words <= _NAME and not states


def _enumerated(
    written: Sequence[Token], pieces: Sequence[tuple[int, int, bool, bool]], known: _Known
) -> list[tuple[int, int, bool, bool]]:
    """The pieces without "first" and "second," before them; what follows "second" is something else."""
    kept: list[tuple[int, int, bool, bool]] = []
    announced = False
    for number, (first, last, joined, also) in enumerate(pieces):
        words = [token.word for token in written[first:last] if token.word.isalnum()]
        counts = bool(words) and all(word in known.enumerating for word in words)
        if counts and number + 1 < len(pieces):
            announced = (
                announced or also or any(word not in known.opening and len(word) > 1 for word in words)
            )
            continue
        kept.append((first, last, joined, also or announced))
        announced = False
    return kept


def _mark(
    text: str,
    written: Sequence[Token],
    place: int,
    whole: Claimed,
    known: _Known,
) -> tuple[int | None, bool, bool]:
    """(the token where the next segment begins, cut at a word, announces something else); None if there is no mark."""
    token = written[place]
    if not whole.is_free(token.start, token.end):
        if place and _new_line(text, written, place) and whole.is_free(token.start - 1, token.start):
            return place, False, False
        return None, False, False
    if token.word in _ENDS:
        after = place + 1
        while after < len(written) and written[after].word in _ENDS:
            after += 1
        inside = token.word == "." and after < len(written) and written[after].start == token.end
        return (None if inside else after), False, False
    if token.word == ":" and text[token.end : token.end + 1].isspace():
        return place + 1, False, False
    if place and _new_line(text, written, place):
        return place, False, False
    if _numbers_item(text, written, place):
        return place + 2, True, token.word != "1"
    after = place + 1 if token.word in _COMMAS else place
    for join in known.joins.get(written[after].word, ()) if after < len(written) else ():
        behind = written[after + len(join)].word if after + len(join) < len(written) else " "
        if tuple(one.word for one in written[after : after + len(join)]) == join and behind not in "'’":
            return after + len(join), True, join in known.also
    return (after if after > place else None), True, False


def _unmarked(
    text: str, written: Sequence[Token], entities: Sequence[Mapping[str, Any]], known: _Known
) -> frozenset[int]:
    """The tokens where another problem begins without a mark: "a hole on Elm Street 5 a dead cat on Oak Street 9". Behind an
    address there is a noun phrase with a service, and then another address."""
    named = sorted(
        (one for one in entities if one["entity"] in ("address", "service")),
        key=lambda one: int(one["start"]),
    )
    found = set()
    for before, service, after in zip(named, named[1:], named[2:], strict=False):
        kinds = (before["entity"], service["entity"], after["entity"])
        if kinds != ("address", "service", "address") or before["value"] == after["value"]:
            continue
        between = [
            place
            for place, token in enumerate(written)
            if before["end"] <= token.start and token.end <= service["start"]
        ]
        begins = next(place for place, token in enumerate(written) if token.start >= before["end"])
        if not between or (len(between) <= _FRAGMENT and written[between[0]].word in known.determiners):
            found.add(begins)
    return frozenset(found)


def _fragment(before: Sequence[Token], length: int) -> bool:
    """Whether "also" stands inside a piece, after its first words."""
    return (
        length == 1
        and 0 < len(before) <= _FRAGMENT + 1
        and all(one.word.isalnum() or one.word in "'’" for one in before)
    )


def _numbers_item(text: str, written: Sequence[Token], place: int) -> bool:
    """ "1) the lamp … 2) the hole …": a number with a bracket, in one line."""
    token, after = written[place], written[place + 1] if place + 1 < len(written) else None
    return bool(after and after.word == ")" and after.start == token.end and token.word in _ITEMS)


def _new_line(text: str, written: Sequence[Token], place: int) -> bool:
    return "\n" in text[written[place - 1].end : written[place].start]


def _segment(
    text: str,
    written: Sequence[Token],
    entities: Sequence[Mapping[str, Any]],
    language: str | None,
    *,
    joined: bool,
    also: bool,
) -> Segment:
    start, end = written[0].start, written[-1].end
    piece = text[start:end].strip()
    found = [one for one in entities if start <= one["start"] and one["end"] <= end]
    addresses = [one for one in found if one["entity"] == "address"]
    words = plain(piece).split()
    known = _known(language)
    lead = _lead(text, start, found, known)
    first = next((token for token in written if token.word.isalnum()), written[0])
    tells = is_telling(piece, language)
    opens = [one for one in addresses if not set(plain(text[start : one["start"]]).split()) - known.at]
    return Segment(
        piece,
        start,
        end,
        joined=joined,
        also=also or _announced(words, known),
        service=str(lead["value"]) if lead else None,
        address=str(addresses[0]["value"]) if addresses else None,
        asks=is_question(piece, language),
        tells=tells,
        points=bool(words) and not tells and bool(known.pointing.intersection((words[0], words[-1]))),
        another=f"{' '.join(words)} ".startswith(known.another),
        named=next((str(one["value"]) for one in found if one["entity"] == "service"), None),
        noun=first.word in known.determiners or bool(lead and lead["start"] == first.start),
        states=len(words) >= _STATING and bool(known.being.intersection(words[1:])),
        placed=bool(opens),
        refers=bool(known.referring.intersection(words)),
        words=len(words),
    )


def _lead(
    text: str, start: int, found: Sequence[Mapping[str, Any]], known: _Known
) -> Mapping[str, Any] | None:
    """The service that is meant: the first that does not follow a word of place. "On Elm Street a lamp" is about the lamp."""
    before = start
    for entity in found:
        if entity["entity"] == "address":
            before = max(before, entity["end"])
        elif entity["entity"] == "service" and before <= entity["start"]:
            said = f" {plain(text[before : entity['start']])} "
            for telling in known.telling:  # "in my street there is a"
                said = said[said.rfind(telling) + len(telling) :] if telling in said else said
            for unplaced in known.unplaced:
                said = said.replace(unplaced, " ")
            if not known.beside.intersection(said.split()):
                return entity
    return None


def _announced(words: Sequence[str], known: _Known) -> bool:
    """Whether its first words announce something else: "there is also"."""
    return any(
        tuple(words[place : place + len(said)]) == said
        for said in known.also
        for place in range(_FRAGMENT + 1)
    )
