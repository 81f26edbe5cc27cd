"""Acts on many conversations: each is carried out separately, in its own language, and can be undone separately."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from desk.building import build_common
from desk.model import Conversation, Refused, UsedAnswer
from desk.replies.bulk import MOST_ANSWERS, UNDO, Bulk
from desk.replies.scheduler import Scheduler
from desk.store.dialogue import conversations, messages
from desk.store.people import audit
from desk.store.replies import batches
from tests.support.desk import Desk

TEXTS = {"en": "The water is back.", "es": "Ya hay agua."}
ANSWERS = {"en": UsedAnswer("water", "0" * 12)}


def _scheduler(desk: Desk) -> Scheduler:
    common = build_common(replace(desk.resources(), store=desk.worker_store))
    return Scheduler(desk.worker_store, common.writer, common.announcer, desk.clock)


async def _waiting(desk: Desk, language: str) -> Conversation:
    queued = await desk.queued(await desk.contact(language))
    await conversations.set_language(desk.store.pool, queued.id, language)
    return queued


async def _said(desk: Desk, conversation: Conversation) -> list[str]:
    log = await messages.list_of_conversation(desk.store.pool, conversation.id)
    return [one.text for one in log if one.author == "agent"]


async def test_each_gets_it_in_its_language_and_one_is_cancelled_alone(desk: Desk) -> None:
    ana, ben = await desk.agent("Ana"), await desk.agent("Ben")
    eve = await desk.agent("Eve", teams=("taxes",))
    english, spanish, french = [await _waiting(desk, language) for language in ("en", "es", "fr")]
    bens, cancelled = await _waiting(desk, "en"), await _waiting(desk, "en")
    await desk.ownership.claim(ben, bens.id)
    every = [one.id for one in (english, spanish, french, bens, cancelled)]
    bulk, pool = Bulk(desk.store, desk.clock), desk.store.pool
    assert (await bulk.answer(eve, every, TEXTS, {}, "en", resolves=False))[1] == 0

    batch, count = await bulk.answer(ana, [*every, english.id, uuid4()], TEXTS, ANSWERS, "en", resolves=True)
    assert count == 4  # Ben's is left out, and nobody gets it twice
    rows = {one.conversation_id: one for one in await batches.list_of_batch(pool, batch, ana.agent_id)}
    assert await batches.mark_cancelled(pool, batch, ben.agent_id, None) == 0
    assert await batches.mark_cancelled(pool, batch, ana.agent_id, rows[cancelled.id].id) == 1
    scheduler = _scheduler(desk)
    assert await scheduler.send_due() == 0
    desk.now += UNDO
    assert sum(await asyncio.gather(scheduler.send_due(), _scheduler(desk).send_due())) == 3
    assert [await _said(desk, one) for one in (english, spanish, french, bens, cancelled)] == [
        ["The water is back."], ["Ya hay agua."], ["The water is back."], [], [],
    ]  # fmt: skip
    (sent,) = [one for one in await messages.list_of_conversation(pool, english.id) if one.author == "agent"]
    assert sent.answers == (ANSWERS["en"],) and sent.agent_id == ana.agent_id
    states = [(await conversations.get_by_id(pool, one)).state for one in every]  # type: ignore[union-attr]  # None would fail the test
    assert states == ["resolved", "resolved", "resolved", "assigned", "queued"]
    assert [line["action"] for line in await audit.list_of_conversation(pool, english.id)] == ["bulk_reply"]


async def test_what_went_on_meanwhile_is_not_talked_over(desk: Desk) -> None:
    ana, ben = await desk.agent("Ana"), await desk.agent("Ben")
    claimed, resolved, still = [await _waiting(desk, "en") for _ in range(3)]
    batch, _ = await Bulk(desk.store, desk.clock).answer(
        ana, [claimed.id, resolved.id, still.id], TEXTS, {}, "en", resolves=False
    )
    await desk.ownership.claim(ben, claimed.id)
    await desk.ownership.resolve(ben, resolved.id)
    desk.now += UNDO
    await _scheduler(desk).send_due()
    rows = {
        one.conversation_id: one.state
        for one in await batches.list_of_batch(desk.store.pool, batch, ana.agent_id)
    }
    assert rows == {claimed.id: "dropped", resolved.id: "dropped", still.id: "sent"}
    now = await conversations.get_by_id(desk.store.pool, still.id)
    assert now is not None and now.state == "queued"  # answered, and it keeps its place


async def test_one_that_is_refused_keeps_back_no_other(desk: Desk) -> None:
    ana, ben = await desk.agent("Ana"), await desk.agent("Ben")
    first, second = await desk.queued(), await desk.queued()
    await desk.ownership.claim(ben, first.id)
    done = await Bulk(desk.store, desk.clock).each(
        [first.id, uuid4(), second.id], lambda id: desk.ownership.claim(ana, id)
    )
    assert (done.done, done.refused) == (1, 2)
    now = await conversations.get_by_id(desk.store.pool, second.id)
    assert now is not None and now.agent_id == ana.agent_id


@pytest.mark.parametrize(
    "ids", [[], [UUID(int=n) for n in range(MOST_ANSWERS + 1)]], ids=["none", "too many"]
)
async def test_none_and_too_many_are_refused(desk: Desk, ids: list[UUID]) -> None:
    bulk, ana = Bulk(desk.store, desk.clock), await desk.agent()
    with pytest.raises(Refused):
        await bulk.answer(ana, ids, TEXTS, {}, "en", resolves=False)
    with pytest.raises(Refused):
        await bulk.each(ids, lambda id: desk.ownership.claim(ana, id))
    with pytest.raises(Refused, match="first language"):
        await bulk.answer(ana, [uuid4()], {"es": "Sí"}, {}, "en", resolves=False)
