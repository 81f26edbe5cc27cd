"""Notifies citizens' browsers that an agent has replied, after the commit, and once for each device and reply.

The notice says only that there is a reply, and the citizen's language for the fixed text: push services are third parties.
"""

import asyncio
import json
from datetime import timedelta

import structlog

from desk.model import Clock
from desk.push.delivery import AGAIN, BATCH, EVERY, RECENT, pause_of
from desk.push.encryption import encrypt
from desk.push.keys import PushKeys
from desk.push.services import PushServices
from desk.runtime.periodic import repeat
from desk.store.inbound import contact_devices
from desk.store.inbound.contact_devices import DueReply
from desk.store.pool import Store

log = structlog.get_logger("push")

WORTH = timedelta(hours=12)
LOOKED_AT_ONCE = 1_000


class ContactPush:
    """Built once by the worker; any number may run: the database keeps every device from being told twice."""

    def __init__(self, store: Store, keys: PushKeys, services: PushServices, clock: Clock) -> None:
        self._store = store
        self._keys = keys
        self._services = services
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look and send until `stop` is set."""
        await repeat(self.once, stop, log, "push_broke", every=EVERY)

    async def once(self) -> None:
        """Note what is to be told, and send what is due."""
        pool, now = self._store.pool, self._clock()
        if not await contact_devices.is_any_device(pool, self._keys.public):
            return
        found = await contact_devices.mark_due(
            pool, self._keys.public, now - RECENT, now, now + WORTH, LOOKED_AT_ONCE
        )
        if found:
            log.info("push_replies_kept", count=found)
        while due := await contact_devices.take_due(pool, self._clock(), AGAIN, BATCH):
            await asyncio.gather(*(self._send(one) for one in due))

    async def _send(self, due: DueReply) -> None:
        pool, now = self._store.pool, self._clock()
        seconds = int((due.until - now).total_seconds())
        if seconds <= 0:
            await contact_devices.mark_told(pool, due.device_id, due.seq)
            return
        said = {"kind": "reply", "language": due.language}
        body = encrypt(json.dumps(said).encode(), due.p256dh, due.auth)
        headers = {
            "Authorization": self._keys.authorization(due.endpoint, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(seconds),
            "Urgency": "normal",
            # A newer notice replaces one that the device has not fetched yet.
            "Topic": "reply",
        }
        answer = await self._services.send(due.endpoint, body, headers)
        match answer.outcome:
            case "sent":
                await contact_devices.mark_told(pool, due.device_id, due.seq)
            case "refused":
                log.error("push_given_up", device=str(due.device_id))
                await contact_devices.mark_told(pool, due.device_id, due.seq)
            case "later":
                await contact_devices.set_next(
                    pool, due.device_id, self._clock() + pause_of(due.tries, answer)
                )
            case "gone":
                await contact_devices.delete_gone(pool, due.device_id)
                log.info("push_device_gone", device=str(due.device_id))
