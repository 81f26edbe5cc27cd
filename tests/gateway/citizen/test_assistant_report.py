"""The public page about the assistant: what it may do, figures by language without small numbers, corrections, and CSV."""

from datetime import UTC, datetime
from uuid import uuid4

from desk.knowledge.catalogue import Catalog
from desk.knowledge.pages.vectors import signs_of
from desk.knowledge.public_report import FEWEST, FRESH, PublicReports
from desk.store.dialogue import conversations, messages, turns
from desk.store.knowledge import unanswered
from desk.store.people import contacts
from desk.store.pool import Store
from tests.support.embedding import vector_of
from tests.support.gateway import RunningGateway


async def ask(store: Store, language: str, count: int, intent: str, outcome: str = "answered") -> None:
    async with store.transaction() as transaction:
        for _ in range(count):
            contact = await contacts.add_contact(transaction, "web", str(uuid4()), language)
            conversation = await conversations.add_conversation(transaction, contact, language)
            new = messages.NewRow("contact", "My name is Rosa Peel", language)
            message = await messages.add_message(transaction, conversation, new)
            await turns.add_turn(transaction, message.id, conversation.id, 0, outcome, intent=intent)  # type: ignore[arg-type]  # text from the test


async def test_figures_are_by_language_and_small_ones_are_left_out(store: Store, catalog: Catalog) -> None:
    now = datetime.now(UTC)
    reports = PublicReports(store, catalog, lambda: now)
    await ask(store, "en", FEWEST, "passport")
    await ask(store, "en", 2, "nlu_fallback")
    await ask(store, "en", 3, "talk_to_person", "handed_off")
    await ask(store, "es", FEWEST - 1, "passport")
    report = await reports.get()
    (english,) = report.figures
    assert (english.language, english.questions, english.answered) == ("en", FEWEST + 5, FEWEST)
    assert (english.unanswered, english.handed_off, report.hidden) == (2, 3, 1)
    await ask(store, "es", 1, "passport")
    assert await reports.get() is report, "it is read once in ten minutes"
    now += FRESH
    assert [one.language for one in (await reports.get()).figures] == ["en", "es"]


async def test_topics_have_editors_titles_and_enough_people(gateway: RunningGateway) -> None:
    vector = vector_of("ducks")
    async with gateway.store.transaction() as transaction:
        named, unnamed = [await unanswered.add_group(transaction, vector, signs_of(vector)) for _ in range(2)]
        title = {"en": "=Ducks", "es": "Patos", "fr": "Canards"}
        assert await unanswered.set_topic(transaction, named, title)
        for group, language, people in (
            (named, "en", FEWEST),
            (named, "es", FEWEST - 1),
            (unnamed, "en", 20),
        ):
            for _ in range(people):
                contact = await contacts.add_contact(transaction, "web", str(uuid4()), language)
                conversation = await conversations.add_conversation(transaction, contact, language)
                row = messages.NewRow("contact", "I am Rosa Peel, who feeds the ducks?", language)
                message = await messages.add_message(transaction, conversation, row)
                await transaction.execute(
                    "INSERT INTO unanswered_questions (message_id, conversation_id, contact_id, asked_at, language, reason, group_id) "
                    "VALUES ($1, $2, $3, now(), $4, 'no_answer', $5)",
                    message.id, conversation.id, contact.id, language, group,
                )  # fmt: skip
    async with gateway.http.get(f"{gateway.base}/chat/assistant?language=es") as answer:
        page = await answer.text()
    assert f"<strong>Patos</strong> (inglés): Personas que preguntaron: {FEWEST}." in page
    assert page.count("Personas que preguntaron") == 1 and "Rosa" not in page
    async with gateway.http.get(f"{gateway.base}/chat/assistant-topics.csv") as answer:
        lines = (await answer.text()).splitlines()
    assert lines == ["kind,language,title,day,people", f"unanswered,en,'=Ducks,,{FEWEST}"]


async def test_the_page_says_what_it_may_do_and_names_nobody(gateway: RunningGateway) -> None:
    await ask(gateway.store, "en", FEWEST, "passport")
    async with gateway.http.get(f"{gateway.base}/chat/assistant?language=es") as answer:
        page = await answer.text()
    assert answer.status == 200 and "Qué hace el asistente</h1>" in page
    assert "Ninguna frase la inventa una máquina." in page and "911" in page
    assert f"Mensajes que ha atendido: {FEWEST}" in page
    assert "Rosa" not in page
    async with gateway.http.get(f"{gateway.base}/chat/assistant.csv") as answer:
        lines = (await answer.text()).splitlines()
    assert answer.headers["content-type"].startswith("text/csv")
    assert lines[0] == "language,questions,answered,unanswered,handed_off,rated,helped,judged,correct"
    assert lines[1] == f"en,{FEWEST},{FEWEST},0,0,0,0,0,0"
