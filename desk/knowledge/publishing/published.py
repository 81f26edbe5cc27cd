"""The answers as editors published them: content/ as seed, and over it what the console has. Each process renews its catalogue
every two seconds, so that a published, withdrawn or stopped answer has effect everywhere within five, without a restart."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog

from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer
from desk.runtime.periodic import repeat
from desk.store.knowledge import answers, stops
from desk.store.pool import Executor, Store

log = structlog.get_logger("answers")

EVERY = 2.0
"""Seconds between two looks at the tables."""


def body_of(answer: Answer) -> dict[str, Any]:
    """An answer as the database keeps it: everything but its id, dates as ISO days."""
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
    return {name: value for name, value in body.items() if name != "id" and value is not None}


def answer_of(id: str, body: Mapping[str, Any]) -> Answer:
    """The answer that such a body is. Raises msgspec.ValidationError."""
    return msgspec.convert({**body, "id": id}, Answer)


class PublishedAnswers:
    """Built once in a process."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._seen: tuple[int, object] | None = None

    async def read(self, executor: Executor) -> None:
        """Renew the catalogue, if anything changed. An answer that this release cannot read stays as it was, and is logged."""
        last, stopped = await answers.get_last_state(executor), await stops.list_stopped(executor)
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
        areas = {name for kind, name in stopped if kind == "area"}
        names = {name for kind, name in stopped if kind == "answer"}
        withheld = {name for name, one in fresh.items() if name in names or one.area in areas}
        catalog = self._catalog
        catalog.renew(fresh, versions, withheld | withdrawn, assistant_stopped=("assistant", "") in stopped)
        if self._seen is not None:
            log.info(
                "answers_read", last=last, withheld=len(catalog.withheld), stopped=catalog.assistant_stopped
            )
        self._seen = (last, stopped)

    async def run(
        self, store: Store, stop: asyncio.Event, migrated: Callable[[], bool] = lambda: True
    ) -> None:
        """Look every two seconds until `stop` is set. While the database is away, or not `migrated` yet, everything stays as
        it was."""
        await repeat(lambda: self.read(store.pool), stop, log, "answers_unread", every=EVERY, when=migrated)
