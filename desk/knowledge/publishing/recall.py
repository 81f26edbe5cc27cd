"""Recalls: a correction for everybody who got certain versions of an answer, written by one person and approved
by another if the area requires it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from uuid import UUID

from desk.knowledge.catalogue import Catalog
from desk.knowledge.lint import WORDS, sentences, words
from desk.knowledge.named_facts import OF_CITY, used_by
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.drafts import get_answer
from desk.knowledge.publishing.fact_windows import Window, windows_of
from desk.knowledge.publishing.published import answer_of
from desk.knowledge.publishing.review import MovedOn, needs_two, reason_of
from desk.model import Actor, Clock, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.knowledge import facts, recalls
from desk.store.knowledge.recalls import Given, Recall
from desk.store.pool import Executor, Store

LONGEST = 1_000
"""Characters of a correction in one language: it fits every channel as one message."""


class Recalling:
    """Built once. Every method raises NotAllowed; each act leaves an audit line."""

    def __init__(
        self, store: Store, catalog: Catalog, languages: Sequence[str], clock: Clock, zone: tzinfo = UTC
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._languages = languages
        self._clock = clock
        self._zone = zone

    async def windows(self, actor: Actor, id: str) -> list[Window]:
        """When the answer said one of its facts otherwise than now."""
        require(actor, Permission.READ_ANSWERS)
        pool, now = self._store.pool, self._clock()
        names = used_by(answer_of(id, (await get_answer(pool, id)).body)) - OF_CITY.keys()
        return [
            one
            for name in sorted(names)
            for one in windows_of(await facts.list_states(pool, name), self._zone, self._languages[0], now)
        ]

    async def given(self, actor: Actor, id: str) -> Mapping[int, int]:
        """How many people got each version."""
        require(actor, Permission.READ_ANSWERS)
        return await recalls.count_given(self._store.pool, id)

    async def list(self, actor: Actor, id: str) -> list[tuple[Recall, list[Given]]]:
        """The recalls of an answer, the latest first, with everybody who is told."""
        require(actor, Permission.READ_ANSWERS)
        pool = self._store.pool
        return [
            (one, await recalls.list_people(pool, one.id)) for one in await recalls.list_recalls(pool, id)
        ]

    async def write(
        self,
        actor: Actor,
        id: str,
        versions: Sequence[int],
        texts: Mapping[str, str],
        why: str,
        window: str = "",
    ) -> UUID:
        """A correction, in every language of the city. Nobody is sent it yet. With the key of a window it is for those who got the
        answer then. Raises AnswerRefused or NotFound."""
        require(actor, Permission.PUBLISH_ANSWERS)
        reason = reason_of(why)
        clean = {language: texts.get(language, "").strip() for language in self._languages}
        problems = [
            one for language, text in clean.items() for one in _problems(language, text, self._catalog)
        ]
        chosen_window = next((one for one in await self.windows(actor, id) if one.key == window), None)
        if window and chosen_window is None:
            problems.append("Choose the time again: the fact was changed meanwhile.")
        then = None
        if chosen_window is not None:
            said = f"{chosen_window.fact}: {chosen_window.said}"
            then = (chosen_window.since, chosen_window.until, said)
        async with self._store.transaction() as transaction:
            await get_answer(transaction, id)
            known = await recalls.count_given(transaction, id)
            chosen = sorted({one for one in versions if one in known})
            if not chosen:
                problems.append("Choose a version that somebody got.")
            if problems:
                raise AnswerRefused(problems)
            now = self._clock()
            recall = await recalls.add_recall(
                transaction,
                id,
                chosen,
                {name: one for name, one in clean.items() if one},
                reason,
                now,
                actor.agent_id,
                then,
            )
            await audit.record(
                transaction, actor.agent_id, "recall_written", None, now, answer=id, recall=str(recall)
            )
        return recall

    async def approve(self, actor: Actor, id: str, recall_id: UUID) -> int:
        """Send it, once to each person; returns to how many. Raises MovedOn or NotFound."""
        require(actor, Permission.PUBLISH_ANSWERS)
        async with self._store.transaction() as transaction:
            recall = await self._open(transaction, id, recall_id)
            if recall.written_by == actor.agent_id and await needs_two(
                transaction, await get_answer(transaction, id)
            ):
                raise MovedOn("You wrote this correction, so somebody else has to approve it.")
            now = self._clock()
            people = await recalls.mark_approved(transaction, recall, now, actor.agent_id)
            await audit.record(
                transaction, actor.agent_id, "recall_approved", None, now,
                answer=id, recall=str(recall_id), people=str(people),
            )  # fmt: skip
        return people

    async def drop(self, actor: Actor, id: str, recall_id: UUID) -> None:
        """Send it to nobody. Raises MovedOn or NotFound."""
        require(actor, Permission.PUBLISH_ANSWERS)
        async with self._store.transaction() as transaction:
            await self._open(transaction, id, recall_id)
            now = self._clock()
            await recalls.mark_dropped(transaction, recall_id, now)
            await audit.record(
                transaction, actor.agent_id, "recall_dropped", None, now, answer=id, recall=str(recall_id)
            )

    async def _open(self, transaction: Executor, id: str, recall_id: UUID) -> Recall:
        recall = await recalls.get_recall(transaction, recall_id)
        if recall is None or recall.answer_id != id:
            raise NotFound("There is no such correction.")
        if recall.approved_at or recall.dropped_at:
            raise MovedOn("Somebody has already decided on this correction. Nothing was changed.")
        return recall


def _problems(language: str, text: str, catalog: Catalog) -> list[str]:
    if not text:
        return [f"The correction in {language} is missing."] if language in catalog.complete else []
    found = (
        [f"The correction in {language} is longer than {LONGEST} characters."] if len(text) > LONGEST else []
    )
    if any(words(one) > WORDS for one in sentences(text)):
        found.append(f"A sentence of the correction in {language} has more than {WORDS} words.")
    return found
