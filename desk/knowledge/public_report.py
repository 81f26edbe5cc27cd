"""The public report on the assistant: figures by language, what was not answered, recalls, topics that are not the city's. Computed at most every
ten minutes, since anybody may request it. Small numbers are omitted, so that nobody can be identified from them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from desk.knowledge.catalogue import Catalog
from desk.model import Clock
from desk.store.knowledge import public_figures
from desk.store.knowledge.public_figures import LanguageFigures, RecalledAnswer, UnansweredTopic
from desk.store.pool import Store

DAYS = 90
FRESH = timedelta(minutes=10)
FEWEST = 10
"""People of a language below whom its figures are not shown."""
MOST = 50
COLUMNS = tuple(one.name for one in fields(LanguageFigures) if one.name != "people")


@dataclass(frozen=True, slots=True)
class PublicReport:
    """`hidden`: how many languages have too few people to show. `not_ours`: whom to ask instead, in the reader's language."""

    made_at: datetime
    figures: Sequence[LanguageFigures]
    hidden: int
    unanswered: Sequence[UnansweredTopic]
    recalled: Sequence[RecalledAnswer]
    not_ours: Sequence[Mapping[str, str]]


class PublicReports:
    """Built once by the gateway."""

    def __init__(self, store: Store, catalog: Catalog, clock: Clock) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._kept: PublicReport | None = None
        self._reading = asyncio.Lock()

    async def get(self) -> PublicReport:
        """The report; at most ten minutes old. However many ask, one reads."""
        async with self._reading:
            now = self._clock()
            if self._kept is None or now - self._kept.made_at >= FRESH:
                self._kept = await self._read(now)
            return self._kept

    def topics(self, language: str) -> list[str]:
        """The titles of the answers that citizens get, in this language."""
        today = self._clock().date()
        given = [one for one in self._catalog.answers.values() if self._catalog.is_given(one.id, today)]
        return sorted((one.texts[language].title for one in given if language in one.texts), key=str.casefold)

    def title(self, answer_id: str, language: str) -> str | None:
        """An answer's title in this language."""
        found = self._catalog.answers.get(answer_id)
        return found.texts[language].title if found and language in found.texts else None

    def named(self, topic: UnansweredTopic, language: str) -> str | None:
        """What an unanswered topic is called in this language, by an editor; a title that is still a draft is not told."""
        own = self.title(topic.answer_id or "", language) if self.answered(topic) else None
        return topic.title.get(language) or own

    def answered(self, topic: UnansweredTopic) -> bool:
        """Whether citizens get an answer to it now."""
        return bool(topic.answer_id) and self._catalog.is_given(topic.answer_id or "", self._clock().date())

    async def _read(self, now: datetime) -> PublicReport:
        pool = self._store.pool
        every = await public_figures.list_by_language(
            pool, now - timedelta(days=DAYS), sorted(self._catalog.answers)
        )
        shown = [one for one in every if one.people >= FEWEST]
        return PublicReport(
            now,
            shown,
            len(every) - len(shown),
            await public_figures.list_unanswered(pool, now - timedelta(days=DAYS), FEWEST, MOST),
            [_without_small(one) for one in await public_figures.list_recalled(pool, MOST)],
            await public_figures.list_not_ours(pool, MOST),
        )


def _without_small(one: RecalledAnswer) -> RecalledAnswer:
    return replace(one, told_in={language: told for language, told in one.told_in.items() if told >= FEWEST})
