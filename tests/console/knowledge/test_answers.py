"""Editors write, approve and publish in the console; supervisors stop; agents are offered only what citizens get."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.exchange import seed_answers
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.publishing.recall_delivery import RecallDelivery
from desk.model import NewMessage, Reply
from tests.support.answer_forms import form_of
from tests.support.console import Answer, Browser, RunningConsole

PAGE = "/console/answers/rats"
NEW = "Call us on the city's number, and we come within a day."


@pytest.fixture
async def desk(console: RunningConsole, catalog: Catalog) -> RunningConsole:
    await seed_answers(console.store, Path("content"), catalog.seed, console.clock())
    return console


async def write(editor: Browser, **changes: str) -> Answer:
    form = form_of(await editor.get(PAGE))
    return await editor.post(
        PAGE, data={**form, **{name.replace("_", "-"): text for name, text in changes.items()}}
    )


async def test_a_form_that_nobody_changed_saves_nothing(desk: RunningConsole, catalog: Catalog) -> None:
    ed = await desk.signed_in("Ed", "editor")
    for id in catalog.seed:
        form = form_of(await ed.get(f"/console/answers/{id}"))
        assert (await ed.post(f"/console/answers/{id}", data=form)).status == 200
    assert await desk.store.pool.fetchval("SELECT count(*) FROM answer_versions WHERE version > 1") == 0


async def test_one_writes_another_approves_and_citizens_get_it(
    desk: RunningConsole, catalog: Catalog
) -> None:
    ed, mia = await desk.signed_in("Ed", "editor"), await desk.signed_in("Mia", "editor")
    saved = await write(ed, text_en=NEW, part_cost_en="")
    assert saved.status == 200 and "Saved as a draft" in saved.visible and "Version 2: Draft" in saved.visible
    assert "Publish version" not in saved.visible
    sent = await ed.post(f"{PAGE}/submit", data={"version": "2"})
    assert "In review" in sent.visible and ">Approve<" not in sent.text
    late = await ed.post(f"{PAGE}/submit", data={"version": "2"})
    assert late.status == 409 and "nothing was done" in late.visible
    own = await ed.post(f"{PAGE}/approve", data={"version": "2"})
    assert own.status == 409 and "somebody else has to approve" in own.visible
    assert "Publish version 2" in (await mia.post(f"{PAGE}/approve", data={"version": "2"})).visible
    done = await mia.post(f"{PAGE}/publish", data={"version": "2"})
    assert "Citizens get this version" in done.visible and NEW in catalog.answers["rats"].texts["en"].text
    assert "What changed" in done.visible and "content/answers" in done.visible
    gone = await mia.post(f"{PAGE}/withdraw", data={"published": "2", "why": "It is not so."})
    assert "Citizens do not get this answer" in gone.visible and "It is not so." in gone.visible
    restored = await ed.post(f"{PAGE}/restore", data={"version": "2", "older": "1"})
    assert "As version 1 was." in restored.visible and "Version 3: Draft" in restored.visible


async def test_what_is_wrong_is_said_while_writing_and_what_was_written_stays(desk: RunningConsole) -> None:
    ed = await desk.signed_in("Ed", "editor")
    form = form_of(await ed.get(PAGE))
    long = "This goes on " + "and on " * 30 + "to the end."
    said = await ed.post(f"{PAGE}/check", data={**form, "text-en": long, "source": "ftp://x"})
    assert "25" not in said.text and "words" in said.text and "https" in said.text
    assert await desk.store.pool.fetchval("SELECT count(*) FROM answer_versions WHERE version > 1") == 0
    numbers = await ed.post(f"{PAGE}/check", data={**form, "text-en": f"{form['text-en']} It takes 77 days."})
    assert "77" in numbers.text.partition("hints")[2]
    refused = await write(ed, text_es="", title_es="Ratas")
    assert refused.status == 422 and "Ratas" in refused.text and form_of(refused)["text-es"] == ""
    wrong = await ed.post(PAGE, data={**form, "review_by": "soon", "text-en": NEW})
    assert wrong.status == 422 and "2026-12-31" in wrong.visible and form_of(wrong)["text-en"] == NEW


async def test_two_editors_on_one_answer_lose_no_words(desk: RunningConsole) -> None:
    ed, mia = await desk.signed_in("Ed", "editor"), await desk.signed_in("Mia", "editor")
    form = form_of(await mia.get(PAGE))
    await write(ed, text_en="Ed wrote this.")
    told = await mia.post(PAGE, data={**form, "text-fr": "Mia a écrit ceci."})
    assert told.status == 409 and "Ed wrote this." in told.visible
    assert form_of(told)["text-fr"] == "Mia a écrit ceci." and form_of(told)["version"] == "2"
    again = await mia.post(PAGE, data={**form_of(told), "text-en": "Ed wrote this."})
    assert again.status == 200 and "Version 3: Draft" in again.visible


async def test_a_part_is_added_in_every_language(desk: RunningConsole) -> None:
    ed = await desk.signed_in("Ed", "editor")
    form = form_of(await ed.get(PAGE))
    no_name = await ed.post(PAGE, data={**form, "new_part-en": "It is free."})
    assert no_name.status == 422 and "Choose what the new part is about" in no_name.visible
    parts = {f"new_part-{language}": form[f"text-{language}"][:1] for language in ("en", "es", "fr")}
    saved = await ed.post(PAGE, data={**form, "new_part": "lost", **parts})
    assert saved.status == 200 and "part-lost-es" in saved.text


async def test_the_list_is_narrowed_and_agents_read_only(desk: RunningConsole) -> None:
    ana, ed = await desk.signed_in(), await desk.signed_in("Ed", "editor")
    every = await ana.get("/console/answers")
    assert "No answer is past its review date." in every.visible and every.text.count('class="answer"') > 40
    assert "Bin collection days" not in (await ana.get("/console/answers?q=ratas")).visible
    await write(ed, text_en=NEW)
    drafts = await ed.get("/console/answers?state=draft")
    assert drafts.text.count('class="answer"') == 1
    page = await ana.get(PAGE)
    assert page.status == 200 and "Ratas" in page.visible and "<textarea" not in page.text
    assert (await ana.post(PAGE, data={"version": "2"})).status == 404
    desk.clock.shift = timedelta(days=3650)
    stale = await (await desk.signed_in("Ben Okafor")).get("/console/answers")
    assert "Review was due" in stale.visible and "Review by" not in stale.visible


async def test_an_answer_past_its_last_day_is_listed_as_expired(desk: RunningConsole) -> None:
    ed, mia = await desk.signed_in("Ed", "editor"), await desk.signed_in("Mia", "editor")
    last = (desk.clock() + timedelta(days=1)).date().isoformat()
    await ed.post(PAGE, data={**form_of(await ed.get(PAGE)), "expires_on": last})
    for step, editor in (("submit", ed), ("approve", mia), ("publish", mia)):
        await editor.post(f"{PAGE}/{step}", data={"version": "2"})
    assert "/console/answers/rats" not in (await ed.get("/console/answers?state=expired")).text
    desk.clock.shift = timedelta(days=3)
    later = await desk.signed_in("Ben Okafor", "editor")
    assert "Expired, not given" in (await later.get("/console/answers?state=expired")).visible
    assert "but it is past its last day." in (await later.get(PAGE)).visible


async def test_a_supervisor_stops_an_answer_and_agents_are_not_offered_it(
    desk: RunningConsole, catalog: Catalog
) -> None:
    ana, carla = await desk.signed_in(), await desk.signed_in("Carla Rossi", "supervisor")
    find = "/console/answers/find?q=rats&language=en"
    assert '"id":"rats"' in (await ana.get(find)).text
    no_reason = await carla.post("/console/answers/stops", data={"kind": "answer", "name": "rats", "why": ""})
    assert no_reason.status == 422 and "Say why" in no_reason.visible
    assert (await ana.post("/console/answers/stops", data={"kind": "assistant", "why": "x"})).status == 404
    assert (await carla.post("/console/answers/stops", data={"kind": "city", "why": "x"})).status == 422
    stopped = await carla.post(
        "/console/answers/stops", data={"kind": "answer", "name": "rats", "why": "Wrong."}
    )
    assert (
        "Stopped. It takes effect within five seconds." in stopped.visible
        and "Carla Rossi" in stopped.visible
    )
    assert '"id":"rats"' not in (await ana.get(find)).text and "rats" in catalog.withheld
    assert "it is stopped" in (await ana.get(PAGE)).visible
    one = re.search(r"/console/answers/stops/[0-9a-f-]+/resume", stopped.text)
    assert one is not None
    assert "Nothing is stopped." in (await carla.post(one[0])).visible and not catalog.withheld
    dora = await desk.signed_in("Dora", "admin")
    alone = await dora.post("/console/answers/areas", data={"area": "environment", "two_people": "no"})
    assert "Environment: one person may publish" in alone.visible


async def test_all_answers_are_downloaded_as_files(desk: RunningConsole) -> None:
    ana = await desk.signed_in()
    async with ana.http.get(f"{desk.base}/console/answers/files.zip") as got:
        assert got.status == 200 and isinstance(got, aiohttp.ClientResponse)
        archive = zipfile.ZipFile(io.BytesIO(await got.read()))
    assert archive.read("answers/rats.yml") == Path("content/answers/rats.yml").read_bytes()


async def test_a_wrong_version_is_recalled_from_whoever_got_it(
    desk: RunningConsole, catalog: Catalog
) -> None:
    ed, mia, ana = (
        await desk.signed_in("Ed", "editor"),
        await desk.signed_in("Mia", "editor"),
        await desk.signed_in(),
    )
    page = f"{PAGE}/recall"
    assert "Nobody has got a version that was published here." in (await ed.get(page)).visible
    await PublishedAnswers(catalog).read(desk.store.pool)
    conversation, today = await desk.queued(), desk.clock().date()
    async with desk.store.transaction() as transaction:
        composed = catalog.compose(Reply(answer="rats"), "en", today=today)
        await MessageWriter(desk.city, catalog).say(
            transaction, conversation, NewMessage("bot", composed, "en")
        )
    assert "Write a correction" not in (await ana.get(page)).visible
    form = {"version-1": "yes", "text-en": "No rats.", "text-es": "Sin ratas.", "why": "It was wrong."}
    missing = await ed.post(page, data=form)
    assert (
        missing.status == 422
        and "The correction in fr is missing." in missing.visible
        and "No rats." in missing.text
    )
    kept = await ed.post(page, data={**form, "text-fr": "Pas de rats."})
    assert "waits for approval" in kept.visible
    one = re.search(r"/console/answers/rats/recall/[0-9a-f-]+/approve", kept.text)
    assert one is not None
    own = await ed.post(one[0])
    assert own.status == 409 and "somebody else has to approve it" in own.visible
    assert "On its way" not in own.visible and (await ana.post(one[0])).status == 404
    sent = await mia.post(one[0])
    assert (
        "It is being sent" in sent.visible
        and "Not sent yet 1" in sent.visible
        and "People in all 1" in sent.visible
    )
    writer = MessageWriter(desk.city, catalog)
    await RecallDelivery(desk.store, writer, Announcer(desk.store, desk.live, writer), desk.clock).send()
    assert "Sent 1" in (await mia.get(page)).visible
    assert "No rats." in (await desk.log(conversation))[-1].text
