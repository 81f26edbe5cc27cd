"""Presence: the citizen sees that the message was read and that an answer is being written. Best effort, never in the way."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import structlog

from channels.base import Channel, ShowsTyping
from desk.model import TurnAnswer, TurnRequest
from desk.store.dialogue import messages
from desk.store.outbound import reach
from desk.store.people import contacts
from desk.store.pool import Store
from desk.turns.bot_client import BotClient

log = structlog.get_logger("presence")

AGAIN = 4.5  # seconds: the shortest-lived typing mark (Telegram's) lasts five
LONGEST = 25.0  # nobody types longer; by then the bot has answered or a person was asked


@dataclass(frozen=True, slots=True)
class TypingBotClient:
    """An assistant whose work is shown on channels that can show it."""

    inner: BotClient
    store: Store
    channels: Mapping[str, Channel]

    async def ask(self, request: TurnRequest) -> TurnAnswer:
        """The inner assistant's answer; presence ends with it."""
        channel: object = self.channels.get(str(request.metadata.get("inbox")))
        if not isinstance(channel, ShowsTyping):
            return await self.inner.ask(request)
        showing = asyncio.create_task(self._show(channel, request.message_id), name="presence")
        try:
            return await self.inner.ask(request)
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing

    async def _show(self, channel: ShowsTyping, message_id: UUID) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                pool = self.store.pool
                message = await messages.get_by_id(pool, message_id)
                contact = await contacts.get_by_id(pool, message.contact_id) if message else None
                external_id = await messages.get_external_id(pool, message_id)
                if message is None or contact is None or external_id is None:
                    return
                thread = await reach.get_thread(pool, contact.id, message.seq + 1)
                while True:
                    for number, request in enumerate(
                        channel.typing(contact.external_id, external_id, thread)
                    ):
                        # ShowsPresence is something besides a channel: it sends like one.
                        await channel.send(request, f"{message_id}:presence:{number}")  # type: ignore[attr-defined]
                    await asyncio.sleep(AGAIN)
        except TimeoutError:
            return
        except Exception as error:
            log.info("presence_not_shown", message=str(message_id), error=type(error).__name__)
