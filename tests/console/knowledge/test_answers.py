"""Editors write, approve and publish in the console; supervisors stop; agents are offered only what citizens get."""

import html
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
from desk.store.knowledge import ratings
from tests.support.console import Answer, Browser, RunningConsole

PAGE = "/console/answers/rats"
NEW = "Call us on the city's number, and we come within a day."


@pytest.fixture
async def desk(console: RunningConsole, catalog: Catalog) -> RunningConsole:
    await seed_answers(console.store, Path("content"), catalog.seed, console.clock())
    return console


def form_of(page: Answer) -> dict[str, str]:
    """The answer's form as a browser would send it."""
    form = page.text.partition('class="stack answer-form"')[2].partition("</form>")[0]
    found = {
        name: html.unescape(text)
        for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)', form)
    }
    for one in re.findall(r"<input ([^>]*)>", form):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', one))
        if attributes.get("type") == "checkbox":  # none is ticked
            continue
        found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return {name: value for name, value in found.items() if name != "csrf"}


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


NEW_ANSWER = {
    "name": "bike_parking", "owner": "Transport", "area": "transport", "source": "https://www.lindenport.example/bikes",
    "reviewed_on": "2026-01-05", "review_by": "2099-01-05", "expires_on": "",
    "title-en": "Bike parking", "text-en": "You can park a bike at every stop, for free.",
    "title-es": "Aparcar bicicletas", "text-es": "Puede aparcar la bicicleta en cada parada, gratis.",
    "title-fr": "Garer un vélo", "text-fr": "Vous pouvez garer un vélo à chaque arrêt, gratuitement.",
}  # fmt: skip
ASKED = {
    "en": "where do I park my bike\nbike racks\nis there bike parking\nlock up my bicycle\nbicycle stands downtown",
    "es": "dónde aparco la bici\naparcabicis\nhay aparcamiento para bicis\ncandar mi bicicleta\nsoportes para bicis",
    "fr": "où garer mon vélo\nparking à vélos\ny a-t-il des arceaux\nattacher mon vélo\nplaces pour vélos",
}


async def test_a_new_answer_is_written_checked_and_published(desk: RunningConsole, catalog: Catalog) -> None:
    ed, mia = await desk.signed_in("Ed", "editor"), await desk.signed_in("Mia", "editor")
    assert 'name="title-fr"' in (await ed.get("/console/answers/new")).text
    for wrong in (
        {"name": "Bike Parking"},
        {"name": "rats"},
        {"name": "proposals"},
        {"text-fr": ""},
        {"owner": ""},
    ):
        refused = await ed.post("/console/answers/new", data=NEW_ANSWER | wrong)
        assert refused.status == 422 and "cada parada" in refused.text, wrong
    made = await ed.post("/console/answers/new", data=NEW_ANSWER)
    assert (
        made.status == 200
        and "Version 1: Draft" in made.visible
        and "Citizens do not get this" in made.visible
    )
    assert "French: write at least 5 questions" in html.unescape(made.visible)
    page, form = "/console/answers/bike_parking", form_of(made)
    early = await ed.post(f"{page}/submit", data={"version": "1"})
    assert early.status == 422 and not catalog.is_given("bike_parking", desk.clock().date())
    asked = {f"examples-{language}": text for language, text in ASKED.items()}
    button = {"new_button": "rats", **{f"new_button-{language}": "Rats" for language in ASKED}}
    secret = await ed.post(
        f"{page}/check", data=form | asked | {"near-en": "call 555 010 9988 about my bike"}
    )
    assert "long number" in secret.text
    saved = await ed.post(
        page, data=form | asked | button | {"near-en": "my bike was stolen", "version": "1"}
    )
    assert "Nothing stands in the way of a review." in saved.visible and "button-rats-es" in saved.text
    await ed.post(f"{page}/submit", data={"version": "2"})
    await mia.post(f"{page}/approve", data={"version": "2"})
    done = await mia.post(f"{page}/publish", data={"version": "2"})
    assert "Citizens get this version" in done.visible
    said = catalog.compose(Reply(answer="bike_parking"), "fr", today=desk.clock().date())
    assert "gratuitement" in said.text and [one.title for one in said.buttons] == ["Rats"]
    async with ed.http.get(f"{desk.base}/console/answers/files.zip") as got:
        archive = zipfile.ZipFile(io.BytesIO(await got.read()))
    written = archive.read("answers/bike_parking.yml").decode()
    assert (
        "- où garer mon vélo" in written and "- my bike was stolen" in written and "answer: rats" in written
    )
    gone = await ed.post(page, data=form_of(done) | {"drop-rats": "yes", "version": "2"})
    assert "button-rats-es" not in gone.text and "Version 3: Draft" in gone.visible


async def test_a_button_may_not_lead_to_what_citizens_do_not_get(
    desk: RunningConsole, catalog: Catalog
) -> None:
    ed, carla = await desk.signed_in("Ed", "editor"), await desk.signed_in("Carla", "supervisor")
    page = await ed.get(PAGE)
    leads_to = re.findall(r'name="button-(\w+)-en"', page.text)[0]
    answer = next(one.answer for one in catalog.seed["rats"].buttons if one.key == leads_to and one.answer)
    await carla.post("/console/answers/stops", data={"kind": "answer", "name": answer, "why": "It is wrong."})
    said = await ed.post(f"{PAGE}/check", data=form_of(page))
    assert "which citizens do not get" in said.text


async def test_figures_and_what_people_missed_stand_at_an_answer(desk: RunningConsole) -> None:
    ed, ana = await desk.signed_in("Ed", "editor"), await desk.signed_in()
    today = desk.clock().date()
    await desk.store.pool.executemany(
        "INSERT INTO answer_days (answer_id, day, given, handed_off, helpful, unhelpful) VALUES ($1, $2, $3, $4, $5, $6)",
        [
            ("rats", today, 40, 10, 3, 1),
            ("trees", today, 80, 0, 0, 0),
            ("rats", today - timedelta(days=100), 9, 9, 9, 9),
        ],
    )
    listed = await ed.get("/console/answers?sort=handed_off")
    assert "given 40, helped 75 % of 4, then a person 25 %" in listed.visible
    assert listed.visible.index("given 40") < listed.visible.index("given 80")
    most = await ed.get("/console/answers?sort=given")
    assert most.visible.index("given 80") < most.visible.index("given 40")
    conversation = await desk.queued(text="x")
    event = await desk.store.pool.fetchval(
        """INSERT INTO events (inbox, external_id, contact_id, payload, state)
           VALUES ('web', 'x', $1, '{}', 'done') RETURNING id""",
        conversation.contact_id,
    )
    await ratings.add_asked(
        desk.store.pool, ratings.ToRate(conversation.id, conversation.contact_id, "rats", 1)
    )
    await ratings.set_helpful(desk.store.pool, conversation.id, helpful=False)
    await ratings.set_missing(desk.store.pool, conversation.id, event)
    await desk.store.pool.execute(
        "UPDATE messages SET event_id = $2, text = 'The price. lucia@example.org' WHERE conversation_id = $1",
        conversation.id, event,
    )  # fmt: skip
    page = await ed.get(PAGE)
    assert "Given 40 times" in page.visible and "said 3 of 4 people" in page.visible
    assert "The price. [email]" in page.visible and "lucia@" not in page.text
    assert "The price." not in (await ana.get(PAGE)).visible


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
        "It is on its way" in sent.visible
        and "Not sent yet 1" in sent.visible
        and "People in all 1" in sent.visible
    )
    writer = MessageWriter(desk.city, catalog)
    await RecallDelivery(desk.store, writer, Announcer(desk.store, desk.live, writer), desk.clock).send()
    assert "Sent 1" in (await mia.get(page)).visible
    assert "No rats." in (await desk.log(conversation))[-1].text
