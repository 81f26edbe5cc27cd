"""Shows read marks and typing indicators while the bot works. Best effort; it never delays the answer."""

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

log = structlog.get_logger("typing")

AGAIN = 4.5  # seconds: the shortest typing indicator (Telegram's) lasts five
LONGEST = 25.0  # seconds; by then the bot has answered or the conversation was handed off


@dataclass(frozen=True, slots=True)
class TypingBotClient:
    """A bot client that shows a typing indicator on channels that support one."""

    inner: BotClient
    store: Store
    channels: Mapping[str, Channel]

    async def ask(self, request: TurnRequest) -> TurnAnswer:
        """The inner client's answer; the indicator stops when it returns."""
        channel: object = self.channels.get(str(request.metadata.get("inbox")))
        if not isinstance(channel, ShowsTyping):
            return await self.inner.ask(request)
        showing = asyncio.create_task(self._show(channel, request.message_id), name="typing")
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
                        # Whatever implements ShowsTyping is also a Channel, so it has `send`.
                        await channel.send(request, f"{message_id}:typing:{number}")  # type: ignore[attr-defined]  # only channels that can show typing come here
                    await asyncio.sleep(AGAIN)
        except TimeoutError:
            return
        except Exception as error:
            log.info("typing_not_shown", message=str(message_id), error=type(error).__name__)
