"""The desk: the order of the list, and the next conversation with one click."""

import asyncio
import re
from datetime import timedelta
from uuid import uuid4

from desk.model import Conversation
from tests.support.console import Answer, RunningConsole


def sections(page: Answer) -> dict[str, list[str]]:
    """The list's sections that have rows: name -> conversations, in order."""
    parts = re.split(r'data-entries="(\w+)"', page.text)[1:]
    return {
        name: re.findall(r'data-conversation="([^"]+)"', rows)
        for name, rows in zip(parts[::2], parts[1::2], strict=True)
    }


async def _aged(console: RunningConsole, conversation: Conversation, minutes: int) -> None:
    """Queued, and written to, so long ago."""
    ago = timedelta(minutes=minutes)
    await console.store.pool.execute(
        "UPDATE conversations SET queued_at = queued_at - $2::interval WHERE id = $1", conversation.id, ago
    )
    await console.store.pool.execute(
        "UPDATE messages SET created_at = created_at - $2::interval WHERE conversation_id = $1",
        conversation.id,
        ago,
    )


async def test_urgent_ones_come_first_then_ones_own_then_the_longest_wait(console: RunningConsole) -> None:
    ana = await console.signed_in()
    first, second = await console.queued(), await console.queued()
    await _aged(console, second, 30)
    urgent = await console.queued(reason="distress", urgency="suicide", text="I do not want to live any more")
    shown = sections(await ana.get("/console/"))
    assert shown["urgent"] == [str(urgent.id)]
    assert shown["waiting"] == [str(second.id), str(first.id)]

    for expected in (urgent, second, first):
        page = await ana.post("/console/next")
        assert (
            page.url.endswith(f"/console/conversations/{expected.id}#latest") or str(expected.id) in page.url
        )
    assert "Nobody is waiting." in (await ana.post("/console/next")).visible

    # Of one's own: the longest unanswered first, then those that wait for the citizen.
    await ana.post(
        f"/console/conversations/{urgent.id}/reply", data={"text": "I am here", "client_id": str(uuid4())}
    )
    await _aged(console, first, 90)
    assert sections(await ana.get("/console/")) == {"mine": [str(first.id), str(second.id), str(urgent.id)]}


async def test_of_ten_agents_who_press_next_at_once_each_gets_another(console: RunningConsole) -> None:
    waiting = {str((await console.queued(name=f"Citizen {number}")).id) for number in range(10)}
    agents = [await console.signed_in(f"Agent {number}") for number in range(10)]
    pages = await asyncio.gather(*(agent.post("/console/next") for agent in agents))
    assert {page.url.rpartition("/")[2].partition("#")[0] for page in pages} == waiting


async def test_every_waiting_conversation_is_reached_by_its_page(console: RunningConsole) -> None:
    waiting = [str((await console.queued(name=None)).id) for _ in range(95)]
    ana = await console.signed_in()
    pages = [sections(await ana.get(f"/console/?page={number}"))["waiting"] for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [40, 40, 15]
    assert [one for page in pages for one in page] == waiting
    assert "of 3" in (await ana.get("/console/?page=2")).visible
    # A page that does not exist is the last one; nonsense is the first.
    assert sections(await ana.get("/console/?page=9999"))["waiting"] == pages[2]
    assert sections(await ana.get("/console/?page=-1'--"))["waiting"] == pages[0]


async def test_a_filter_narrows_the_waiting_ones_and_stays_beside_a_conversation(
    console: RunningConsole,
) -> None:
    english, spanish = (
        await console.queued(language="en"),
        await console.queued(language="es", reason="unsure"),
    )
    ana = await console.signed_in()
    assert sections(await ana.get("/console/?language=es"))["waiting"] == [str(spanish.id)]
    assert sections(await ana.get("/console/?reason=asked"))["waiting"] == [str(english.id)]
    beside = await ana.get(f"/console/conversations/{english.id}?language=es")
    assert sections(beside)["waiting"] == [str(spanish.id)]
    assert f"current={english.id}&amp;language=es" in beside.text
    # What is no value of the filter counts as none.
    assert len(sections(await ana.get("/console/?language=xx&team=' OR 1=1"))["waiting"]) == 2


async def test_without_a_name_the_topic_is_the_heading(console: RunningConsole) -> None:
    conversation = await console.queued(name=None)
    said = await console.say(conversation, "how do I get a permit")
    await console.store.pool.execute(
        "INSERT INTO turns (message_id, conversation_id, fence, outcome, intent) VALUES ($1, $2, 0, 'answered', 'parking_permit')",
        said.id,
        conversation.id,
    )
    ana = await console.signed_in()
    page = await ana.get("/console/")
    assert re.search(r'class="who">Resident parking permit|class="who">[^<]*[Pp]arking', page.text)
    one = await ana.get(f"/console/conversations/{conversation.id}")
    assert re.search(r'<h1 id="heading"[^>]*><bdi>Resident parking permit</bdi>', one.text), (
        "the page says what its row says"
    )


async def test_letting_go_of_one_shows_the_next_of_ones_own_that_is_unanswered(
    console: RunningConsole,
) -> None:
    ana = await console.signed_in()
    one, other, answered = [await console.queued() for _ in range(3)]
    for _ in range(3):
        await ana.post("/console/next")
    await ana.post(
        f"/console/conversations/{answered.id}/reply", data={"text": "Hi", "client_id": str(uuid4())}
    )
    page = await ana.post(f"/console/conversations/{one.id}/resolve")
    assert f"/console/conversations/{other.id}?notice=resolved" in page.url and "Resolved." in page.visible
    page = await ana.post(f"/console/conversations/{other.id}/release")
    assert page.url.endswith("/console/?notice=released")


async def test_approved_answers_are_found_by_their_words_in_the_citizens_language(
    console: RunningConsole,
) -> None:
    ana = await console.signed_in()
    async with ana.http.get(f"{ana.base}/console/answers/find?q=park&language=es") as answer:
        found = (await answer.json())["answers"]
    assert "parking_permit" in [one["id"] for one in found]
    assert all(set(one) == {"id", "title", "text", "reviewed_on", "due"} for one in found)
    assert "permiso" in next(one for one in found if one["id"] == "parking_permit")["text"].lower()
    async with ana.http.get(f"{ana.base}/console/answers/find?q=&language=xx") as answer:
        assert len((await answer.json())["answers"]) > 40
    async with console.browser().http.get(
        f"{ana.base}/console/answers/find?q=park", headers={"accept": "application/json"}
    ) as answer:
        assert answer.status == 401

    conversation = await console.queued(text="how much does a passport cost?")
    page = await ana.get(f"/console/conversations/{conversation.id}")
    offered = re.search(r"<section data-offers>.*?</section>", page.text, re.DOTALL)
    assert offered and "assport" in offered[0]


async def test_the_bots_part_is_folded_and_what_led_to_the_handoff_is_not(console: RunningConsole) -> None:
    conversation = await console.queued(text="I want a person")
    async with console.store.transaction() as transaction:
        await transaction.execute(
            "UPDATE messages SET seq = seq + 10 WHERE conversation_id = $1", conversation.id
        )
        await transaction.execute(
            """INSERT INTO messages (conversation_id, contact_id, seq, author, text, language, created_at)
               SELECT $1, $2, 1 + n, CASE n % 2 WHEN 0 THEN 'contact' ELSE 'bot' END, 'earlier ' || n, 'en',
                      now() - interval '1 hour' FROM generate_series(0, 5) n""",
            conversation.id,
            conversation.contact_id,
        )
    page = await (await console.signed_in()).get(f"/console/conversations/{conversation.id}")
    folded = re.search(r'<li class="folded">.*?</details></li>', page.text, re.DOTALL)
    assert folded and "6 messages" in folded[0]
    assert folded[0].count("earlier ") == 6 and "I want a person" not in folded[0]


async def test_a_row_says_the_matter_where_there_is_no_name(console: RunningConsole) -> None:
    urgent = await console.queued(name=None, urgency="fire", text="it is burning")
    asked = await console.queued(name=None, text="a person please", summary="")
    ana = await console.signed_in()
    page = await ana.get("/console/")
    assert "Urgent Fire" in page.visible and "asked · Web chat" in page.visible
    assert (
        "The citizen did not say what it is about."
        in (await ana.get(f"/console/conversations/{asked.id}")).visible
    )

    # What they write while they wait stands for the summary.
    await console.say(asked, "My passport has not come.")
    page = await ana.get(f"/console/conversations/{asked.id}")
    assert "Written while waiting My passport has not come." in page.visible
    assert "did not say" not in page.visible

    # An offer shows what every other row shows.
    ben, ben_browser = await console.agent("Ben"), console.browser()
    await ben_browser.sign_in(ben[0])
    await ana.post(f"/console/conversations/{urgent.id}/claim")
    await ana.post(
        f"/console/conversations/{urgent.id}/transfer",
        data={"to": f"agent:{ben[1].agent_id}", "note": "", "client_id": str(uuid4())},
    )
    offered = (await ben_browser.get("/console/")).visible
    assert "Offered to you 1 Urgent Fire until" in offered
    assert "it is burning English · from Ana Duarte · Front desk" in offered

    # So do the lists of all, and the search.
    await ana.post(f"/console/conversations/{urgent.id}/resolve", data={"reason": "solved"})
    found = (await ana.post("/console/search", data={"query": "passport"})).visible
    assert "My passport" in found
