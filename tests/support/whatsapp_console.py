"""A console with a WhatsApp inbox, its conversations, and messages that were not delivered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from channels.base import Billing, Capabilities
from city import City, InboxConfig, TemplateConfig
from desk.conversations.messages import MessageWriter
from desk.knowledge.catalogue import Catalog
from desk.model import Composed, Conversation, Message, NewMessage
from desk.store.pool import Store
from tests.support.console import Browser, RunningConsole, running_console

TEMPLATES = (
    TemplateConfig(purpose="reply", language="es", name="respuesta", text="{city} tiene una respuesta: {answer}"),
    TemplateConfig(purpose="reply", language="en", name="answer", text="{city} has an answer for {name}: {answer}"),
    TemplateConfig(purpose="news", language="en", name="news", text="News: {news}"),
)  # fmt: skip


DAY = Capabilities(
    1000,
    reply_window_hours=24,
    human_window_hours=48,
    templates=True,
    thread_control=True,
    contact_per_second=1 / 6,
    contact_burst=40,
)


@asynccontextmanager
async def whatsapp_console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    """The console with an inbox `wa` besides the city's own."""
    wa = InboxConfig(name="wa", channel="whatsapp", templates=TEMPLATES)
    city = msgspec.structs.replace(city, inboxes=(*city.inboxes, wa))
    capabilities = {"wa": DAY, "web": Capabilities(1000)}
    billing = {"wa": Billing(("+1", "+52"), 2_000, 60)}
    async with running_console(
        store, redis_url, city, catalog, tmp_path, capabilities=capabilities, billing=billing
    ) as console:
        yield console


async def on_whatsapp(console: RunningConsole, browser: Browser, hours: float = 0) -> Conversation:
    """A claimed conversation whose citizen wrote so many hours ago."""
    conversation = await console.queued()
    pool = console.store.pool
    await pool.execute("UPDATE conversations SET inbox = 'wa' WHERE id = $1", conversation.id)
    await pool.execute(
        "UPDATE contacts SET inbox = 'wa', wrote_at = $2 WHERE id = $1",
        conversation.contact_id,
        console.clock() - timedelta(hours=hours),
    )
    await browser.post(f"/console/conversations/{conversation.id}/claim")
    return await console.state(conversation)


async def undelivered(console: RunningConsole, conversation: Conversation, state: str = "dead") -> Message:
    async with console.store.transaction() as tx:
        message = await MessageWriter(console.city, _catalog(console)).say(
            tx, conversation, NewMessage("bot", Composed("secret words"), "en")
        )
    await console.store.pool.execute(
        "UPDATE outbox SET state = $2, error = '131026 <b>', attempts = 3 WHERE message_id = $1",
        message.id,
        state,
    )
    await console.store.pool.execute("UPDATE messages SET status = 'failed' WHERE id = $1", message.id)
    return message


def _catalog(console: RunningConsole) -> Catalog:
    return Catalog.load(Path("content"), console.city)
