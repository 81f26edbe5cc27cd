"""The reports that wait while another is being written: none is lost until it is filed or the citizen drops it. Pure."""

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
_NAMING = 4  # letters of a word that can name a report
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
    """The next report, with the contact details of the one before; words, place and photo are its own. The photo of the one
    before is offered: it may show both."""
    return replace(
        following,
        contact=following.contact or filed.contact,
        name=following.name or filed.name,
        spare=following.spare or (filed.media if following.photo is None else ()),
    )


def wished_first(reports: Sequence[Draft], order: Mapping[str, Any] | None) -> tuple[int, tuple[Draft, ...]]:
    """Which of the reports the message wants first, and the reports; 0 for no wish. `order` is {text, services}: the words
    of the wish (bot/understanding/order_wish.py), which no description has, and the services that they name.

    Words that single out none may be about something else, so they stay in the first description.
    """
    if order is None:
        return 0, tuple(reports)
    text, services = str(order.get("text") or ""), set(order.get("services") or ())
    found = _numbered(text, len(reports))
    if found is None:
        named = [place for place, draft in enumerate(reports) if draft.service in services]
        found = named[0] if len(named) == 1 else _worded(text, reports)
    if found is None:
        words = ", ".join(one for one in (text, reports[0].description) if one)
        return 0, (replace(reports[0], description=words), *reports[1:])
    return found, tuple(reports)


def pointed(text: str, count: int) -> int | None:
    """The waiting report that a text points to, the open one being the first of all: "the second one", "the other one"."""
    said = set(plain_words(text).split())
    places = [place for place, words in enumerate(ordinals()) if place and words & said]
    if places:
        return places[0] - 1 if places[0] <= count else None
    if last_words() & said:
        return count - 1
    return 0 if count == 1 and _other() & said else None


def _numbered(text: str, count: int) -> int | None:
    """ "The second one first", "the last first", "the other one first": nothing else is said."""
    said = set(plain_words(text).split())
    places = [place for place, words in enumerate(ordinals()) if place and words & said]
    pointing = last_words() | _other() | frozenset().union(*ordinals())
    if said - pointing - _first() - _empty() - _beside():
        return None
    if last_words() & said or (count == 2 and _other() & said):
        return count - 1
    return (places[0] if places[0] < count else None) if places else 0


def _worded(text: str, reports: Sequence[Draft]) -> int | None:
    """The one that has a word of the wish, if the others have none."""
    names = {word for word in plain_words(text).split() if len(word) >= _NAMING} - _first() - _empty()
    known = [names & set(plain_words(draft.description or "").split()) for draft in reports]
    only = [place for place, found in enumerate(known) if found and len(names - found) <= _UNKNOWN]
    return only[0] if len(only) == 1 and sum(map(bool, known)) == 1 else None


@cache
def ordinals() -> tuple[frozenset[str], ...]:
    """Words for the first, the second and so on, without the bare numbers ("one", "un")."""
    lines = zip(*(words.counting[:5] for words in WORDS.values() if len(words.counting) >= 5), strict=True)
    return tuple(frozenset(word for line in row for word in plain_words(line).split()[1:]) for row in lines)


@cache
def last_words() -> frozenset[str]:
    """Words for the last of several."""
    return frozenset(word for words in WORDS.values() for word in words.last.split())


@cache
def _other() -> frozenset[str]:
    said = (word for words in WORDS.values() for one in words.other_one for word in one.split())
    return frozenset(word for word in said if len(word) >= _NAMING)


@cache
def _beside() -> frozenset[str]:
    return frozenset(word for words in WORDS.values() for word in words.referring.split())


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
