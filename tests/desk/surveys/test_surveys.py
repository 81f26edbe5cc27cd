"""The satisfaction question: asked once, late enough, and its answer is not taken for a new question."""

from uuid import UUID

import aiohttp
import msgspec
import pytest

from desk.model import Actor, Contact
from desk.store import surveys
from desk.store.dialogue import conversations, transitions
from desk.store.surveys import Survey
from desk.surveys.ratings import read_rating
from tests.support.desk import Desk

TITLES = ("Very bad", "Bad", "So-so", "Good", "Very good")


@pytest.mark.parametrize(
    ("text", "rating"),
    [("5", 5), (" 1. ", 1), ("four", 4), ("cinq", 5), ("3/5", 3), ("⭐⭐⭐⭐", 4), ("4 ★", 4), ("very bad", 1),
     ("5, thanks", 5), ("5 Elm Street is dark", None), ("6", None), ("0", None), ("", None), ("2/3", None),
     ("good morning, when do you open?", None), ("★★★★★★", None), ("2 potholes", None)],
)  # fmt: skip
def test_only_what_says_nothing_else_is_a_rating(text: str, rating: int | None) -> None:
    assert read_rating(text, TITLES) == rating


async def _sweep(desk: Desk) -> None:
    async with aiohttp.ClientSession() as session:
        await desk.worker(session).sweeps.sweep()


async def _resolved(
    desk: Desk, reason: str = "solved", language: str | None = None
) -> tuple[Contact, UUID, Actor]:
    """A conversation that an agent resolved half a minute ago."""
    contact = await desk.contact(language)
    queued = await desk.queued(contact)
    if language:
        await conversations.set_language(desk.store.pool, queued.id, language)
    agent = await desk.agent()
    await desk.ownership.claim(agent, queued.id)
    await desk.ownership.resolve(agent, queued.id, reason)
    await _later(desk, queued.id)
    return contact, queued.id, agent


async def _later(desk: Desk, id: UUID) -> None:
    await desk.store.pool.execute(
        "UPDATE conversations SET resolved_at = resolved_at - interval '31 seconds' WHERE id = $1", id
    )


async def _asked(desk: Desk, contact: Contact) -> int:
    return sum("How satisfied" in message.text for message in await desk.log(contact))


async def _survey(desk: Desk, id: UUID) -> Survey:
    found = await surveys.get_survey(desk.store.pool, id)
    assert found
    return found


async def test_it_is_asked_once_after_half_a_minute_and_not_after_abuse(desk: Desk) -> None:
    contact, queued = await desk.contact(), None
    queued = await desk.queued(contact)
    agent = await desk.agent()
    await desk.ownership.claim(agent, queued.id)
    await desk.ownership.resolve(agent, queued.id)
    await _sweep(desk)
    assert await _asked(desk, contact) == 0  # the agent can still undo
    await _later(desk, queued.id)
    await _sweep(desk)
    await _sweep(desk)
    assert await _asked(desk, contact) == 1
    await desk.ownership.reopen(agent, queued.id)
    await desk.ownership.claim(agent, queued.id)
    await desk.ownership.resolve(agent, queued.id)
    await _later(desk, queued.id)
    await _sweep(desk)
    assert await _asked(desk, contact) == 1
    for reason in ("abuse", "spam", "duplicate"):
        other, _, _ = await _resolved(desk, reason)
        await _sweep(desk)
        assert await _asked(desk, other) == 0


async def test_who_wrote_again_or_asked_us_to_stop_is_not_asked(desk: Desk) -> None:
    contact, id, agent = await _resolved(desk)
    await desk.queued(contact)
    stopped, _, _ = await _resolved(desk)
    await desk.store.pool.execute("UPDATE contacts SET opted_out_at = now() WHERE id = $1", stopped.id)
    undone, other, _ = await _resolved(desk)
    await desk.ownership.reopen(agent, other)
    await _sweep(desk)
    assert [await _asked(desk, one) for one in (contact, stopped, undone)] == [0, 0, 0]
    assert await surveys.get_survey(desk.store.pool, id) is None


async def test_a_number_is_a_rating_and_no_question_and_then_a_comment_can_follow(desk: Desk) -> None:
    contact, id, _ = await _resolved(desk)
    await _sweep(desk)
    async with desk.working():
        await desk.send(contact, "five")
        log = await desk.settled(contact)
        assert (await _survey(desk, id)).rating == 5 and "Thank you" in log[-1].text
        (comment,) = log[-1].buttons
        await desk.send(contact, button=comment.id)
        assert "one message" in (await desk.settled(contact))[-1].text
        await desk.send(contact, "Quick and friendly. When do you open?")
        log = await desk.settled(contact)
        assert "comment is kept" in log[-1].text and desk.bot.asked == []
        assert {message.conversation_id for message in log} == {id}
        await desk.send(contact, "5")  # over: a new message is a new question
        await desk.settled(contact)
    survey = await _survey(desk, id)
    assert (survey.rating, survey.comment) == (5, "Quick and friendly. When do you open?")
    assert [turn["text"] for turn in desk.bot.asked] == ["5"]
    assert (await desk.conversation(contact)).id != id


async def test_anything_else_is_a_question_and_a_tap_still_counts_after_it(desk: Desk) -> None:
    contact, id, _ = await _resolved(desk, language="es")
    await _sweep(desk)
    asked = (await desk.log(contact))[-1]
    assert "¿Qué le pareció nuestra ayuda?" in asked.text and len(asked.buttons) == 5
    async with desk.working():
        await desk.send(contact, "5 Elm Street is dark")
        await desk.settled(contact)
        await desk.send(contact, button=asked.buttons[3].id)
        log = await desk.settled(contact)
    assert [turn["text"] for turn in desk.bot.asked] == ["5 Elm Street is dark"]
    assert (await _survey(desk, id)).rating == 4 and log[-1].text.startswith("Gracias")


async def test_not_solved_goes_to_a_person_and_is_counted(desk: Desk) -> None:
    contact, id, _ = await _resolved(desk)
    await _sweep(desk)
    async with desk.working():
        await desk.send(contact, "2")
        log = await desk.settled(contact)
        assert [button.title for button in log[-1].buttons] == ["It is not solved", "Add a comment"]
        await desk.send(contact, "1")  # the first of what was offered, as channels without buttons show it
        log = await desk.settled(contact)
    again = await desk.conversation(contact)
    assert (again.id, again.state, again.team) == (id, "queued", "front-desk") and desk.bot.asked == []
    assert "queue" in log[-1].text
    survey = await _survey(desk, id)
    assert survey.rating == 2 and survey.not_solved_at is not None
    last = (await transitions.list_of_conversation(desk.store.pool, id))[-1]
    assert (last.actor_kind, last.why, last.reason) == ("contact", "not_solved", None)
    asked = next(message for message in log if "How satisfied" in message.text)
    async with desk.working():
        # Worse, on second thoughts, while a person has it again.
        await desk.send(contact, button=asked.buttons[0].id)
        await desk.settled(contact)
    assert (await _survey(desk, id)).rating == 1 and desk.bot.asked == []
    assert (await desk.conversation(contact)).state == "queued"


async def test_not_solved_beside_a_newer_conversation_goes_to_a_person_there(desk: Desk) -> None:
    contact, id, _ = await _resolved(desk)
    await _sweep(desk)
    async with desk.working():
        await desk.send(contact, "1")
        offered = (await desk.settled(contact))[-1].buttons
        await desk.send(contact, "Where is the library?")
        await desk.settled(contact)
        await desk.send(contact, button=offered[0].id)
        await desk.settled(contact)
    current = await desk.conversation(contact)
    assert current.id != id and current.state == "queued"
    old = await conversations.get_by_id(desk.store.pool, id)
    assert old and old.state == "resolved" and (await _survey(desk, id)).not_solved_at


async def test_the_reason_is_stored_and_an_unknown_one_is_refused(desk: Desk) -> None:
    _, id, _ = await _resolved(desk, "not_ours")
    assert (await transitions.list_of_conversation(desk.store.pool, id))[-1].reason == "not_ours"
    assert await transitions.get_last_reason(desk.store.pool, id) == "not_ours"
    assert [one.name for one in desk.city.resolve_reasons if not one.asks] == ["duplicate", "abuse", "spam"]
    none = msgspec.structs.replace(desk.city, resolve_reasons=desk.city.resolve_reasons[:1])
    assert none.resolve_reason("spam") is None


async def test_an_erased_contact_leaves_no_rating_and_no_review(desk: Desk) -> None:
    contact, id, agent = await _resolved(desk)
    await _sweep(desk)
    pool = desk.store.pool
    await pool.execute("UPDATE surveys SET rating = 5, comment = 'My name is Lucía'")
    await pool.execute(
        "INSERT INTO quality_reviews (conversation_id, reviewer_id, points, score) VALUES ($1, $2, '{}', 50)",
        id,
        agent.agent_id,
    )
    await pool.execute(
        """INSERT INTO whispers (id, conversation_id, from_agent_id, to_agent_id, text)
           VALUES ($1, $1, $2, $2, 'She lives in Elm Street')""",
        id,
        agent.agent_id,
    )
    await pool.execute("DELETE FROM contacts WHERE id = $1", contact.id)
    for table in ("surveys", "quality_reviews", "whispers"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 0
    last = (await transitions.list_of_conversation(pool, id))[-1]
    assert last.why == "erased"
