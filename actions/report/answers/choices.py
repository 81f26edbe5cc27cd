"""Answers to a service's questions: which choice is meant, a number in words, and "I do not know". Pure.

A choice is named by its title, by another word for it in content/services.yml, by its number or by words that only
it has. Words are compared as whole words, so that "I don't know" is not "No".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.languages import WORDS
from actions.services import Asked
from actions.words import fold, is_no, is_yes

LONGEST = 300  # characters that are searched for a choice
_UNKNOWN = tuple(tuple(fold(said).split()) for words in WORDS.values() for said in words.unknown)
_COUNTING = {
    word: number
    for words in WORDS.values()
    for number, line in enumerate(words.counting, start=1)
    for word in line.split()
}
_LAST = frozenset(word for words in WORDS.values() for word in words.last.split())
_AROUND = frozenset(word for words in WORDS.values() for word in words.around.split())
_EXCLUDING = frozenset(word for words in WORDS.values() for word in words.excluding.split())
_EMPTY = frozenset(word for words in WORDS.values() for word in fold(words.empty).split())
_DIGITS = re.compile(r"(\d{1,4})(?:st|nd|rd|th|o|a|er|era|ere|e|eme|ieme)?")
_CLAUSE = re.compile(r"[,.;:!?\n]")
_EXCLUDES = 3  # words before a choice among which a "not" excludes it
_DIFFERENT = 4  # letters of a word that may tell a choice from the others by itself

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """`keys` are the choices that were named; `unknown`: the citizen says that they do not know."""

    keys: tuple[str, ...] = ()
    unknown: bool = False


def read_choice(text: str, asked: Asked, option: str | None = None) -> Chosen:
    """What an answer to a list question chooses. `option` is the key behind a pressed button."""
    if option is not None:
        return Chosen(tuple(key for key, _ in asked.values if key == option))
    said = _words(text)
    phrases = {key: _phrases(key, name, asked) for key, name in asked.values}
    exact = [key for key, named in phrases.items() if said in named]
    if len(exact) == 1:
        return Chosen(tuple(exact))
    if plain := _yes_or_no(text, asked):
        return Chosen((plain,))
    place = position(text, len(asked.values))
    if place is not None:
        return Chosen((asked.values[place][0],))
    clauses = [_words(clause) for clause in _CLAUSE.split(text[:LONGEST])]
    rest = [_without_unknown(clause) for clause in clauses]
    named = _named(rest, phrases) or _named(rest, _only_its_own(asked))
    if len(named) == 1 or (named and asked.datatype == "multivaluelist"):
        return Chosen(tuple(named))
    return Chosen(unknown=rest != clauses and not named)


def named_choices(text: str, asked: Asked, leaving_out: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The choices that a text names in words, whatever else it says. `leaving_out`: words that alone name none."""
    phrases = {
        key: {
            phrase for phrase in _phrases(key, name, asked) if len(phrase) > 1 or phrase[0] not in leaving_out
        }
        for key, name in asked.values
    }
    return tuple(_named([_words(clause) for clause in _CLAUSE.split(text)], phrases))


def is_unknown(text: str) -> bool:
    """Whether the answer says "I do not know" and little else."""
    said = _words(text)
    return len(_without_unknown(said)) <= 3 and len(_without_unknown(said)) < len(said)


def position(text: str, count: int) -> int | None:
    """The index (from 0) that a number or an ordinal names; None if the text says anything else."""
    said = _words(text)
    left = [word for word in said if word not in _AROUND or word in _COUNTING]
    if len(left) > 1:  # "the second one"
        left = [word for word in left if word not in _AROUND]
    if len(left) != 1:
        return None
    if left[0] in _LAST:
        return count - 1
    number = number_of(left[0])
    return number - 1 if number is not None and 0 < number <= count else None


def number_of(word: str) -> int | None:
    """The number that one folded word is, in digits or spelled out."""
    found = _DIGITS.fullmatch(word)
    return int(found[1]) if found else _COUNTING.get(word)


def read_number(text: str) -> str | None:
    """An answer to a question for a number, with digits: "about three" is "3"; None if there is no number."""
    if any(character.isdigit() for character in text):
        return text.strip()
    numbers = [number for word in _words(text) if (number := number_of(word)) is not None]
    return str(numbers[0]) if len(numbers) == 1 else None


def read_day(found: object, text: str) -> str | None:
    """An answer to a question for a date, as the W3C writes it: the day that was understood, or a date that is written so
    already; None if there is none."""
    for written in (str(found or ""), text.strip()):
        try:
            return datetime.fromisoformat(written).isoformat()
        except ValueError:
            continue
    return None


def _words(text: str) -> Words:
    return tuple(fold(text[:LONGEST]).replace(".", " ").replace("+", " ").split())


def _phrases(key: str, name: str, asked: Asked) -> set[Words]:
    said = (key.replace("_", " ").replace("-", " "), name, *asked.said.get(key, ()))
    return {words for words in map(_words, said) if words}


def _yes_or_no(text: str, asked: Asked) -> str | None:
    """A sign or another word for yes or no, where these are the choices."""
    for means in (is_yes, is_no):
        if means(text):
            found = [key for key, name in asked.values if means(name)]
            return found[0] if len(found) == 1 else None
    return None


def _without_unknown(said: Words) -> Words:
    for phrase in sorted(_UNKNOWN, key=len, reverse=True):
        for start in range(len(said) - len(phrase) + 1):
            if said[start : start + len(phrase)] == phrase:
                return said[:start] + said[start + len(phrase) :]
    return said


def _named(clauses: Sequence[Words], phrases: dict[str, set[Words]]) -> list[str]:
    """The choices that a text names and does not exclude, clause by clause: "not in the yard, at the kerb"."""
    return list(dict.fromkeys(key for said in clauses for key in _named_in(said, phrases)))


def _named_in(said: Words, phrases: dict[str, set[Words]]) -> list[str]:
    """The choices of one clause; a longer phrase hides those inside it."""
    places = [
        (start, start + len(phrase), key)
        for key, named in phrases.items()
        for phrase in named
        for start in range(len(said) - len(phrase) + 1)
        if said[start : start + len(phrase)] == phrase
    ]
    taken: set[int] = set()
    found: list[str] = []
    for start, end, key in sorted(places, key=lambda place: (place[0] - place[1], place[0])):
        if taken.intersection(range(start, end)) and key not in found:
            continue
        taken.update(range(start, end))
        if not _EXCLUDING.intersection(said[max(0, start - _EXCLUDES) : start]) and key not in found:
            found.append(key)
    return found


def _only_its_own(asked: Asked) -> dict[str, set[Words]]:
    """The words of each choice's name that no other has: "larger", where both sizes compare with a plate."""
    words = {key: set(_words(name)) for key, name in asked.values}
    return {
        key: {
            (word,) for word in own - _of_others(key, words) if len(word) >= _DIFFERENT and word not in _EMPTY
        }
        for key, own in words.items()
    }


def _of_others(key: str, words: dict[str, set[str]]) -> set[str]:
    others: Iterable[set[str]] = (own for other, own in words.items() if other != key)
    return set().union(*others)


def first_of(values: Sequence[tuple[str, str]], text: str) -> str | None:
    """The key of the (key, title) that a number names, for lists such as the city's services."""
    place = position(text, len(values))
    return values[place][0] if place is not None else None
