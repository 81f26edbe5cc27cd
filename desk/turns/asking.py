"""Asks the bot: builds the request for a turn and returns the answer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from channels.base import Capabilities
from city import City
from city.services import CityService
from desk.conversations.messages import MessageWriter
from desk.model import Clock, TurnAnswer, TurnRequest
from desk.people.identity.protection import split_protected
from desk.requests.learned import LearnedServices
from desk.routing.hours import is_open
from desk.runtime.metrics import Metrics
from desk.store import own_requests
from desk.store.dialogue import quotes
from desk.store.pool import Store
from desk.turns.bot_client import BotClient
from desk.turns.question import Started

OF_ACTIONS = (
    "time_zone",
    "locality",
    "boundary",
    "name",
    "crisis_lines",
    "office_hours",
    "country",
    "subdivision",
    "holidays",
    "special_days",
)
"""What actions use of the city's settings. They have no database, so a turn carries what was changed."""
QUOTED = 500  # characters of a quoted message that the bot gets
ANSWERED = timedelta(hours=1)  # for so long a short question may add to an answer


class Asking:
    """Built once by the worker."""

    def __init__(
        self,
        store: Store,
        city: City,
        writer: MessageWriter,
        bot_client: BotClient,
        clock: Clock,
        capabilities: Mapping[str, Capabilities],
        metrics: Metrics,
        services: Mapping[str, CityService],
        changed_settings: Callable[[], Mapping[str, Mapping[str, Any]]] = dict,
    ) -> None:
        self._store = store
        self._city = city
        self._writer = writer
        self._bot_client = bot_client
        self._clock = clock
        self._capabilities = {name: asdict(one) for name, one in capabilities.items()}
        self._channels = {inbox.name: inbox.channel for inbox in city.inboxes}
        self._metrics = metrics
        self._services = services
        self._learned = LearnedServices(store, clock)
        self._changed_settings = changed_settings

    async def ask(self, started: Started) -> tuple[TurnAnswer, int]:
        """The bot's answer, and how long it took in milliseconds. Raises NotReady or Failed."""
        request = await self._request(started)
        began = time.monotonic()
        answer = await self._bot_client.ask(request)
        took = time.monotonic() - began
        self._metrics.bot(took)
        return answer, int(took * 1000)

    async def _request(self, started: Started) -> TurnRequest:
        conversation, question, contact = started.conversation, started.question, started.contact
        now = self._clock()
        pool, services = self._store.pool, self._services
        # What only the right person may hear does not reach the bot before a check.
        own, protected = await split_protected(
            pool,
            services,
            conversation.id,
            await own_requests.list_own(pool, contact.id, conversation.id),
        )
        reports, _ = await split_protected(
            pool,
            services,
            conversation.id,
            await own_requests.list_reports(pool, contact.id, now, conversation_id=conversation.id),
        )
        quoted = await self._quoted(started)
        waiting = conversation.state == "queued"
        # The bot keeps nothing of a turn in the queue, so what "and on Elm Street?" adds to comes from here.
        answered = (
            await quotes.list_answered(pool, conversation.id, now - ANSWERED)
            if waiting and not quoted
            else []
        )
        learned = await self._learned.of(question.words) if question.words else None
        changed = {
            field: value
            for setting in self._changed_settings().values()
            for field, value in setting.items()
            if field in OF_ACTIONS
        }
        return TurnRequest(
            message_id=started.message.id,
            conversation_id=conversation.id,
            kind=question.kind,
            text=question.words,
            intent=question.intent,
            entities=question.entities,
            # The bot detects the language of the first message itself, unless the citizen chose one.
            language=contact.language and self._writer.catalog.supported(contact.language),
            metadata={
                "inbox": conversation.inbox,
                "channel": self._channels.get(conversation.inbox, conversation.inbox),
                "capabilities": self._capabilities.get(conversation.inbox, {}),
                "contact": {
                    "id": str(contact.id),
                    "name": contact.name,
                    "email": contact.email,
                    "phone": contact.phone,
                    "language": contact.language,
                },
                "now": now.isoformat(),
                # Two back ends may give the same number to different requests.
                "own_requests": [_number_of(one) for one in own],
                # These only as numbers: their service asks for an identity check, and there was none here.
                "own_protected": [_number_of(one) for one in protected],
                "own_references": [one.reference for one in own],
                # Everything that the bot may call "your report", including what is not filed yet (ADR 37).
                "own_reports": [_report_of(one, conversation.id) for one in reports],
                # Whether a code can reach the contact that somebody gave with a report.
                "codes": bool({"email", "sms"} & set(self._channels.values())),
                "waiting": waiting,
                "office_open": is_open(self._city, now),
                **({"quoted": quoted} if quoted else {}),
                **({"answered": answered} if answered else {}),
                **({"learned_service": learned} if learned else {}),
                **({"settings": changed} if changed else {}),
                **({"answers": added} if (added := self._writer.catalog.added) else {}),
                "trace_id": started.event.trace_id,
            },
        )

    async def _quoted(self, started: Started) -> dict[str, object] | None:
        """The message that this one answers, and what it was about."""
        quoted_id = started.message.quotes
        if quoted_id is None:
            return None
        found = await quotes.list_quoted(self._store.pool, started.contact.id, [quoted_id])
        quoted = found.get(quoted_id)
        if quoted is None or quoted.deleted:
            return None
        return {"author": quoted.author, "text": quoted.text[:QUOTED], "intent": quoted.intent}


def _number_of(one: own_requests.OwnRequest) -> dict[str, str]:
    return {"reference": one.reference, "backend": one.backend}


def _report_of(one: own_requests.OwnReport, conversation_id: UUID) -> dict[str, Any]:
    """As the bot gets it; `here`: recorded in the conversation that is asked about."""
    told = {name: value for name, value in asdict(one).items() if name != "conversation_id"}
    return {
        **told,
        "id": str(one.id),
        "at": one.at.isoformat(),
        "here": one.conversation_id == conversation_id,
    }
