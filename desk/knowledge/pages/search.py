"""Searches the city's pages for a question that no answer matches: by words, weighted by rarity, and by meaning. Results
are shown word for word, and no result is better than an irrelevant one: both thresholds were set on
data/near_misses/dev.yml and the training questions (docs/performance.md)."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog

from city import City
from desk.knowledge.pages.passages import shown
from desk.knowledge.pages.vectors import Embeds, is_vector, likeness, signs_of
from desk.knowledge.words import calendar_day
from desk.model import Reply, TurnAnswer
from desk.store.knowledge import pages, unanswered
from desk.store.knowledge.pages import AskedWord, Candidate
from desk.store.pool import Executor

log = structlog.get_logger("pages")

FOUND, NOT_OURS = "pages_found", "not_ours"
SEARCHED = frozenset({"utter_out_of_scope", "utter_unsure", "utter_still_unsure", "utter_did_you_mean"})
"""What the assistant says if no answer is sure. Answers that it offers to choose from stay offered."""
SECONDS, EMBED_SECONDS = 0.8, 0.4
"""How long a citizen waits for it at most: for all of it, and for the vector of the question."""
MOST_SHOWN, SHOWN = 2, 420
"""Passages, and characters of each."""
ASKED_WORDS, CANDIDATES = 8, 24
COMMON, FEW = 0.05, 20
"""Passages are looked for by words that at most this share, or number, of all has; every word counts for the score."""
LONGEST = 600
"""Characters of a question that are read."""
BY_WORDS, BY_BOTH = 0.65, 0.58
"""The least score: of the words alone, and together with the meaning."""
SAME, NEAREST = 0.7, 5
"""How alike a question must be to those that are not ours, and how many of these are compared."""
BESIDE = 0.85
"""A second passage is shown if its score is this share of the first."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that fits, and how well: 0 to 1."""

    url: str
    title: str
    heading: str
    text: str
    changed_on: date
    score: float


class PageSearch:
    """Built once by the worker. Without `embeds`, or while the bot does not answer it, words alone decide."""

    def __init__(self, executor: Executor, city: City, embeds: Embeds | None) -> None:
        self._executor = executor
        self._city = city
        self._embeds = embeds

    async def beside(self, answer: TurnAnswer, question: str, language: str | None) -> TurnAnswer:
        """The answer, with passages, or whom to ask instead, in place of the sentence that there is none; as it is where nothing
        fits, or where the search takes too long or fails."""
        if answer.form or answer.directives or not question.strip():
            return answer
        place = next((at for at, one in enumerate(answer.replies) if one.response in SEARCHED), None)
        if place is None:
            return answer
        try:
            async with asyncio.timeout(SECONDS):
                told = await self._instead(question, answer.language or language or self._city.language)
        except Exception as error:
            log.warning("pages_not_searched", error=type(error).__name__)
            return answer
        if told is None:
            return answer
        log.info("shown_instead", response=told.response)
        told = replace(told, buttons=answer.replies[place].buttons)
        return replace(answer, replies=(*answer.replies[:place], told, *answer.replies[place + 1 :]))

    async def _instead(self, question: str, language: str) -> Reply | None:
        """Whom to ask, if an editor said that such questions are not the city's; else what the pages have."""
        vector = await self._vector(question[:LONGEST])
        if vector is not None:
            for other, whom in await unanswered.list_not_ours(self._executor, signs_of(vector), NEAREST):
                if likeness(vector, other) >= SAME and (said := whom.get(language)):
                    return Reply(NOT_OURS, variables={"whom": said})
        if self._city.pages is None:
            return None
        found = await self.find(question, language, vector)
        return Reply(FOUND, variables={"passages": passages_text(found, language)}) if found else None

    async def find(self, question: str, language: str, vector: bytes | None) -> list[FoundPassage]:
        """The passages that fit best, best first; none if nothing fits well enough. Without a vector words decide."""
        question = question[:LONGEST]
        count = await pages.count_passages(self._executor)
        if not count:
            return []
        languages = [language, *self._city.languages]
        asked = await pages.list_asked_words(self._executor, question, languages)
        weights = weights_of(asked, count)
        spoken = weights.get(pages.configuration(language), {})
        there = {one.word: one.passages for one in asked if one.passages and one.word in spoken}
        rare = [word for word, passages in there.items() if passages <= max(FEW, COMMON * count)]
        telling = (rare or list(there)[:1])[:ASKED_WORDS]
        known: dict[int, Candidate] = {}
        if telling:
            by_words = await pages.list_with_words(self._executor, telling, CANDIDATES)
            known |= {one.id: one for one in by_words}
        if vector is not None:
            alike = await pages.list_alike(self._executor, signs_of(vector), CANDIDATES)
            known |= {one.id: one for one in alike}
        least = BY_WORDS if vector is None else BY_BOTH
        scored = [
            (score_of(one, weights.get(pages.configuration(one.language), {}), vector), one)
            for one in known.values()
        ]
        ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1].language != language, pair[1].id))
        good = [(score, one) for score, one in ranked if score >= least]
        return [
            FoundPassage(one.url, one.title, one.heading, one.text, one.changed_on, score)
            for score, one in good[:MOST_SHOWN]
            if score >= BESIDE * good[0][0]
        ]

    async def _vector(self, question: str) -> bytes | None:
        if self._embeds is None:
            return None
        try:
            async with asyncio.timeout(EMBED_SECONDS):
                (vector,) = await self._embeds.embed([question])
        except Exception as error:
            log.info("question_without_vector", error=type(error).__name__)
            return None
        return vector if is_vector(vector) else None


def weights_of(asked: Sequence[AskedWord], passages: int) -> dict[str, dict[str, float]]:
    """How much each word of a question says, by text search configuration: the rarer the more."""
    weights: dict[str, dict[str, float]] = {}
    for one in asked:
        weight = math.log(1 + (passages + 1) / (one.passages + 1))
        weights.setdefault(one.configuration, {})[one.word] = weight
    return weights


def score_of(one: Candidate, weights: Mapping[str, float], vector: bytes | None) -> float:
    """How well a passage fits, 0 to 1: the share of the question's words that it has and, with vectors, what it means."""
    there = set(one.words)
    every = sum(weights.values())
    share = sum(weight for word, weight in weights.items() if word in there) / every if every else 0.0
    if vector is None or one.vector is None:
        return share
    return (share + min(1.0, max(0.0, 2 * likeness(vector, one.vector)))) / 2


def passages_text(found: Sequence[FoundPassage], language: str) -> str:
    """The passages as a message shows them: where they stand, the date, the words as they are, and the address."""
    return "\n\n".join(
        f"{_headed(one, calendar_day(one.changed_on, language))}\n“{shown(one.text, SHOWN)}”\n{one.url}"
        for one in found
    )


def _headed(one: FoundPassage, day: str) -> str:
    # A page may have no title, a passage no heading.
    headed = ": ".join(dict.fromkeys(part for part in (one.title, one.heading) if part))
    return f"{headed} ({day})" if headed else day
