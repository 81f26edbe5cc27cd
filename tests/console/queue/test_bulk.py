"""The chosen rows of the list: one act for all of them, and one answer to many."""

import re
from datetime import timedelta

from desk.store.replies import canned, tags
from desk.store.replies.canned import CannedText
from tests.support.console import RunningConsole


async def test_chosen_rows_are_tagged_transferred_and_resolved(console: RunningConsole) -> None:
    one, other = await console.queued(name="Lucía"), await console.queued(name="Omar")
    third = await console.queued(name="Jean")
    await tags.set_tag(console.store.pool, "press", active=True)
    _, ben = await console.agent("Ben Okafor")
    ana = await console.signed_in()
    page = await ana.get("/console/")
    assert 'aria-label="Choose Lucía"' in page.text and "Choose all 3" in page.visible
    chosen = [("c", str(one.id)), ("c", str(other.id))]

    async def act(**fields: str) -> str:
        form = [("csrf", ana.csrf), *chosen, *fields.items()]
        async with ana.http.post(f"{console.base}/console/bulk", data=form) as answer:
            return re.sub(r"<[^>]*>", " ", await answer.text())

    assert "2 done." in await act(act="tag", tag="press")
    assert await tags.list_of_conversation(console.store.pool, other.id) == ["press"]
    assert "2 done." in await act(act="transfer", to=f"agent:{ben.agent_id}")
    offered = await console.store.pool.fetch(
        "SELECT conversation_id FROM conversation_offers WHERE outcome IS NULL"
    )
    assert {row["conversation_id"] for row in offered} == {one.id, other.id}
    assert "0 done. 2 not done" in await act(act="transfer", to=f"assign:{ben.agent_id}")  # for supervisors
    assert "2 done." in await act(act="resolve")
    assert "0 done. 2 not done" in await act(act="resolve")
    for nothing in ({}, {"act": "tag"}, {"act": "transfer", "to": "agent:x"}, {"act": "explode"}):
        assert "Choose what to do" in await act(**nothing)
    assert (await console.state(third)).state == "queued"


async def test_one_answer_to_all_that_wait_with_a_filter(console: RunningConsole) -> None:
    spanish, english = await console.queued(language="es"), await console.queued(name="Omar")
    _, boss = await console.agent("Kim Park", "supervisor")
    pool = console.store.pool
    water = CannedText("water", "Water", {"en": "The water is back, {agent_name}.", "es": "Ya hay agua."})
    hello = CannedText("hello", "Hello", {"en": "Hello {contact_name}"})
    for text in (water, hello):
        await canned.set_text(pool, text, boss.agent_id)
    ana = await console.signed_in()
    personal = await ana.post("/console/bulk", data={"act": "answer", "all": "1", "text": "canned:hello"})
    assert personal.status == 422 and "It needs: contact name" in personal.visible
    assert (await ana.post("/console/bulk", data={"act": "answer", "all": "1", "text": ""})).status == 422
    form = {"act": "answer", "all": "1", "text": "canned:water", "language_filter": "es"}
    page = await ana.post("/console/bulk", data=form)
    assert "1 message, 1 of them still to go" in page.visible and "Ya hay agua." in page.visible
    batch = page.url.split("?")[0]
    ben = await console.signed_in("Ben Okafor")
    assert (await ben.get(batch.removeprefix(console.base))).status == 404
    path = batch.removeprefix(console.base)
    assert "Cancelled." in (await ana.post(f"{path}/cancel")).visible
    assert "too late" in (await ana.post(f"{path}/cancel")).visible
    assert await pool.fetchval("SELECT count(*) FROM scheduled_messages WHERE state = 'waiting'") == 0

    answer = await ana.post("/console/bulk", data={"act": "answer_resolve", "all": "1", "text": "passport"})
    assert "2 messages, 2 of them still to go" in answer.visible
    kept = await pool.fetch(
        "SELECT conversation_id, answers, due_at FROM scheduled_messages WHERE state = 'waiting'"
    )
    assert {row["conversation_id"] for row in kept} == {spanish.id, english.id}
    assert all(row["answers"][0]["id"] == "passport" for row in kept)
    assert all(row["due_at"] - console.clock() < timedelta(seconds=21) for row in kept)
