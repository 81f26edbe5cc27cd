"""The published answers: content/ as seed, overridden by the console. Each process refreshes its catalogue
every two seconds, so that publishing, withdrawing or stopping an answer takes effect everywhere within five, without a restart."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog

from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer
from desk.knowledge.named_facts import Fact
from desk.runtime.periodic import repeat
from desk.store.knowledge import answers, facts, stops
from desk.store.pool import Executor, Store

log = structlog.get_logger("answers")

EVERY = 2.0
"""Seconds between two looks at the tables."""


def body_of(answer: Answer) -> dict[str, Any]:
    """An answer as the database keeps it: everything but its id, dates as ISO days."""
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
    return {
        name: value
        for name, value in body.items()
        if name != "id" and value is not None and (value or name not in ("examples", "near_misses"))
    }


def answer_of(id: str, body: Mapping[str, Any]) -> Answer:
    """The answer that such a body is. Raises msgspec.ValidationError."""
    return msgspec.convert({**body, "id": id}, Answer)


def body_of_fact(fact: Fact) -> dict[str, Any]:
    """A fact as the database keeps it."""
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fact))
    values = [{name: one for name, one in value.items() if one} for value in body["values"]]
    return {**{name: one for name, one in body.items() if one}, "values": values}


def fact_of(body: Mapping[str, Any]) -> Fact:
    """The fact that such a body is. Raises msgspec.ValidationError."""
    return msgspec.convert(body, Fact)


class PublishedAnswers:
    """Built once in a process."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._seen: tuple[tuple[int, int], object] | None = None

    async def read(self, executor: Executor) -> None:
        """Renew the catalogue, if anything changed. An answer that this release cannot read stays as it was, and is logged."""
        last, stopped = await answers.get_last_states(executor), await stops.list_stopped(executor)
        if (last, stopped) == self._seen:
            return
        given = await answers.list_given(executor)
        fresh, versions, withdrawn = dict(self._catalog.seed), {}, set()
        for one in given:
            try:
                fresh[one.id] = answer_of(one.id, one.body)
            except msgspec.ValidationError as error:
                log.error("answer_unreadable", answer=one.id, error=str(error))
                continue
            if one.published is None:
                withdrawn.add(one.id)
            else:
                versions[one.id] = one.published
        named = dict(self._catalog.seed_facts)
        for name, body in (await facts.list_published(executor)).items():
            try:
                named[name] = fact_of(body)
            except msgspec.ValidationError as error:
                log.error("fact_unreadable", fact=name, error=str(error))
        areas = {name for kind, name in stopped if kind == "area"}
        names = {name for kind, name in stopped if kind == "answer"}
        withheld = {name for name, one in fresh.items() if name in names or one.area in areas}
        catalog = self._catalog
        catalog.renew(
            fresh,
            versions,
            withheld | withdrawn,
            {one.id for one in given if one.published is None and one.state == "withdrawn"},
            assistant_stopped=("assistant", "") in stopped,
            facts=named,
        )
        if self._seen is not None:
            log.info(
                "answers_read",
                last=last[0],
                fact=last[1],
                withheld=len(catalog.withheld),
                stopped=catalog.assistant_stopped,
            )
        self._seen = (last, stopped)

    async def run(
        self, store: Store, stop: asyncio.Event, migrated: Callable[[], bool] = lambda: True
    ) -> None:
        """Look every two seconds until `stop` is set. While the database is away, or not `migrated` yet, everything stays as
        it was."""
        await repeat(lambda: self.read(store.pool), stop, log, "answers_unread", every=EVERY, when=migrated)
