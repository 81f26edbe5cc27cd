"""What people do with incidents: declare, attach with one click and undo it, tell the news, close with one question."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal
from uuid import UUID

import msgspec

from city import City
from city.notices.districts import read_area_of
from desk.conversations.ownership import Ownership
from desk.incidents.suggesting import Suggestion, suggest
from desk.knowledge.lint import WORDS, sentences, words
from desk.model import Actor, Clock, NotFound
from desk.notices.checking import NoticeRefused
from desk.notices.languages import words_of
from desk.people import audit
from desk.people.permissions import Permission, require, scope_of
from desk.store.notices import incident_news, incidents
from desk.store.notices.incident_news import News
from desk.store.notices.incidents import Attached, Incident, NewIncident
from desk.store.pool import Executor, Store

Question = Literal["fixed", "safe", "none"]
UNDO = timedelta(seconds=20)
"""How long news can be taken back, as one answer to many."""
LONGEST_TITLE, LONGEST_NEWS = 80, 900
MOST_WORDS = 100


class Incidents:
    """Built once by the console's composition root. Every method raises NotAllowed, and NotFound for an incident that there is not,
    or where it must be open and is closed."""

    def __init__(
        self, store: Store, city: City, answers: frozenset[str], ownership: Ownership, clock: Clock
    ) -> None:
        self._store = store
        self._city = city
        self._answers = answers
        self._ownership = ownership
        self._clock = clock

    async def list(self, actor: Actor) -> Sequence[Incident]:
        """The open ones first."""
        require(actor, Permission.READ_CONVERSATIONS)
        return await incidents.list_incidents(self._store.pool)

    async def get(self, actor: Actor, id: UUID) -> Incident:
        """One of them."""
        require(actor, Permission.READ_CONVERSATIONS)
        found = await incidents.get_incident(self._store.pool, id)
        if found is None:
            raise NotFound("There is no such incident.")
        return found

    async def attached(self, actor: Actor, id: UUID) -> Sequence[Attached]:
        """What the actor may see of it."""
        return await incidents.list_attached(self._store.pool, id, scope_of(actor))

    async def news(self, actor: Actor, id: UUID) -> Sequence[News]:
        """What its people were told."""
        require(actor, Permission.READ_CONVERSATIONS)
        return await incident_news.list_news(self._store.pool, id)

    async def suggestions(self, actor: Actor, incident: Incident) -> Sequence[Suggestion]:
        """What may be about it."""
        return await suggest(self._store.pool, incident, self._city, scope_of(actor))

    async def of_conversation(
        self, actor: Actor, conversation: UUID
    ) -> tuple[Incident | None, UUID | None, Sequence[tuple[Incident, Suggestion | None]]]:
        """The incident of a conversation and its attachment; else every open incident, those first that it may be about."""
        pool, scope = self._store.pool, scope_of(actor)
        if attached := await incidents.get_attachment_of(pool, conversation):
            return await incidents.get_incident(pool, attached[1]), attached[0], []
        open_ones = [one for one in await incidents.list_incidents(pool) if one.closed_at is None]
        found = [
            (one, next(iter(await suggest(pool, one, self._city, scope, conversation)), None))
            for one in open_ones
        ]
        return None, None, sorted(found, key=lambda one: one[1] is None)

    async def declare(self, actor: Actor, new: NewIncident) -> UUID:
        """Raises NoticeRefused with a sentence for each problem."""
        require(actor, Permission.MANAGE_INCIDENTS)
        clean, now = self._clean(new), self._clock()
        async with self._store.transaction() as transaction:
            id = await incidents.add_incident(transaction, clean, now, actor.agent_id)
            await self._record(transaction, actor, id, "declared")
        return id

    async def change(self, actor: Actor, id: UUID, new: NewIncident) -> None:
        """Change what it is about. Raises NoticeRefused."""
        require(actor, Permission.MANAGE_INCIDENTS)
        clean = self._clean(new)
        async with self._store.transaction() as transaction:
            await self._open(transaction, id)
            await incidents.set_incident(transaction, id, clean)
            await self._record(transaction, actor, id, "changed")

    async def attach(self, actor: Actor, id: UUID, conversation: UUID) -> None:
        """It is about this incident, and waits behind those that are not; one that is attached already stays where it is."""
        async with self._ownership.acting(actor, conversation, "incident_attached", incident=str(id)) as (
            transaction,
            _,
        ):
            await self._open(transaction, id)
            await incidents.attach_conversation(transaction, id, conversation, self._clock(), actor.agent_id)

    async def attach_request(self, actor: Actor, id: UUID, request: UUID) -> None:
        """Whoever made this request is told the news too."""
        require(actor, Permission.ANSWER_CONVERSATIONS)
        require(actor, Permission.READ_REQUESTS)
        async with self._store.transaction() as transaction:
            await self._open(transaction, id)
            await incidents.attach_request(transaction, id, request, self._clock(), actor.agent_id)
            await self._record(transaction, actor, id, "attached", request=str(request))

    async def undo(self, actor: Actor, id: UUID, attachment: UUID) -> None:
        """It is not about this incident after all."""
        require(actor, Permission.ANSWER_CONVERSATIONS)
        if all(one.id != attachment for one in await self._all_attached(actor, id)):
            raise NotFound("It is not attached.")
        async with self._store.transaction() as transaction:
            undone = await incidents.mark_undone(transaction, id, attachment, self._clock(), actor.agent_id)
            if undone is None:
                raise NotFound("It is not attached.")
            await self._record(
                transaction, actor, id, "detached", conversation=undone[0], attachment=str(attachment)
            )

    async def tell(self, actor: Actor, id: UUID, texts: Mapping[str, str]) -> UUID:
        """News for everybody who is attached, in a few seconds. Raises NoticeRefused."""
        require(actor, Permission.MANAGE_INCIDENTS)
        clean = {one: " ".join(texts.get(one, "").split()) for one in self._city.languages}
        if problems := [text for one, said in clean.items() for text in _problems(one, said)]:
            raise NoticeRefused(problems)
        async with self._store.transaction() as transaction:
            await self._open(transaction, id)
            now = self._clock()
            news = await incident_news.add_news(
                transaction, id, "news", clean, now, actor.agent_id, now + UNDO
            )
            assert news is not None
            await self._record(transaction, actor, id, "news_written", news=str(news))
        return news

    async def take_back(self, actor: Actor, id: UUID, news: UUID) -> int:
        """Whoever was not told yet is not told; returns how many."""
        require(actor, Permission.MANAGE_INCIDENTS)
        async with self._store.transaction() as transaction:
            count = await incident_news.mark_cancelled(transaction, id, news, self._clock())
            await self._record(transaction, actor, id, "news_taken_back", news=str(news))
        return count

    async def close(self, actor: Actor, id: UUID, question: Question) -> None:
        """It is over. `question` asks everybody attached once whether it is fixed, or whether they are safe."""
        require(actor, Permission.MANAGE_INCIDENTS)
        async with self._store.transaction() as transaction:
            await self._open(transaction, id)
            found = await incidents.get_incident(transaction, id)
            assert found is not None
            now = self._clock()
            if question != "none":
                texts = {one: self.question(question, one, found.called(one)) for one in self._city.languages}
                await incident_news.add_news(transaction, id, question, texts, now, actor.agent_id, now)
            await incidents.mark_closed(transaction, id, now, actor.agent_id)
            await self._record(transaction, actor, id, "closed", question=question)

    def question(self, kind: Question, language: str, title: str) -> str:
        """What people are asked at the end, in one language."""
        asked: str = getattr(words_of(language), kind)
        return asked.format(title=title, number=self._city.emergency_number)

    async def _all_attached(self, actor: Actor, id: UUID) -> Sequence[Attached]:
        return await incidents.list_attached(self._store.pool, id, scope_of(actor), 10_000)

    async def _open(self, transaction: Executor, id: UUID) -> None:
        if not await incidents.lock_open(transaction, id):
            raise NotFound("There is no such incident, or it is closed.")

    def _clean(self, new: NewIncident) -> NewIncident:
        problems = []
        for language in self._city.languages:
            title = new.titles.get(language, "").strip()
            if not 1 <= len(title) <= LONGEST_TITLE or "{" in title:
                problems.append(
                    f"{language}: give it a title of at most {LONGEST_TITLE} characters, without braces."
                )
        try:
            area = read_area_of(new.area)
            if unknown := sorted(set(area.districts) - {one.name for one in self._city.districts}):
                problems.append(f"There is no district '{unknown[0]}'.")
        except msgspec.ValidationError:
            problems.append("The area cannot be read. Use districts, one GeoJSON polygon, or a circle.")
        if unknown_answers := sorted(set(new.topics) - self._answers):
            problems.append(f"There is no answer '{unknown_answers[0]}'.")
        if len(new.words) > MOST_WORDS or any(len(one) > 80 for one in new.words):
            problems.append(f"Write at most {MOST_WORDS} words or phrases, of 80 characters each.")
        if problems:
            raise NoticeRefused(problems)
        titles = {one: new.titles[one].strip() for one in self._city.languages}
        return replace(new, titles=titles)

    async def _record(
        self,
        transaction: Executor,
        actor: Actor,
        id: UUID,
        what: str,
        conversation: UUID | None = None,
        **ids: str,
    ) -> None:
        await audit.record(
            transaction, actor.agent_id, f"incident_{what}", conversation, self._clock(), incident=str(id), **ids
        )  # fmt: skip


def _problems(language: str, text: str) -> Sequence[str]:
    if not text:
        return [f"{language}: the news is missing."]
    found = []
    if len(text) > LONGEST_NEWS:
        found.append(f"{language}: the news is longer than {LONGEST_NEWS} characters.")
    if any(words(one) > WORDS for one in sentences(text)):
        found.append(f"{language}: a sentence has more than {WORDS} words.")
    return found
