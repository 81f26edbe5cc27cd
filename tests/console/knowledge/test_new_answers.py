"""An answer begins in the console, is measured there, and the assistant is trained there."""

import html
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.exchange import seed_answers
from desk.model import Reply
from desk.store.knowledge import ratings
from tests.support.answer_forms import form_of
from tests.support.console import RunningConsole

PAGE = "/console/answers/rats"


@pytest.fixture
async def desk(console: RunningConsole, catalog: Catalog) -> RunningConsole:
    await seed_answers(console.store, Path("content"), catalog.seed, console.clock())
    return console


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


async def test_a_training_is_watched_and_its_model_rolled_back(desk: RunningConsole) -> None:
    ed, pool, page = await desk.signed_in("Ed", "editor"), desk.store.pool, "/console/answers/training"
    assert "the model of this release" in (await ed.get(page)).visible
    asked = await ed.post(page)
    assert "A training waits." in asked.visible and "Train now" not in asked.visible
    assert (await ed.post(page, data={"forced": "yes"})).status == 409
    await pool.execute("UPDATE trainings SET state = 'running', step = 'Folds <3> of 5'")
    assert "Folds <3> of 5" in html.unescape((await ed.get(page)).visible)
    await pool.execute("UPDATE trainings SET state = 'trained', step = '', report = 'Accuracy 90 %'")
    await pool.execute(
        "INSERT INTO trained_models (training_id, sha256, code, model) SELECT id, 's', 'c', 'm' FROM trainings"
    )
    await pool.execute("INSERT INTO models_in_use (training_id) SELECT id FROM trainings")
    done = await ed.get(page)
    assert (
        "Accuracy 90 %" in done.visible and "Trained, in use" in done.visible and "Train now" in done.visible
    )
    back = await ed.post(f"{page}/use", data={"training": ""})
    assert "the model of this release" in back.visible and "Use the model of training" in back.visible
    number = await pool.fetchval("SELECT id FROM trainings")
    assert "the model of training" in (await ed.post(f"{page}/use", data={"training": str(number)})).visible
    for wrong in ("999999", "x"):
        assert (await ed.post(f"{page}/use", data={"training": wrong})).status == 409
    agent = await (await desk.signed_in()).get(page)
    assert "Train now" not in agent.visible and "Use the model" not in agent.visible
