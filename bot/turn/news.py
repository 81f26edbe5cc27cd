"""Finds the item of content/news that a message is about. The desk has the texts and the dates.

An item is about a message whose topic it names; with streets or words, the message must have one of them. A
question that the model does not understand, about a street in the news, is treated as one about the item's
first topic. So is "is Harbour St still shut", which sounds like a question about a report, if none was sent here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.project import Project, ProjectError, read_yaml
from bot.understanding.denial import lasts
from bot.understanding.entities.streets import base_of
from bot.understanding.shape import plain

_TOPICLESS = frozenset({"nlu_fallback", "report_detail"})
_REPORT = "report_problem"
_OF_REPORTS = frozenset({"ask_status", "still_there", "add_to_report"})
_LONGEST = 8  # words; a longer statement tells more than the name of a street
_SHORTEST = 4  # letters of a street's name without its kind


@dataclass(frozen=True)
class Item:
    """One file; `words` are of all languages, as `plain` writes them."""

    id: str
    since: date
    until: date
    topics: tuple[str, ...]
    streets: frozenset[str]
    words: tuple[str, ...]

    def named_in(self, parse: Mapping[str, Any]) -> bool:
        """Whether the message has one of its streets or words."""
        streets = {e.get("value") for e in parse.get("entities") or () if e.get("entity") == "street"}
        text = f" {plain(str(parse.get('text') or ''))} "
        return bool(self.streets & streets) or any(f" {word} " in text for word in self.words)

    @property
    def anywhere(self) -> bool:
        """Whether it needs no street and no word."""
        return not self.streets and not self.words


class News:
    """The items, latest first."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = sorted(items, key=lambda item: item.since, reverse=True)

    @classmethod
    def load(cls, project: Project) -> News:
        """Read content/news. Raises ProjectError."""
        return cls([_read(path.stem, read_yaml(path)) for path in (project.content / "news").glob("*.yml")])

    def about(
        self, parse: dict[str, Any], today: date, idle: Callable[[], bool] = lambda: False
    ) -> tuple[dict[str, Any], list[str]]:
        """The parse, perhaps with the topic of an item, and the ids of the items to give first. `idle`: whether no report is
        being written and none was sent here."""
        current = [item for item in self._items if item.since <= today <= item.until]
        intent = _topic(parse)
        found = [
            item for item in current if intent in item.topics and (item.anywhere or item.named_in(parse))
        ]
        named = [item for item in current if not item.anywhere and item.named_in(parse)]
        if found or not named:
            return parse, [item.id for item in found]
        free = idle()
        if not (parse.get("question") or (free and _asks_without_mark(parse))):
            return parse, []
        of_report = intent == _REPORT and not _has(parse, "service")
        of_filed = free and intent in _OF_REPORTS and not _has(parse, "reference", "service")
        if intent in _TOPICLESS or of_report or of_filed:
            topic = {"name": named[0].topics[0], "confidence": 1.0}
            return {**parse, "intent": topic, "reason": None, "candidates": []}, [item.id for item in named]
        return parse, []


def _topic(parse: Mapping[str, Any]) -> str:
    """The intent; the topic of a pressed button."""
    intent = str((parse.get("intent") or {}).get("name"))
    answers = [e.get("value") for e in parse.get("entities") or () if e.get("entity") == "answer"]
    return str(answers[0]) if intent == "choose_answer" and answers else intent


def _has(parse: Mapping[str, Any], *names: str) -> bool:
    return any(entity.get("entity") in names for entity in parse.get("entities") or ())


def _asks_without_mark(parse: Mapping[str, Any]) -> bool:
    """A short text about how a report goes, or that something lasts: "harbour st toujours fermée"."""
    text = str(parse.get("text") or "")
    if not 1 < len(plain(text).split()) <= _LONGEST:
        return False
    likeliest = next((str(one["name"]) for one in parse.get("intent_ranking") or ()), "")
    return {_topic(parse), likeliest} & _OF_REPORTS != set() or lasts(text, parse.get("language"))


def _read(id: str, raw: Mapping[str, Any]) -> Item:
    since, until = raw.get("from"), raw.get("until")
    if not isinstance(since, date) or not isinstance(until, date):
        raise ProjectError(f"content/news/{id}.yml: 'from' and 'until' must be days, as in 2026-11-20.")
    names = [base_of(str(street)) for street in raw.get("streets") or ()]
    bases = [name for name in names if len(name) >= _SHORTEST]  # "is harbour still shut"
    return Item(
        id,
        since,
        until,
        tuple(str(topic) for topic in raw.get("topics") or ()),
        frozenset(str(street) for street in raw.get("streets") or ()),
        (*(plain(str(word)) for spoken in (raw.get("words") or {}).values() for word in spoken), *bases),
    )
