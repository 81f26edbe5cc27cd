"""Which open conversations and requests may be about an incident: by topic, by words, by place. People decide."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from city import City
from city.notices.districts import read_area_of
from desk.model import Scope
from desk.store.dialogue.search import words_of
from desk.store.notices import incidents
from desk.store.notices.incidents import Candidate, Incident
from desk.store.pool import Executor

BEFORE = timedelta(hours=24)
"""How long before the incident was declared somebody may have written about it."""
LOOKED_AT = 500
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`reasons` are of "topic", "words" and "place"; the more, the surer."""

    candidate: Candidate
    reasons: Sequence[str]


async def suggest(
    executor: Executor, incident: Incident, city: City, scope: Scope, only: UUID | None = None
) -> list[Suggestion]:
    """The surest first, then the latest. What names a place outside the area is left out, whatever it says; a place alone counts
    where neither topics nor words are given."""
    since, query = incident.opened_at - BEFORE, query_of(incident.words)
    found = await incidents.list_candidates(executor, incident, scope, query, since, LOOKED_AT, only)
    if only is None:
        found += await incidents.list_request_candidates(executor, incident, query, since, LOOKED_AT)
    area = read_area_of(incident.area)
    suggested = []
    for one in found:
        inside = [area.contains(lat, long, city.districts) for lat, long in one.points]
        if inside and not any(inside):
            continue
        # The whole city says nothing about where somebody is.
        placed = any(inside) and not area.everywhere
        by_place_alone = placed and not (incident.topics or incident.words)
        if one.by_topic or one.by_words or by_place_alone:
            reasons = [("topic", one.by_topic), ("words", one.by_words), ("place", placed)]
            suggested.append(Suggestion(one, [name for name, fits in reasons if fits]))
    return sorted(suggested, key=lambda one: -len(one.reasons))[:SHOWN]


def query_of(phrases: Sequence[str]) -> str:
    """A tsquery: one of these phrases, each word of a phrase after the other. Empty without words."""
    parts = []
    for phrase in phrases:
        if words := words_of(_without_accents(phrase)):
            parts.append(" <-> ".join(f"'{word}'" for word in words))
    return " | ".join(f"({one})" for one in parts)


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(one for one in apart if not unicodedata.combining(one))
