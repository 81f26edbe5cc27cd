"""Editors change named facts: first a draft, then a preview of its effect on every answer and language, then it is published in every process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer, ContentError
from desk.knowledge.named_facts import Fact, check_fact
from desk.knowledge.publishing import fact_uses
from desk.knowledge.publishing.checking import AnswerRefused, disagreements
from desk.knowledge.publishing.fact_uses import Use
from desk.knowledge.publishing.published import PublishedAnswers, body_of_fact, fact_of
from desk.knowledge.publishing.review import MovedOn
from desk.model import Actor, Clock, DeskError, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.knowledge import answers, facts
from desk.store.knowledge.facts import FactState, KeptFact
from desk.store.pool import Executor, Store


def hints(fact: Fact) -> list[str]:
    """What wants a look, and may be right: numbers and times that one language of a value has and another has not."""
    return [
        f"From {value.since.isoformat()}: {one}"
        for value in fact.values
        if value.texts
        for one in disagreements(fact.name, value.texts)
    ]


class FactSavedMeanwhile(DeskError):
    """Somebody else saved first. Nothing was changed; `newest` is what the fact is now."""

    def __init__(self, newest: KeptFact) -> None:
        super().__init__(
            "Somebody else saved this fact while you wrote. Nothing of yours is saved yet, and what you wrote stands below. "
            "Compare, and save again."
        )
        self.newest = newest


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an answer in one language, as it is and as it will be. None: the answer is not given then."""

    language: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Touched:
    """An answer whose text changes."""

    answer: Answer
    lines: Sequence[Line]


class FactChanges:
    """Built once. Every method raises NotAllowed, and those that change something leave an audit line."""

    def __init__(
        self, store: Store, city: City, catalog: Catalog, clock: Clock, published: PublishedAnswers
    ) -> None:
        self._store = store
        self._city = city
        self._catalog = catalog
        self._clock = clock
        self._published = published

    async def all(self, actor: Actor) -> Sequence[KeptFact]:
        """All facts, by name."""
        require(actor, Permission.READ_ANSWERS)
        return await facts.list_kept(self._store.pool)

    async def get(self, actor: Actor, name: str) -> tuple[KeptFact, Sequence[FactState]]:
        """One fact and its history, the latest first. Raises NotFound."""
        require(actor, Permission.READ_ANSWERS)
        return await _get(self._store.pool, name), await facts.list_states(self._store.pool, name)

    def users(self, name: str) -> list[Answer]:
        """The answers that use it, by id."""
        return fact_uses.users(self._catalog, name)

    def written_out(self, kept: KeptFact) -> list[Use]:
        """The answers that say in their own words what is published: publishing a draft does not change these."""
        if kept.published_body is None:
            return []
        fact, languages = fact_of(kept.published_body), self._city.languages
        return fact_uses.written_out(self._catalog, fact, languages, self._today())

    def touched(self, kept: KeptFact) -> tuple[date, list[Touched]]:
        """The first day from today on which the draft says something else than what is published, and what it changes then."""
        new = fact_of(kept.body)
        old = fact_of(kept.published_body) if kept.published_body else None
        day = _first_difference(old, new, self._city.languages, self._today())
        if day is None:
            return self._today(), []
        return day, [Touched(one, self._lines(one, old, new, day)) for one in self.users(kept.name)]

    async def needs_two(self, name: str) -> bool:
        """Whether somebody else has to publish it: it is used in an area in which two people release an answer."""
        areas = await answers.list_areas(self._store.pool)
        return any(areas.get(one.area, True) for one in self.users(name))

    async def add(self, actor: Actor, body: Mapping[str, Any]) -> None:
        """A new fact, as a draft. Raises AnswerRefused."""
        require(actor, Permission.WRITE_ANSWERS)
        clean = self._read(body)
        async with self._store.transaction() as transaction:
            await answers.lock(transaction)
            if await facts.get_kept(transaction, clean.name) is not None:
                raise AnswerRefused(["There is a fact of this name already. Choose another name."])
            now = self._clock()
            await facts.add_fact(transaction, clean.name, body_of_fact(clean), now, actor.agent_id, None)
            await audit.record(
                transaction, actor.agent_id, "fact_saved", None, now, fact=clean.name, version="1"
            )

    async def save(self, actor: Actor, name: str, body: Mapping[str, Any], version: int) -> None:
        """A new draft, written over version `version`. Raises AnswerRefused, FactSavedMeanwhile or NotFound."""
        require(actor, Permission.WRITE_ANSWERS)
        clean = body_of_fact(self._read({**body, "name": name}))
        async with self._store.transaction() as transaction:
            before = await self._unchanged(transaction, name, version)
            if clean != before.body:
                await self._add_draft(transaction, actor, before, clean)

    async def settle(self, actor: Actor, name: str, version: int, *, take_file: bool) -> None:
        """End a conflict with the file: a draft that says what the file says, or what the console has. Raises as `save` does."""
        require(actor, Permission.WRITE_ANSWERS)
        async with self._store.transaction() as transaction:
            before = await self._unchanged(transaction, name, version)
            if not before.in_conflict or before.file is None:
                return
            if take_file:
                await self._add_draft(transaction, actor, before, before.file)
            else:
                await audit.record(transaction, actor.agent_id, "fact_kept", None, self._clock(), fact=name)
            await facts.set_base(transaction, name, before.file)

    async def publish(self, actor: Actor, name: str, version: int) -> None:
        """Every answer that uses it says this from now on. Raises MovedOn if somebody else has to, or saved meanwhile."""
        require(actor, Permission.PUBLISH_ANSWERS)
        two = await self.needs_two(name)
        async with self._store.transaction() as transaction:
            await answers.lock(transaction)
            kept = await _get(transaction, name)
            if kept.newest != version or kept.published == version:
                raise MovedOn(
                    "Somebody has changed this fact in the meantime. Check it again; nothing was done."
                )
            if two and kept.author_id == actor.agent_id:
                raise MovedOn("You wrote this version, so somebody else has to publish it.")
            now = self._clock()
            await facts.set_published(transaction, name, version, now, actor.agent_id)
            await audit.record(
                transaction, actor.agent_id, "fact_published", None, now, fact=name, version=str(version)
            )
        await self._published.read(self._store.pool)

    def _read(self, body: Mapping[str, Any]) -> Fact:
        try:
            name = str(body.get("name"))
            return check_fact(body, name, self._catalog.complete, Path(name))
        except ContentError as error:
            said = str(error).partition(": ")[2]
            raise AnswerRefused([said[:1].upper() + said[1:]]) from None

    async def _unchanged(self, transaction: Executor, name: str, version: int) -> KeptFact:
        await answers.lock(transaction)
        kept = await _get(transaction, name)
        if kept.newest != version:
            raise FactSavedMeanwhile(kept)
        return kept

    async def _add_draft(
        self, transaction: Executor, actor: Actor, before: KeptFact, body: dict[str, Any]
    ) -> None:
        now, version = self._clock(), before.newest + 1
        await facts.add_version(transaction, before.name, version, body, now, actor.agent_id)
        await audit.record(
            transaction, actor.agent_id, "fact_saved", None, now, fact=before.name, version=str(version)
        )

    def _lines(self, answer: Answer, old: Fact | None, new: Fact, day: date) -> list[Line]:
        found, name = [], f"{{{new.name}}}"
        for language, sentence in fact_uses.naming(answer, new.name, self._city.languages):
            before, after = (one.said(language, day) if one else None for one in (old, new))
            was, will = (
                None if words is None else sentence.replace(name, words) for words in (before, after)
            )
            found.append(Line(language, was, will))
        return found

    def _today(self) -> date:
        return self._clock().astimezone(self._city.zone).date()


async def _get(executor: Executor, name: str) -> KeptFact:
    kept = await facts.get_kept(executor, name)
    if kept is None:
        raise NotFound("There is no such fact.")
    return kept


def _first_difference(old: Fact | None, new: Fact, languages: Sequence[str], today: date) -> date | None:
    values = (*new.values, *(old.values if old else ()))
    turns = {one.since for one in values} | {one.until + timedelta(1) for one in values if one.until}
    for day in sorted({today, *(one for one in turns if one > today)}):
        if any((old.said(one, day) if old else None) != new.said(one, day) for one in languages):
            return day
    return None
