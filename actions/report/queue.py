"""The reports that wait while another is being written: none is lost until it is filed or the citizen drops it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from actions.languages import WORDS
from actions.report.draft import Draft, as_kept, draft_of
from actions.say import Event, Reply, slot
from actions.services import Services
from actions.words import plain_words

QUEUE = "report_queue"
MOST_WAITING = 5
_PIECE = re.compile(r"[,.;:!?\n]")
_NAMING = 4  # letters of a word that can name a report
_LONGEST_WISH = 8  # words of "please do the fallen tree first"
_UNKNOWN = 1  # words that name nothing: "take the tree first"
SHOWN = 60  # characters of the words of a report whose service is not known yet


def read_queue(slots: Mapping[str, Any]) -> tuple[Draft, ...]:
    """The reports that wait, the next one first."""
    return tuple(draft_of(kept) for kept in slots.get(QUEUE) or ())


def write_queue(waiting: Sequence[Draft]) -> Event:
    """The event that keeps them."""
    return slot(QUEUE, [as_kept(draft) for draft in waiting] or None)


def add_to_queue(
    waiting: Sequence[Draft], noted: Sequence[Draft], services: Services, language: str
) -> tuple[tuple[Draft, ...], tuple[Reply, ...]]:
    """The queue with what a message adds, and what to say about it; a report that is already in it is not added again."""
    fresh = [draft for draft in noted if draft not in waiting]
    kept = (*waiting, *fresh)[:MOST_WAITING]
    added, over = kept[len(waiting) :], fresh[max(0, MOST_WAITING - len(waiting)) :]
    says: list[Reply] = []
    if added:
        names = "; ".join(title(draft, services, language) for draft in added)
        response = "utter_report_noted" if len(added) == 1 else "utter_report_noted_several"
        says.append(Reply(response, variables={"reports": names}))
    if over:
        names = "; ".join(title(draft, services, language) for draft in over)
        says.append(Reply("utter_report_queue_full", variables={"reports": names}))
    return kept, tuple(says)


def title(draft: Draft, services: Services, language: str) -> str:
    """A report in a few words: "Pothole or damaged road, 12 Mill Lane"."""
    words = (draft.description or "").split("\n")[0]
    what = services.name(draft.service, language) if draft.service else f"“{words[:SHOWN].strip()}”"
    place = str((draft.location or {}).get("address") or draft.street or "")
    return f"{what}, {place}" if place else what


def carry_over(filed: Draft, following: Draft) -> Draft:
    """The next report, with the contact details of the one before; words, place and photo are its own."""
    return replace(following, contact=following.contact or filed.contact, name=following.name or filed.name)


def wished_first(reports: Sequence[Draft], text: str) -> tuple[int, tuple[Draft, ...]]:
    """Which of the reports a message's last words want first ("…, do the tree first"), and the reports; 0 for no wish.

    Those words are about the order, so they are taken out of the descriptions.
    """
    pieces = [piece.strip() for piece in _PIECE.split(text) if piece.strip()]
    wish = pieces[-1] if len(pieces) > 1 else ""
    said = _without_but(plain_words(wish).split())
    if not _asks_for_order(said):
        return 0, tuple(reports)
    told = [_without_wish(draft, wish) for draft in reports]
    names = {word for word in said if len(word) >= _NAMING} - _first() - _empty()
    known = [names & set(plain_words(draft.description or "").split()) for draft in told]
    only = [place for place, found in enumerate(known) if found and len(names - found) <= _UNKNOWN]
    if len(only) != 1 or sum(map(bool, known)) != 1:
        return 0, tuple(reports)
    return only[0], tuple(told)


def _asks_for_order(said: Sequence[str]) -> bool:
    """Whether it begins or ends with "first": "the light on the first floor" does not."""
    words = [word for word in said if word not in _polite()]
    return 1 < len(said) <= _LONGEST_WISH and bool(words) and not _first().isdisjoint((words[0], words[-1]))


def _without_but(said: list[str]) -> list[str]:
    return said[1:] if said and said[0] in _but() else said


def _without_wish(draft: Draft, wish: str) -> Draft:
    words = (draft.description or "").rstrip(" ,.;:!?\n")
    if not words.endswith(wish):
        return draft
    return replace(draft, description=words.removesuffix(wish).rstrip(" ,.;:!?\n") or None)


@cache
def _first() -> frozenset[str]:
    return frozenset(word for words in WORDS.values() for word in words.first.split())


@cache
def _empty() -> frozenset[str]:
    return (
        frozenset(word for words in WORDS.values() for word in plain_words(words.empty).split()) | _polite()
    )


@cache
def _polite() -> frozenset[str]:
    # "First" stands beside "wait" too; here it is the wish itself.
    return frozenset(word for words in WORDS.values() for word in words.polite.split()) - _first() | {"d"}


@cache
def _but() -> frozenset[str]:
    return frozenset(word for words in WORDS.values() for word in words.but.split())
