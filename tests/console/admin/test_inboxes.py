"""Inboxes, dead letters and reply windows, as agents and supervisors see them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from city import City
from console import words
from desk.knowledge.catalogue import Catalog
from desk.model import Failure
from desk.store.outbound import inbox_health as health
from desk.store.pool import Store
from tests.support.console import RunningConsole
from tests.support.whatsapp_console import on_whatsapp, undelivered, whatsapp_console


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    async with whatsapp_console(store, redis_url, city, catalog, tmp_path) as console:
        yield console


@pytest.mark.parametrize(
    ("hours", "says", "template"),
    [
        (1, "Reply window open until", False),
        (30, "You can still write until", False),
        (60, "only a template can be sent", True),
    ],
)
async def test_the_agent_sees_which_window_applies(
    console: RunningConsole, hours: int, says: str, template: bool
) -> None:
    ana = await console.signed_in()
    conversation = await on_whatsapp(console, ana, hours)
    page = await ana.get(f"/console/conversations/{conversation.id}")
    assert says in page.visible and ("Send the template" in page.visible) is template
    if template:
        assert page.text.index("has an answer for") < page.text.index("tiene una respuesta"), (
            "their language first"
        )
        assert "News:" not in page.visible


async def test_a_web_chat_has_no_window(console: RunningConsole) -> None:
    ana = await console.signed_in()
    conversation = await console.queued()
    await ana.post(f"/console/conversations/{conversation.id}/claim")
    assert "window" not in (await ana.get(f"/console/conversations/{conversation.id}")).text.split("<main")[1]


async def test_an_agent_sends_a_template_with_its_blanks_filled(console: RunningConsole) -> None:
    ana = await console.signed_in()
    conversation = await on_whatsapp(console, ana, 60)
    path = f"/console/conversations/{conversation.id}/template"
    form: dict[str, Any] = {"template": "answer/en", "client_id": "c1", "answer-answer": "It is\nfixed", "answer-name": "Lucía"}  # fmt: skip
    empty = await ana.post(path, data={**form, "answer-answer": " "})
    assert empty.status == 422 and "Fill in 'answer'" in empty.visible
    none = await ana.post(path, data={**form, "template": "news/en"})
    assert none.status == 422 and "Choose one of the templates" in none.visible
    for _ in range(2):
        assert (await ana.post(path, data=form)).status == 200
    sent = [one for one in await console.log(conversation) if one.author == "agent"]
    assert [one.text for one in sent] == ["Lindenport has an answer for Lucía: It is fixed"]
    assert sent[0].template == {
        "name": "answer",
        "language": "en",
        "values": ["Lindenport", "Lucía", "It is fixed"],
    }
    ben = await console.signed_in("Ben Okafor")
    refused = await ben.post(path, data={**form, "client_id": "c2"})
    assert refused.status in (404, 409)


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("opted_out_at", "asked us to stop"),
        ("unreachable_at", "cannot be reached"),
        ("routed_away_at", "Another app answers"),
    ],
)
async def test_the_agent_sees_why_nothing_can_be_sent(console: RunningConsole, mark: str, says: str) -> None:
    ana = await console.signed_in()
    conversation = await on_whatsapp(console, ana)
    await console.store.pool.execute(
        f"UPDATE contacts SET {mark} = now() WHERE id = $1", conversation.contact_id
    )
    page = await ana.get(f"/console/conversations/{conversation.id}")
    assert says in page.visible
    assert ("Take the conversation over" in page.visible) is (mark == "routed_away_at")


@pytest.mark.parametrize(
    ("state", "failure", "says", "provider"),
    [
        ("dead", "refused", "The provider rejected it. Write it differently", True),
        ("dead", "unreachable", "Try another way to reach them", True),
        ("dead", "refused_later", "accepted it but could not deliver it", True),
        ("dead", "opted_out", "The citizen asked us to stop", False),
        ("unknown", "unknown", "may have arrived. Ask the citizen", True),
        ("waiting", "window_over", "is sent once the citizen writes", False),
        ("dead", None, "Not delivered", True),
    ],
)
async def test_the_agent_reads_why_a_message_did_not_arrive(
    console: RunningConsole, state: str, failure: str | None, says: str, provider: bool
) -> None:
    ana = await console.signed_in()
    conversation = await on_whatsapp(console, ana)
    message = await undelivered(console, conversation, state)
    await console.store.pool.execute(
        "UPDATE outbox SET failure = $2 WHERE message_id = $1", message.id, failure
    )
    page = await ana.get(f"/console/conversations/{conversation.id}")
    assert says in page.visible
    assert ("The provider said: 131026 <b>" in page.visible) is provider
    assert "<b>" not in page.text


async def test_a_failure_that_is_told_later_reaches_a_page_that_is_open(console: RunningConsole) -> None:
    ana = await console.signed_in()
    conversation = await on_whatsapp(console, ana)
    message = await undelivered(console, conversation, "sent")
    live = f"/console/conversations/{conversation.id}/live?after={message.seq}"
    assert "Not delivered" not in (await ana.get(live)).visible
    await console.store.pool.execute(
        "UPDATE outbox SET state = 'dead', failure = 'refused_later' WHERE message_id = $1", message.id
    )
    earlier = (await ana.get(live)).text.split("data-earlier")[1].split("</ol>")[0]
    assert f'data-seq="{message.seq}"' in earlier and "could not deliver it" in earlier


def test_every_failure_has_its_words() -> None:
    assert set(get_args(Failure)) == set(words.FAILURES)
    assert set(words.OURS) < set(words.FAILURES)


async def test_a_stopped_inbox_is_seen_by_all_and_resumed_by_supervisors(console: RunningConsole) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    assert (await ana.get("/console/inboxes")).visible.count("Works") == 2
    await health.mark_stopped(console.store.pool, "wa", "The token is refused", "190")
    seen = await ana.get("/console/inboxes")
    assert "Stopped" in seen.visible and "The token is refused ( 190 )" in seen.visible
    assert (await ana.post("/console/inboxes/wa/resume")).status == 404
    assert "Stopped" in (await ana.get("/console/inboxes")).visible
    done = await carla.post("/console/inboxes/wa/resume")
    assert done.status == 200 and "The inbox sends again" in done.visible
    assert "resume_inbox" in await console.audited()
    assert (await carla.post("/console/inboxes/wa/resume")).status == 409


async def test_limits_and_what_they_hold_back_are_seen(console: RunningConsole) -> None:
    ana = await console.signed_in()
    conversation = await on_whatsapp(console, ana)
    for reason in (health.NOT_YET, "the provider answered 503"):
        message = await undelivered(console, conversation, "pending")
        await console.store.pool.execute(
            "UPDATE outbox SET error = $2, attempts = $3 WHERE message_id = $1",
            message.id,
            reason,
            0 if reason == health.NOT_YET else 1,
        )
    page = (await ana.get("/console/inboxes")).visible
    assert "3 on the way, 1 of them held back by a limit, 1 tried again" in page
    assert "Limit of the inbox: 20 a second, 20 at once" in page
    assert "for one person: 1 in 6 seconds, 40 at once" in page


async def test_a_breaker_that_opened_is_told_from_a_provider_that_asked_to_wait(
    console: RunningConsole,
) -> None:
    ana = await console.signed_in()
    pool = console.store.pool
    await health.mark_paused(pool, "wa", 30, "the provider answered 429", probing=False)
    page = (await ana.get("/console/inboxes")).visible
    assert "Told to wait" in page and "asked us to wait until" in page and "answered 429" in page
    await health.mark_paused(pool, "wa", 30, "the provider answered 503", probing=True)
    page = (await ana.get("/console/inboxes")).visible
    assert "Paused" in page and "50 errors within 60 seconds" in page and "answered 503" in page
    console.clock.shift = timedelta(minutes=2)
    assert "Trying again" in (await ana.get("/console/inboxes")).visible
    assert await health.mark_working(pool, "wa")
    assert (await ana.get("/console/inboxes")).visible.count("Works") == 2
