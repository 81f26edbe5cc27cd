"""An editor sees what was not answered, and decides in one step: a new answer, examples, or whom to ask instead."""

from pathlib import Path

import pytest

from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.exchange import seed_answers
from desk.store.dialogue import conversations
from desk.store.people import contacts
from tests.support.console import RunningConsole
from tests.support.unanswered import add_unanswered

PAGE = "/console/answers/unanswered"
WHOM = {"whom-en": "Ask the county.", "whom-es": "Pregunte al condado.", "whom-fr": "Demandez au comté."}


@pytest.fixture
async def desk(console: RunningConsole, catalog: Catalog) -> RunningConsole:
    await seed_answers(console.store, Path("content"), catalog.seed, console.clock())
    return console


async def asked(desk: RunningConsole, text: str) -> int:
    async with desk.store.transaction() as transaction:
        number = await transaction.fetchval("SELECT count(*) FROM contacts")
        contact = await contacts.add_contact(transaction, "web", f"citizen-{number}", "en")
        conversation = await conversations.add_conversation(transaction, contact, "en")
    return await add_unanswered(desk.store, conversation, text)


async def test_questions_become_examples_of_an_answer(desk: RunningConsole) -> None:
    group = await asked(desk, "who feeds the ducks?")
    ed = await desk.signed_in("Ed", "editor")
    page = await ed.get(PAGE)
    assert "who feeds the ducks?" in page.text and ", 1 question, 0 minutes of agents" in page.visible
    nothing = await ed.post(f"{PAGE}/{group}", data={"act": "examples", "answer": ""})
    assert nothing.status == 422 and "Choose the answer. Nothing was changed." in nothing.visible
    taught = await ed.post(f"{PAGE}/{group}", data={"act": "examples", "answer": "rats"})
    assert taught.url.endswith("/console/answers/rats?notice=unanswered-taught")
    assert "who feeds the ducks?" in taught.text and "Version 2: Draft" in taught.visible
    assert "No question waits." in (await ed.get(PAGE)).visible
    assert "Examples of an answer" in (await ed.get(f"{PAGE}?decided=yes")).visible


async def test_a_new_answer_takes_the_questions_along(desk: RunningConsole) -> None:
    group = await asked(desk, "who feeds the ducks?")
    ed = await desk.signed_in("Ed", "editor")
    form = await ed.get(f"/console/answers/new?group={group}")
    assert "Questions that it answers" in form.visible and "who feeds the ducks?" in form.text
    texts = {f"{kind}-{language}": "Ducks" for kind in ("title", "text") for language in ("en", "es", "fr")}
    page = await ed.post(
        "/console/answers/new",
        data={
            "name": "ducks", "owner": "Parks", "area": "parks", "source": "https://www.lindenport.example/ducks",
            "reviewed_on": "2026-11-30", "review_by": "2027-05-30", "group": str(group), **texts,
        },
    )  # fmt: skip
    assert page.url.endswith("/console/answers/ducks?notice=answer-saved")
    assert "who feeds the ducks?" in page.text
    assert "A new answer" in (await ed.get(f"{PAGE}?decided=yes")).visible


async def test_not_ours_needs_whom_to_ask_in_every_language(desk: RunningConsole) -> None:
    group = await asked(desk, "who feeds the ducks?")
    ed = await desk.signed_in("Ed", "editor")
    lacks = await ed.post(f"{PAGE}/{group}", data={"act": "not_ours", **WHOM, "whom-fr": " "})
    assert lacks.status == 422 and "Say in every language" in lacks.visible
    assert WHOM["whom-es"] in lacks.text, "what was written stays"
    await ed.post(f"{PAGE}/{group}", data={"act": "not_ours", **WHOM})
    assert "Demandez au comté." in (await ed.get(f"{PAGE}?decided=yes")).text
    again = await ed.post(f"{PAGE}/{group}", data={"act": "set_aside"})
    assert again.status == 409 and "Somebody has decided" in again.visible
    await ed.post(f"{PAGE}/{group}", data={"act": "reopen"})
    assert "who feeds the ducks?" in (await ed.get(PAGE)).text


async def test_a_topic_is_named_for_the_public_page_in_every_language(desk: RunningConsole) -> None:
    group = await asked(desk, "who feeds the ducks?")
    ed = await desk.signed_in("Ed", "editor")
    half = await ed.post(f"{PAGE}/{group}", data={"act": "name", "topic-en": "Ducks"})
    assert (
        half.status == 422
        and "Name the topic in every language" in half.visible
        and 'value="Ducks"' in half.text
    )
    named = {"topic-en": "Ducks", "topic-es": "Patos", "topic-fr": "Canards"}
    personal = await ed.post(
        f"{PAGE}/{group}", data={**named, "act": "name", "topic-en": "rosa@mail.example"}
    )
    assert personal.status == 422
    kept = await ed.post(f"{PAGE}/{group}", data={**named, "act": "name"})
    assert "On the public page as “Ducks”" in kept.visible and "Existing answer" in kept.visible
    bare = {name: "" for name in named}
    assert (
        "On the public page" not in (await ed.post(f"{PAGE}/{group}", data={**bare, "act": "name"})).visible
    )
