"""Watches the dates that back ends promise: the citizen is told before one is missed, and an agent gets the conversation when it is."""

from collections.abc import Mapping

import structlog

from city import City
from city.services import CityService
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.knowledge.words import calendar_day
from desk.model import By, Clock, Handoff
from desk.requests.change_news import report_in_words
from desk.requests.telling.news_elsewhere import NewsElsewhere
from desk.store import requests
from desk.store.dialogue import conversations, summaries
from desk.store.following import promises
from desk.store.following.promises import MISSED, DuePromise
from desk.store.people import contacts
from desk.store.pool import Executor, Store

log = structlog.get_logger("desk.requests")


class Promises:
    """Built once by the worker; the follower calls `look` after each round."""

    def __init__(
        self,
        store: Store,
        city: City,
        writer: MessageWriter,
        handoffs: Handoffs,
        announcer: Announcer,
        services: Mapping[str, CityService],
        clock: Clock,
        elsewhere: NewsElsewhere | None = None,
    ) -> None:
        self._elsewhere = elsewhere
        self._store = store
        self._city = city
        self._writer = writer
        self._handoffs = handoffs
        self._announcer = announcer
        self._services = services
        self._clock = clock

    async def look(self) -> int:
        """Notify everybody who is due now; returns how many."""
        told = 0
        for due in await promises.list_due(self._store.pool, self._clock()):
            async with self._store.transaction() as transaction:
                if await promises.mark_promise_told(transaction, due):
                    told += await self._tell(transaction, due)
        return told

    async def _tell(self, transaction: Executor, due: DuePromise) -> bool:
        row = await requests.get_request(transaction, due.id)
        if row is None or row.contact_id is None or row.conversation_id is None:
            return False
        contact = await contacts.lock(transaction, row.contact_id)
        conversation = await conversations.get_by_id(transaction, row.conversation_id)
        if contact is None or conversation is None:
            return False
        missed = due.stage == MISSED
        if missed and conversation.state == "resolved":
            # A person is promised, and agents do not look at resolved conversations.
            conversation = await conversations.get_open(
                transaction, contact.id
            ) or await conversations.add_conversation(
                transaction, contact, conversation.language, By("system", "opened")
            )
        language = self._writer.catalog.supported(conversation.language)
        day = due.expected_at.astimezone(self._city.zone).date()
        report = report_in_words(row, self._services, language)
        variables = {"report": report, "date": calendar_day(day, language)}
        handoff = Handoff(
            "asked", f"A promised date is missed ({day.isoformat()}): {report}. Back end: {row.backend}."
        )
        by_bot = missed and conversation.state == "bot"
        limited = by_bot and await self._handoffs.limit_reached(transaction, conversation, handoff)
        name = "promise_soon" if not missed else "promise_missed_limited" if limited else "promise_missed"
        told = self._writer.catalog.system(name, language, variables)
        await self._writer.system(transaction, conversation, name, variables)
        if self._elsewhere is not None:
            await self._elsewhere.send(transaction, row, told, told.text)
        if by_bot and not limited:
            await self._handoffs.hand_off(transaction, conversation, handoff, By("system", "promise_missed"))
        elif missed and not limited:
            await summaries.add_to_summary(transaction, conversation.id, handoff.summary)
        self._announcer.added(conversation)
        log.info("promise_told", request=str(due.id), backend=row.backend, missed=missed)
        return True
