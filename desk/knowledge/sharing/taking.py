"""Takes in the answers of shared sets. An answer that nobody changed here follows its set; one that was overridden stays as it is, and an
editor is shown what differs. What the set no longer has is withdrawn where it was followed."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from city import City
from city.model import SharedSetConfig
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer, ContentError, check_answer
from desk.knowledge.publishing.checking import findings
from desk.knowledge.publishing.drafts import RESERVED
from desk.knowledge.publishing.exchange import follow
from desk.knowledge.publishing.published import body_of
from desk.knowledge.sharing.reading import ReadSet, SetReader, SetUnread
from desk.model import Clock
from desk.people import audit
from desk.runtime.periodic import repeat
from desk.store.knowledge import answers, shared
from desk.store.knowledge.answers import Body, KeptAnswer
from desk.store.knowledge.shared import SharedAnswer, SharedSet
from desk.store.periodic_tasks import mark_claimed
from desk.store.pool import Executor, Store

log = structlog.get_logger("shared")

LOOK, FOLDERS_EVERY = 5.0, timedelta(minutes=1)
"""Seconds between two looks at what is due, and how often a folder is."""


class SharedAnswers:
    """Built once by the worker; of several workers one reads."""

    def __init__(self, store: Store, city: City, catalog: Catalog, reader: SetReader, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._catalog = catalog
        self._reader = reader
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look at what is due until `stop` is set."""
        if self._city.shared_answers:
            await repeat(self.run_due, stop, log, "shared_broke", every=LOOK, settle=0.5)

    async def run_due(self) -> None:
        """Read the sets that are due."""
        for config in self._city.shared_answers:
            task = f"shared {hashlib.sha256(repr(config).encode()).hexdigest()[:12]}"
            every = timedelta(hours=config.hours) if config.folder is None else FOLDERS_EVERY
            if await mark_claimed(self._store.pool, task, every):
                await self.take(config)

    async def take(self, config: SharedSetConfig) -> None:
        """Read one set and take in what changed. What cannot be used is left out, and said on the page of the sets."""
        pool, name = self._store.pool, config.name
        before = (await shared.list_sets(pool)).get(name) or SharedSet(name, 0, "", self._clock(), ())
        said = await shared.list_shared(pool)
        known = {id: one.digest for id, one in said.items() if one.set_name == name and one.body is not None}
        try:
            found = await self._reader.read(config, before.version, before.digest, known)
        except SetUnread as error:
            log.warning("shared_set_unread", set=name, reason=str(error))
            await shared.set_read(pool, name, before.version, before.digest, self._clock(), [str(error)])
            return
        if found is None:
            await shared.set_read(pool, name, before.version, before.digest, self._clock(), ())
            return
        of_others = {id for id, one in said.items() if one.set_name != name and one.body is not None}
        usable, problems = await asyncio.to_thread(self._checked, found, of_others)
        async with self._store.transaction() as transaction:
            await answers.lock(transaction)
            # First the set itself: what it says refers to it.
            digest = "" if problems else found.digest
            await shared.set_read(transaction, name, found.version, digest, self._clock(), problems)
            await self._apply(transaction, name, found, usable)
        log.info("shared_set_read", set=name, version=found.version, taken=len(usable), refused=len(problems))

    async def _apply(
        self, transaction: Executor, name: str, found: ReadSet, usable: Mapping[str, Body]
    ) -> None:
        kept = {one.id: one for one in await answers.list_kept(transaction)}
        said, now = await shared.list_shared(transaction), self._clock()
        why = f"{name}, version {found.version}."
        for id, body in usable.items():
            one, last = kept.get(id), said.get(id)
            base = last.base if last else None
            if one is None:
                await answers.add_shared(transaction, id, body, why, now)
                await audit.record(transaction, None, "answer_published", None, now, answer=id, version="1")
                base = body
            elif one.body == body:
                base = body
            elif _follows(one, last):
                await follow(transaction, id, one.newest + 1, body, now, why)
                base = body
            new = SharedAnswer(id, name, found.version, found.files[id], body, base)
            await shared.set_shared(transaction, new)
        for id, last in said.items():
            if last.set_name == name and last.body is not None and id not in found.files:
                gone = replace(last, version=found.version, digest="", body=None)
                if _follows(kept[id], last):
                    await answers.set_newest(transaction, id, kept[id].newest, "withdrawn")
                    await answers.set_published(transaction, id, None)
                    told = f"{name} no longer shares it."
                    await answers.add_state(transaction, id, kept[id].newest, "withdrawn", told, now, None)
                    await audit.record(
                        transaction, None, "answer_withdrawn", None, now, answer=id, version=str(kept[id].newest)
                    )  # fmt: skip
                    gone = replace(gone, base=None)
                await shared.set_shared(transaction, gone)

    def _checked(self, found: ReadSet, of_others: set[str]) -> tuple[dict[str, Body], list[str]]:
        """The bodies that can be taken in, and a sentence for each answer that cannot."""
        catalog, problems = self._catalog, dict(found.problems)
        today = self._clock().astimezone(self._city.zone).date()
        read: dict[str, Answer] = {}
        for id, raw in found.raw.items():
            try:
                read[id] = self._read(id, raw, of_others)
            except ContentError as error:
                problems[id] = str(error)
        languages, whole = self._city.languages, catalog.with_drafts(*read.values())
        right = {id: one for id, one in read.items() if not findings(one, whole, languages, today)}
        for id, one in read.items():
            if id not in right:  # perhaps it only has an example of another one that is wrong
                tried = catalog.with_drafts(*right.values(), one)
                if wrong := findings(one, tried, languages, today):
                    problems[id] = wrong[0]
                else:
                    right[id] = one
        # A button must not lead to what is left out.
        while True:
            dead = {
                id: button.answer
                for id, one in read.items()
                for button in one.buttons
                if id not in problems and button.answer in problems and button.answer not in catalog.answers
            }
            if not dead:
                break
            problems |= {
                id: f"A button leads to '{target}', which was left out." for id, target in dead.items()
            }
        usable = {id: body_of(one) for id, one in read.items() if id not in problems}
        return usable, [f"{id}: {text}" for id, text in sorted(problems.items())]

    def _read(self, id: str, raw: dict[str, Any], of_others: set[str]) -> Answer:
        if id in of_others:
            raise ContentError("Another set has an answer of this name.")
        if id in RESERVED or (f"utter_{id}" in self._catalog.responses and id not in self._catalog.answers):
            raise ContentError("The assistant uses this name for something else.")
        return check_answer(raw, self._catalog.complete, Path(f"{id}.yml"))


def _follows(one: KeptAnswer, last: SharedAnswer | None) -> bool:
    """Whether nobody changed it here since it was last taken in."""
    return last is not None and one.body == last.base and one.state == "published"
