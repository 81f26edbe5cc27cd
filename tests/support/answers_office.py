"""Editors at work on the demo's answers: two of them, and two processes with a catalogue each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer
from desk.knowledge.publishing.drafts import Drafts
from desk.knowledge.publishing.exchange import seed_answers
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.publishing.review import Review
from desk.knowledge.publishing.stopping import Stopping
from desk.model import Actor, Reply, Role
from desk.store.people import agents
from desk.store.pool import Store
from tests.support.clock import MovedClock

CONTENT = Path("content")
ID = "rats"
OLD = "Every version of it is kept."


@dataclass
class Office:
    """Two editors, and two processes with a catalogue each."""

    store: Store
    city: City
    clock: MovedClock
    ours: Catalog
    theirs: Catalog
    drafts: Drafts
    review: Review
    stopping: Stopping
    ada: Actor
    ben: Actor

    async def somebody(self, role: Role) -> Actor:
        return await person(self.store, role)

    async def seed(self, seed: Mapping[str, Answer] | None = None, content: Path = CONTENT) -> list[str]:
        return await seed_answers(self.store, content, seed or self.ours.seed, self.clock())

    async def write(self, text: str, **more: Any) -> int:
        """Ada's new draft; returns its version."""
        kept = await self.drafts.get(self.ada, ID)
        body = {**kept.body, **more}
        texts = {**body["texts"], "en": {**body["texts"]["en"], "text": text, "parts": {}}}
        texts = {language: {**one, "parts": {}} for language, one in texts.items()}
        await self.drafts.save(self.ada, ID, {**body, "texts": texts}, kept.newest)
        return kept.newest + 1

    async def publish(self, text: str) -> int:
        version = await self.write(text)
        await self.review.submit(self.ada, ID, version)
        await self.review.approve(self.ben, ID, version)
        await self.review.publish(self.ben, ID, version)
        return version

    def said(self, catalog: Catalog) -> str:
        today = self.clock().astimezone(self.city.zone).date()
        return catalog.compose(Reply(answer=ID), "en", today=today).text


async def person(store: Store, role: Role = "editor") -> Actor:
    id = await agents.add_agent(store.pool, f"{uuid4().hex}@lindenport.example", role, role, [], None)
    assert id is not None
    return Actor(id, role, role, ())


async def open_office(store: Store, city: City, catalog: Catalog) -> Office:
    """An office whose database has content/answers."""
    clock = MovedClock()
    ours, theirs = (Catalog(city, catalog.seed, catalog.responses, catalog.seed_facts) for _ in range(2))
    published = PublishedAnswers(ours)
    made = Office(
        store, city, clock, ours, theirs, Drafts(store, ours, clock, published),
        Review(store, city, ours, clock, published), Stopping(store, ours, clock, published),
        await person(store), await person(store),
    )  # fmt: skip
    await made.seed()
    await published.read(store.pool)
    return made
