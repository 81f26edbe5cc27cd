""" "Did this answer your question?": once in a conversation, never in the middle of one, and what was missing is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from channels.web.channel import WebChannel
from desk.building import build_common
from desk.knowledge.answer_figures import FigureCounts
from desk.model import By, Contact, Message, NewMessage, Reply
from desk.store.dialogue import conversations
from desk.store.knowledge import figures, ratings
from desk.store.knowledge.figures import AnswerFigures
from desk.surveys.answer_ratings import AnswerRatings
from tests.support.desk import Desk
from tests.support.fake_bot import says

ASKED = "Did this answer your question?"


def asking(desk: Desk, buttons: int = 3, one_in: int = 1) -> AnswerRatings:
    common = build_common(desk.resources())
    capabilities = {"web": replace(WebChannel.capabilities, buttons=buttons)}
    return AnswerRatings(desk.store, common.writer, common.announcer, capabilities, desk.clock, one_in)


async def answered(desk: Desk, language: str | None = None) -> Contact:
    """Somebody who got an answer and has been quiet since."""
    desk.bot.behaviour = says({"answer": "rats"}, language=language or "en")
    contact, writer = await desk.contact(language), build_common(desk.resources()).writer
    composed = desk.catalog.compose(Reply(answer="rats"), language, today=desk.clock().date())
    async with desk.store.transaction() as transaction:
        conversation = await conversations.add_conversation(transaction, contact, language or "en")
        await writer.say(transaction, conversation, NewMessage("bot", composed, language or "en"))
    await quiet(desk)
    return contact


async def quiet(desk: Desk, seconds: int = 61) -> None:
    await desk.store.pool.execute(
        "UPDATE messages SET created_at = created_at - make_interval(secs => $1)", seconds
    )


async def last(desk: Desk, contact: Contact) -> Message:
    return (await desk.log(contact))[-1]


async def said(desk: Desk, contact: Contact, text: str | None = None, button: str | None = None) -> Message:
    async with desk.working():
        await desk.send(contact, text, **({"button": button} if button else {}))
        return (await desk.settled(contact))[-1]


async def test_it_is_asked_once_and_yes_is_counted_at_the_answer(desk: Desk) -> None:
    contact = await answered(desk)
    asks = asking(desk)
    await asks.ask()
    await asks.ask()
    log = await desk.log(contact)
    assert [one.text for one in log].count(ASKED) == 1 and [one.title for one in log[-1].buttons] == [
        "Yes, it did", "No, not quite",
    ]  # fmt: skip
    assert (await said(desk, contact, button=log[-1].buttons[0].id)).text.startswith("Thank you")
    await said(desk, contact, "and more rats")
    await quiet(desk)
    await desk.store.pool.execute("UPDATE answer_ratings SET asked_at = asked_at - interval '2 days'")
    await asks.ask()
    assert [one.text for one in await desk.log(contact)].count(ASKED) == 1, "the same conversation"
    assert [turn["text"] for turn in desk.bot.asked] == ["and more rats"]
    row = await desk.store.pool.fetchrow("SELECT answer_id, helpful FROM answer_ratings")
    assert row is not None and (row["answer_id"], row["helpful"]) == ("rats", True)


async def test_no_asks_what_was_missing_and_the_bot_gets_that_as_a_question(desk: Desk) -> None:
    contact = await answered(desk, "es")
    await asking(desk).ask()
    missing = await said(desk, contact, "no del todo")
    assert "¿Qué faltaba?" in missing.text and desk.bot.asked == []
    await said(desk, contact, "Soy Lucía, lucia@example.org. ¿Cuánto cuesta?")
    assert desk.bot.asked[-1]["text"].endswith("¿Cuánto cuesta?")
    await said(desk, contact, "gracias")
    (kept,) = await ratings.list_missing(desk.store.pool, "rats")
    assert kept.text.startswith("Soy Lucía") and kept.language == "es"
    await desk.store.pool.execute("DELETE FROM contacts")
    assert await ratings.list_missing(desk.store.pool, "rats") == []
    assert not await desk.store.pool.fetchval("SELECT count(*) FROM answer_ratings"), (
        "erased with the contact"
    )


async def test_nothing_to_add_and_other_words_are_no_remark(desk: Desk) -> None:
    contact = await answered(desk)
    await asking(desk).ask()
    missing = await said(desk, contact, button=(await last(desk, contact)).buttons[1].id)
    assert [one.title for one in missing.buttons] == ["Nothing to add", "Talk to a person"]
    await said(desk, contact, button=missing.buttons[0].id)
    await said(desk, contact, "where is the library?")
    assert await ratings.list_missing(desk.store.pool, "rats") == []


async def test_a_tap_counts_after_the_conversation_is_over(desk: Desk) -> None:
    contact = await answered(desk)
    await asking(desk).ask()
    asked = await last(desk, contact)
    await desk.store.pool.execute("UPDATE conversations SET state = 'resolved', resolved_at = now()")
    thanks = await said(desk, contact, button=asked.buttons[0].id)
    assert thanks.text.startswith("Thank you") and thanks.conversation_id == asked.conversation_id
    assert desk.bot.asked == [] and await desk.store.pool.fetchval("SELECT helpful FROM answer_ratings")


@pytest.mark.parametrize(
    "why", ["too early", "too late", "wrote again", "no buttons", "with a person", "asked today"]
)
async def test_who_is_not_asked(desk: Desk, why: str) -> None:
    contact = await answered(desk)
    pool, asks = desk.store.pool, asking(desk, buttons=0 if why == "no buttons" else 3)
    if why == "too early":
        await quiet(desk, -40)
    elif why == "too late":
        await quiet(desk, 600)
    elif why == "wrote again":
        await desk.send(contact, "hello?")
    elif why == "with a person":
        await pool.execute(
            "UPDATE conversations SET state = 'queued', team = 'front-desk', queued_at = now()"
        )
    elif why == "asked today":
        other = await pool.fetchval(
            """INSERT INTO conversations (contact_id, inbox, language, state, resolved_at)
               SELECT id, inbox, 'en', 'resolved', now() FROM contacts RETURNING id"""
        )
        await ratings.add_asked(pool, ratings.ToRate(other, contact.id, "trees", 1))
    await asks.ask()
    assert ASKED not in [one.text for one in await desk.log(contact)]


async def test_only_some_conversations_are_asked(desk: Desk) -> None:
    contact = await answered(desk)
    conversation = await desk.conversation(contact)
    place = abs(await desk.store.pool.fetchval("SELECT hashtext($1)", str(conversation.id)))
    never = next(one for one in range(2, 100) if place % one)
    await asking(desk, one_in=never).ask()
    assert (await last(desk, contact)).text != ASKED


async def test_figures_are_counted_by_day_and_survive_an_erasure(desk: Desk) -> None:
    contact = await answered(desk)
    await asking(desk).ask()
    await said(desk, contact, button=(await last(desk, contact)).buttons[1].id)
    conversation = await desk.conversation(contact)
    async with desk.store.transaction() as transaction:
        await conversations.enqueue(
            transaction, conversation.id, conversation.fence, "front-desk", "asked", "", By("bot", "asked")
        )
    await answered(desk)
    counts = FigureCounts(desk.store, desk.city, lambda: datetime.now(UTC))
    await counts.keep()
    await counts.count()
    since = (datetime.now(UTC) - timedelta(days=3)).date()
    assert await figures.list_figures(desk.store.pool, since) == {"rats": AnswerFigures(2, 1, 0, 1)}
    await desk.store.pool.execute("DELETE FROM contacts")
    assert (await figures.list_figures(desk.store.pool, since))["rats"].given == 2
