"""Finds the due notices for agents' devices, after the commit, and sends them; once for each event and device.

A notice contains its kind and the conversation's id, nothing that a citizen wrote: push services are third parties.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from city import City
from desk.model import Clock
from desk.people import audit
from desk.people.permissions import Permission, roles_with
from desk.push.encryption import encrypt
from desk.push.keys import PushKeys
from desk.push.services import CallResult, PushServices
from desk.routing.hours import is_open
from desk.runtime.periodic import repeat
from desk.store.people import push_devices, push_notices
from desk.store.people.push_notices import DueNotice
from desk.store.pool import Store

log = structlog.get_logger("push")

URGENCY: Mapping[str, str] = {"urgent": "high", "paged": "high", "mention": "normal", "offer": "high"}
EVERY = 2.0
"""Seconds between two looks."""
RECENT = timedelta(minutes=15)
"""Older events are not told: who turns notices on now is not told of the morning."""
WORTH_URGENT = timedelta(minutes=15)
WORTH_MENTION = timedelta(hours=4)
AGAIN = timedelta(seconds=20)
"""Until the second attempt; doubled for each further one, up to LONGEST_PAUSE."""
LONGEST_PAUSE = timedelta(minutes=5)
KEPT = timedelta(days=1)
BATCH = 32


class PushDelivery:
    """Built once by the worker; any number may run: the database keeps every device from being told twice."""

    def __init__(
        self, store: Store, city: City, keys: PushKeys, services: PushServices, clock: Clock
    ) -> None:
        self._store = store
        self._city = city
        self._keys = keys
        self._services = services
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look and send until `stop` is set."""
        await repeat(self.once, stop, log, "push_broke", every=EVERY)

    async def once(self) -> None:
        """Keep what is to be told, and send what is due."""
        if not await push_notices.is_any_device(self._store.pool, self._keys.public):
            return
        await self._look(self._clock())
        while due := await push_notices.take_due(self._store.pool, self._clock(), AGAIN, BATCH):
            await asyncio.gather(*(self._send(notice) for notice in due))

    async def _look(self, now: datetime) -> None:
        pool, key, since = self._store.pool, self._keys.public, now - RECENT
        answer = roles_with(Permission.ANSWER_CONVERSATIONS)
        lead = roles_with(Permission.ASSIGN_CONVERSATIONS)
        off = [
            agent_id
            for agent_id, hours in await push_notices.list_on_call(pool, key)
            if not is_open(self._city, now, hours)
        ]
        found = await push_notices.add_urgent(pool, key, answer, off, since, now, now + WORTH_URGENT)
        found += await push_notices.add_paged(pool, key, lead, since, now, now + WORTH_URGENT)
        found += await push_notices.add_mentions(pool, key, answer, since, now, now + WORTH_MENTION)
        found += await push_notices.add_offers(pool, key, answer, now)
        if found:
            log.info("push_kept", count=found)
        await push_notices.delete_old(pool, now - KEPT)

    async def _send(self, notice: DueNotice) -> None:
        now = self._clock()
        seconds = int((notice.until - now).total_seconds())
        if notice.over or seconds <= 0:
            await push_notices.mark_given_up(self._store.pool, notice.id)
            return
        said = {"kind": notice.kind, "conversation": str(notice.conversation_id)}
        body = encrypt(json.dumps(said).encode(), notice.p256dh, notice.auth)
        headers = {
            "Authorization": self._keys.authorization(notice.endpoint, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(seconds),
            "Urgency": URGENCY[notice.kind],
            # A newer notice of the same kind and conversation replaces one that the device has not fetched yet.
            "Topic": f"{notice.kind[0]}{notice.conversation_id.hex[:31]}",
        }
        answer = await self._services.send(notice.endpoint, body, headers)
        await self._settle(notice, answer)

    async def _settle(self, notice: DueNotice, answer: CallResult) -> None:
        match answer.outcome:
            case "sent":
                await push_notices.mark_sent(self._store.pool, notice.id)
            case "refused":
                log.error("push_given_up", notice=str(notice.id), device=str(notice.device_id))
                await push_notices.mark_given_up(self._store.pool, notice.id)
            case "later":
                await push_notices.set_next(
                    self._store.pool, notice.id, self._clock() + pause_of(notice.tries, answer)
                )
            case "gone":
                await self._forget(notice)

    async def _forget(self, notice: DueNotice) -> None:
        """The browser has ended the subscription; its notices go with the device."""
        async with self._store.transaction() as transaction:
            agent_id = await push_devices.delete_gone(transaction, notice.device_id)
            if agent_id is None:
                return
            await audit.record(
                transaction, agent_id, "push_gone", None, self._clock(), device=str(notice.device_id)
            )
        log.info("push_device_gone", device=str(notice.device_id), agent=str(agent_id))


def pause_of(tries: int, answer: CallResult) -> timedelta:
    """Until the next attempt, after so many."""
    return max(min(AGAIN * (1 << tries), LONGEST_PAUSE), answer.wait or timedelta())
