"""From the bot to a person: the citizen is told their place in the queue, or when the office opens; the conversation waits either way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from aiohttp import web

from channels.registry import CHANNELS
from city import Team
from city.model import InboxConfig
from desk.conversations.places import Places
from desk.conversations.state import contact_state
from desk.routing.teams import choose_team
from tests.support.desk import CLOSED, OPEN, Desk
from tests.support.fake_bot import Turn, answer, hands_off


async def test_while_the_office_is_open_the_place_is_told(desk: Desk) -> None:
    first = await desk.queued()
    desk.bot.behaviour = hands_off(summary="Wants to talk about a fine.")
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "I want to talk to a person")
        log = await desk.settled(contact)
    assert "place in the queue: 2" in log[1].text
    waiting = await desk.conversation(contact)
    assert (waiting.state, waiting.team, waiting.handoff_reason) == ("queued", "front-desk", "asked")
    assert waiting.handoff_summary == "Wants to talk about a fine." and waiting.queued_at
    assert await desk.outcome(log[0]) == "handed_off"
    state = await contact_state(desk.store.pool, desk.city, contact.id, desk.now)
    assert (state.owner, state.position, state.office_open, state.opens_at) == ("queued", 2, True, None)
    agent = await desk.agent()
    await desk.ownership.claim(agent, first.id)
    state = await contact_state(desk.store.pool, desk.city, contact.id, desk.now)
    assert state.position == 1


async def test_a_citizen_may_go_back_to_the_assistant_before_and_after_somebody_comes(desk: Desk) -> None:
    desk.bot.behaviour = hands_off(summary="Wants to talk about a fine.")
    first, second = await desk.contact(), await desk.contact()
    async with desk.working():
        for contact in (first, second):
            await desk.send(contact, "I want to talk to a person")
        offered = {contact.id: (await desk.settled(contact))[1].buttons[-1].id for contact in (first, second)}
        await desk.ownership.claim(await desk.agent(), (await desk.conversation(second)).id)
        for contact in (first, second):
            await desk.send(contact, button=offered[contact.id])
            await desk.settled(contact)
    assert (await desk.conversation(first)).state == "bot"
    assert (await desk.conversation(second)).state == "bot"
    assert "ended the conversation with our colleague" in (await desk.log(second))[-1].text


async def test_only_somebody_with_a_page_is_told_of_a_page(desk: Desk) -> None:
    ways = {"web": "this page", "sms": "text message", "email": "by e-mail"}
    queued = await desk.queued()
    assert set(ways) < set(CHANNELS)
    inboxes = tuple(InboxConfig(name=name, channel=name) for name in CHANNELS)
    city = msgspec.structs.replace(desk.city, inboxes=inboxes)
    places = Places(city, desk.catalog, lambda: OPEN)
    for name in CHANNELS:
        for language in city.languages:
            here = replace(queued, inbox=name, language=language)
            said = (await places.said(desk.store.pool, here, "handoff")).text
            assert "{" not in said
            if language == "en":
                assert ways.get(name, "you get a message") in said
                assert ("page" in said) == (name == "web"), said


@pytest.mark.parametrize(
    ("language", "opens"),
    [
        ("en", "Monday, November 23 at 8:30"),
        ("es", "el lunes 23 de noviembre a las 8:30"),
        ("fr", "le lundi 23 novembre à 8 h 30"),
    ],
)
async def test_while_it_is_closed_the_opening_is_told_in_the_citizens_language(
    desk: Desk, language: str, opens: str
) -> None:
    desk.now = CLOSED
    desk.bot.behaviour = hands_off(language=language)
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "a person")
        log = await desk.settled(contact)
    assert opens in log[1].text and log[1].language == language
    assert (await desk.conversation(contact)).state == "queued"
    state = await contact_state(desk.store.pool, desk.city, contact.id, desk.now)
    assert (state.owner, state.position, state.office_open, state.language) == ("queued", 1, False, language)
    assert state.opens_at == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    # Coming back to the queue, they are told the hours again only if these have changed.
    agent, waiting = await desk.agent(), await desk.conversation(contact)
    for later, told in ((timedelta(), False), (timedelta(days=6), True), (timedelta(days=6), False)):
        desk.now = CLOSED + later
        await desk.ownership.claim(agent, waiting.id)
        await desk.ownership.release(agent, waiting.id)
        said = (await desk.log(contact))[-1]
        assert (":30" in said.text or " h 30" in said.text) == told, said.text
        assert len(said.buttons) == 2


async def test_an_agent_answers_in_the_same_log_and_the_state_follows(desk: Desk) -> None:
    desk.bot.behaviour = hands_off()
    contact, agent = await desk.contact(), await desk.agent("Ana")
    pool = desk.store.pool
    assert (await contact_state(pool, desk.city, contact.id, OPEN)).owner == "none"
    async with desk.working():
        await desk.send(contact, "a person")
        await desk.settled(contact)
        conversation = await desk.conversation(contact)
        await desk.ownership.claim(agent, conversation.id)
        await desk.ownership.reply(agent, conversation.id, "How can I help?", "1")
    state = await contact_state(pool, desk.city, contact.id, OPEN)
    assert (state.owner, state.agent_name, state.position, state.typing) == ("agent", "Ana", None, False)
    await desk.ownership.hand_back(agent, conversation.id)
    state = await contact_state(pool, desk.city, contact.id, OPEN)
    assert (state.owner, state.agent_name) == ("bot", None)
    await desk.send(contact, "hello bot")
    assert (await contact_state(pool, desk.city, contact.id, OPEN)).typing


async def test_the_button_under_the_place_leads_back_to_the_assistant(desk: Desk) -> None:
    desk.bot.behaviour = hands_off()
    contact, agent = await desk.contact(), await desk.agent()
    async with desk.working():
        await desk.send(contact, "a person")
        log = await desk.settled(contact)
        await desk.send(contact, button=log[1].buttons[-1].id)
        log = await desk.settled(contact)
        assert [m.text for m in log[2:3]] == ["Back to the assistant"]
        assert "back with the digital assistant" in log[3].text
        assert (await desk.conversation(contact)).state == "bot"
        assert [turn["intent"] for turn in desk.bot.asked] == [None, "back_to_bot"]
        # Once a person has it, the same button ends the conversation with that person.
        await desk.send(contact, "a person after all")
        log = await desk.settled(contact)
        await desk.ownership.claim(agent, (await desk.conversation(contact)).id)
        await desk.send(contact, button=log[-1].buttons[-1].id)
        await desk.settled(contact)
    assert (await desk.conversation(contact)).state == "bot"


def _parse(intent: str, **ranking: float) -> dict[str, Any]:
    ranked = [{"intent": name, "confidence": sure} for name, sure in ranking.items()]
    return {"intent": intent, "confidence": 0.9, "ranking": ranked, "entities": [], "scope": None}


@pytest.mark.parametrize(
    ("before", "wish", "topic"),
    [
        (None, {"talk_to_person": 0.2, "parking_fine": 0.77}, "parking_fine"),
        ("passport", {"talk_to_person": 0.2, "parking_fine": 0.77}, "parking_fine"),
        ("passport", {"talk_to_person": 0.9, "thanks": 0.1}, "passport"),
        ("passport", {"parking_fine": 0.4, "talk_to_person": 0.3}, "passport"),
        ("report_problem", {"talk_to_person": 0.9}, "report_problem"),
        ("greet", {"talk_to_person": 0.9}, None),
        (None, {"parking_fine": 0.4, "talk_to_person": 0.3}, None),
    ],
)
async def test_a_handoff_has_the_subject_of_the_wish_or_the_last_one_that_was_answered(
    desk: Desk, before: str | None, wish: dict[str, float], topic: str | None
) -> None:
    async def behave(turn: Turn) -> web.StreamResponse:
        if turn["text"] == "first":
            return answer(turn, {"text": "An answer."}, parse=_parse(before or ""))
        handoff = {"type": "handoff", "reason": "asked", "summary": "", "urgency": None}
        return answer(turn, directives=[handoff], parse=_parse("talk_to_person", **wish))

    desk.bot.behaviour = behave
    contact = await desk.contact()
    async with desk.working():
        if before:
            await desk.send(contact, "first")
            await desk.settled(contact)
        await desk.send(contact, "a person")
        await desk.settled(contact)
    conversation = await desk.conversation(contact)
    assert (conversation.state, conversation.topic) == ("queued", topic)


def test_the_team_is_the_one_that_claims_the_topic_and_speaks_the_language() -> None:
    desk = Team(name="desk", title="Desk", languages=("en", "es"))
    french = Team(name="french", title="French", languages=("fr",))
    parking = Team(name="parking", title="Parking", languages=("en",), topics=("parking_fine",))
    web = Team(name="web", title="Web", languages=("en",), inboxes=("web",))
    town = (desk, french, parking)
    assert choose_team(town, "en", "passport") == desk
    assert choose_team(town, "fr", None) == french
    assert choose_team(town, "en", "parking_fine") == parking
    assert choose_team(town, "fr", "parking_fine") == parking
    assert choose_team(town, "xx", None) == desk
    assert choose_team((parking,), "en", "passport") == parking
    # A team for certain inboxes comes before general ones there, and gets nothing of other inboxes.
    assert choose_team((*town, web), "en", None, "web") == web
    assert choose_team((*town, web), "en", "parking_fine", "web") == parking
    assert choose_team((web, *town), "en", None, "sms") == desk
    assert choose_team((web,), "en", None, "sms") == web
