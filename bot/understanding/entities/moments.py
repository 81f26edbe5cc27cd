"""Days, times and amounts in words: "next Tuesday", "pasado mañana", "après-demain à 14 h", "45,50 €".

An EntityRuler over a blank multilingual spaCy pipeline finds the phrases; the longest wins, so that "pasado mañana"
is not "mañana" and "de la mañana" is not a day. Each pattern's id says how to interpret it:

    day:+2          that many days from today        weekday:next      the first such day after today
    ahead:week      "in 3 weeks"                     ago:day           "hace 3 días"
    time:pm         2 and perhaps 30, in the second half of the day
    amount          a number and a currency          none              looks like one of these and is not
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.understanding.entities.amounts import CURRENCIES, SIGNS, read_amount
from bot.understanding.entities.calendar_words import (
    AGO,
    AHEAD,
    COUNTS,
    DAYS,
    LAST,
    MORNINGS,
    NAMED_TIMES,
    NEXT,
    ON_THE_HOUR,
    PARTS_OF_DAY,
    THIS,
    UNITS,
    WEEKDAYS,
)  # fmt: skip
from bot.understanding.text import fold

_PIECE = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")
_OTHER = "_"  # spaCy stores every word that it sees, so unknown words must not reach it
_LONGEST_NUMBER = 9  # digits
_HOUR = {"ORTH": {"IN": ["0", "00"]}}
_MINUTES = {"ORTH": "00"}
_NUMBER = {"ORTH": {"IN": ["0" * n for n in range(1, _LONGEST_NUMBER + 1)]}}
# Without a digit, a phrase has one of these: the unambiguous words of the tables.
_COMMON = 4  # letters
_ANCHORS = {
    word
    for phrase in (*DAYS, *WEEKDAYS, *NAMED_TIMES, *(word for words in UNITS.values() for word in words))
    for word in re.findall(r"[a-z]+", phrase)
    if len(word) >= _COMMON or word in WEEKDAYS
} | {"dia", "hoy", "ayer"}
_COUNT = {"ORTH": {"IN": ["0", "00", "000", *COUNTS]}}


@dataclass(frozen=True)
class Moment:
    """`kind` is date, time or amount; `value` is 2026-11-24, 14:30 or "45.50 EUR"; offsets in the text."""

    kind: str
    value: str
    start: int
    end: int


class Moments:
    """Built once; finds and reads what the tables of calendar_words.py and amounts.py name."""

    def __init__(self) -> None:
        patterns = list(_patterns())
        self._known = {
            word
            for entry in patterns
            for token in entry["pattern"]
            for word in _words_of(token)
            if not word.startswith("0")
        }
        self._nlp = spacy.blank("xx")
        self._nlp.tokenizer = _Tokenizer(self._nlp.vocab, self._known)
        ruler: Any = self._nlp.add_pipe("entity_ruler", config={"validate": False})
        ruler.add_patterns(patterns)

    def find(self, text: str, today: date) -> list[Moment]:
        """In order of appearance; nothing overlaps. A time or day that does not exist is left out."""
        pieces = list(_PIECE.finditer(text))
        if not any(piece[0][0].isdigit() or fold(piece[0]) in _ANCHORS for piece in pieces):
            return []  # nearly every message ends here: the expensive part is below
        found = []
        for span in self._nlp(text).ents:
            words = [fold(piece[0]) for piece in pieces[span.start : span.end]]
            start, end = pieces[span.start].start(), pieces[span.end - 1].end()
            value = _read(span.ent_id_, words, today, text[start:end])
            if value:
                found.append(Moment(span.label_, value, start, end))
        return found


class _Tokenizer:
    """Digits, letters and signs apart, in linear time; numbers by their length, unknown words as one."""

    def __init__(self, vocab: Vocab, known: set[str]) -> None:
        self._vocab = vocab
        self._known = known

    def __call__(self, text: str) -> Doc:
        return Doc(self._vocab, words=[self._canonical(piece[0]) for piece in _PIECE.finditer(text)])

    def _canonical(self, piece: str) -> str:
        if piece[0].isdigit():
            return "0" * len(piece) if len(piece) <= _LONGEST_NUMBER else _OTHER
        word = fold(piece)
        return word if word in self._known else _OTHER


def _patterns() -> Iterator[dict[str, Any]]:
    for phrase, days in DAYS.items():
        yield _entry("date", f"day:{days}", _said(phrase))
    for phrase in MORNINGS:
        yield _entry("none", "none", _said(phrase))
    weekday = _in(WEEKDAYS)
    yield _entry("date", "weekday:on", [weekday])
    for when, (before, after) in (("next", NEXT), ("last", LAST), ("this", THIS)):
        for phrase in before:
            yield _entry("date", f"weekday:{when}", [*_said(phrase), weekday])
        for phrase in after:
            yield _entry("date", f"weekday:{when}", [weekday, *_said(phrase)])
    for unit, words in UNITS.items():
        for way, (before, after) in (("ahead", AHEAD), ("ago", AGO)):
            for phrase in before:
                yield _entry("date", f"{way}:{unit}", [*_said(phrase), _COUNT, _in(words)])
            for phrase in after:
                yield _entry("date", f"{way}:{unit}", [_COUNT, _in(words), *_said(phrase)])
    yield from _times()
    for currency, words in CURRENCIES.items():
        yield from (_entry("amount", f"amount:{currency}", shape) for shape in _amounts(words))


def _times() -> Iterator[dict[str, Any]]:
    colon = [_HOUR, _in((":", ".")), _MINUTES]
    for half, endings in PARTS_OF_DAY.items():
        for ending in endings:
            yield _entry("time", f"time:{half}", [_HOUR, *_said(ending)])
            yield _entry("time", f"time:{half}", [*colon, *_said(ending)])
            for start in ON_THE_HOUR:
                yield _entry("time", f"time:{half}", [*_said(start), _HOUR, *_said(ending)])
    yield _entry("time", "time:any", [_HOUR, _is(":"), _MINUTES])
    yield _entry("time", "time:any", [_HOUR, _is("h"), {**_MINUTES, "OP": "?"}])
    for start in ON_THE_HOUR:
        yield _entry("time", "time:any", [*_said(start), _HOUR])
        yield _entry("time", "time:any", [*_said(start), _HOUR, _in(("heures", "heure", "horas"))])
        yield _entry("time", "time:any", [*_said(start), *colon])
    for phrase, hour in NAMED_TIMES.items():
        yield _entry("time", f"at:{hour}", _said(phrase))


def _amounts(words: Iterable[str]) -> Iterator[list[dict[str, Any]]]:
    signs = [word for word in words if word in SIGNS]
    groups = [{**_in((".", ",")), "OP": "?"}, {**_NUMBER, "OP": "?"}] * 2
    yield [_NUMBER, *groups, _in(words)]
    if signs:
        yield [_in(signs), _NUMBER, *groups]


def _read(reading: str, words: list[str], today: date, said: str) -> str | None:
    way, _, rest = reading.partition(":")
    try:
        if way == "day":
            return (today + timedelta(days=int(rest))).isoformat()
        if way == "weekday":
            number = next(WEEKDAYS[word] for word in words if word in WEEKDAYS)
            return _weekday(number, rest, today).isoformat()
        if way in ("ahead", "ago"):
            # backwards: the "a" of "il y a 3 semaines" is no number
            count = next(COUNTS.get(w) or int(w) for w in reversed(words) if w in COUNTS or w.isdigit())
            days = count * {"day": 1, "week": 7}[rest]
            return (today + timedelta(days=days if way == "ahead" else -days)).isoformat()
        if way == "time":
            return _time([int(word) for word in words if word.isdigit()], rest)
    except (OverflowError, ValueError):
        return None  # no such day
    if way == "at":
        return rest
    return read_amount(said, rest) if way == "amount" else None


def _weekday(number: int, when: str, today: date) -> date:
    """ "next" is the first one after today, "last" the last before it; without a word, today counts."""
    ahead = (number - today.weekday()) % 7
    if when == "last":
        ahead = (ahead or 7) - 7
    return today + timedelta(days=ahead or (7 if when == "next" else 0))


def _time(numbers: list[int], half: str) -> str | None:
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _entry(label: str, reading: str, pattern: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": label, "id": reading, "pattern": pattern}


def _said(phrase: str) -> list[dict[str, Any]]:
    return [_is(fold(piece[0])) for piece in _PIECE.finditer(phrase)]


def _is(word: str) -> dict[str, Any]:
    return {"ORTH": word}


def _in(words: Iterable[str]) -> dict[str, Any]:
    return {"ORTH": {"IN": sorted(words)}}


def _words_of(token: dict[str, Any]) -> Iterable[str]:
    orth = token["ORTH"]
    return [orth] if isinstance(orth, str) else orth["IN"]
