"""Other wordings of a message: stored with a message for later too, and deleted or corrected with it."""

from dataclasses import replace
from datetime import timedelta

from desk.building import build_common
from desk.model import Message
from desk.replies.scheduler import Scheduler
from desk.replies.scheduling import Scheduling
from desk.store.dialogue import messages
from desk.store.replies import drafts, scheduled, translations
from desk.store.replies.translations import Wording
from tests.support.desk import Desk

OWN = drafts.Helped("translated", "At the office.", "en", "translate.example")


def machine(desk: Desk, message: Message) -> Wording:
    return Wording(message.id, "en", "Hello", "machine", "uk", "translate.example", desk.now)


async def test_a_translated_message_for_later_keeps_the_agents_own_words(desk: Desk) -> None:
    contact = await desk.contact()
    waiting, agent = await desk.queued(contact), await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    do, pool = Scheduling(desk.ownership, desk.clock), desk.store.pool
    await drafts.set_helped(pool, agent.agent_id, waiting.id, "В офісі.", OWN, desk.now)
    due = desk.now + timedelta(hours=1)
    await do.reply_later(agent, waiting.id, "В офісі.", "one", due)
    assert await drafts.get_helped(pool, agent.agent_id, waiting.id) is None
    (kept,) = await scheduled.list_replies(pool, waiting.id)
    await do.cancel(agent, waiting.id, kept.id)
    assert await drafts.get_helped(pool, agent.agent_id, waiting.id) == OWN, "cancelled: it is as before"
    await do.reply_later(agent, waiting.id, "В офісі.", "two", due)
    desk.now = due
    common = build_common(replace(desk.resources(), store=desk.worker_store))
    await Scheduler(desk.worker_store, common.writer, common.announcer, desk.clock).send_due()
    last = (await desk.log(contact))[-1]
    (own,) = (await translations.list_of_conversation(pool, waiting.id))[last.id]
    assert (last.text, own.text, own.origin, own.provider) == (
        "В офісі.",
        "At the office.",
        "agent",
        "translate.example",
    )


async def test_one_translation_a_language_and_none_of_a_deleted_message(desk: Desk) -> None:
    waiting, pool = await desk.queued(), desk.store.pool
    await desk.ownership.claim(await desk.agent(), waiting.id)
    message = (await messages.list_of_conversation(pool, waiting.id))[0]
    assert await translations.add_wording(pool, machine(desk, message))
    assert not await translations.add_wording(pool, machine(desk, message))
    await translations.delete_machine_made(desk.worker_store.pool, [message.id])
    assert await translations.list_of_conversation(pool, waiting.id) == {}
    await pool.execute("""UPDATE messages SET content = '{"deleted": {}}' WHERE id = $1""", message.id)
    assert not await translations.add_wording(pool, machine(desk, message)), "deleted while it was translated"
