"""What a citizen changed afterwards, and what an agent offers: passed on as text to the conversation's owner, never guessed at."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest

from channels.base import Capabilities, Inbound
from city import InboxConfig
from desk.conversations.reply_extras import AgentPhoto, ReplyExtras
from desk.media.files import Stored
from desk.model import Contact, Message
from desk.store.people import contacts
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off, says
from tests.support.providers import Recorder, states, write
from tests.support.waiting import eventually

TAPPED = Capabilities(1000, buttons=3, images_out=True)
NUMBERED = Capabilities(1000)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    inbox = InboxConfig(name="wa", channel="whatsapp")
    desk.city = msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox))
    desk.ownership = type(desk.ownership)(desk.store, desk.live, desk.city, desk.catalog, desk.clock)
    desk.now = datetime.now(UTC)
    desk.bot.behaviour = says({"text": "What street?"})
    return desk


def said(log: list[Message], author: str) -> list[str]:
    return [one.text for one in log if one.author == author]


async def with_agent(desk: Desk, beside: ReplyExtras | None = None) -> Contact:
    """A contact whose conversation Ana has, and to whom she said something."""
    agent = await desk.agent(role="supervisor")
    desk.bot.behaviour = hands_off()
    contact = await write(desk, "a person please")
    await desk.settled(contact)
    conversation = await desk.conversation(contact)
    await desk.ownership.claim(agent, conversation.id)
    await desk.ownership.reply(agent, conversation.id, "Which day?", "1", beside)
    return contact


async def test_an_edit_is_kept_and_answered_and_is_no_answer_to_the_bots_question(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await write(desk, "the light in Elm Street is dark")
        await desk.settled(contact)
        await write(desk, "the light in Oak Street is dark", edits=True)
        log = await desk.settled(contact)
    assert len(desk.bot.asked) == 1, "the bot would take it for the answer to its question"
    assert said(log, "contact") == ["the light in Elm Street is dark", "the light in Oak Street is dark"]
    assert [one.edited for one in log if one.author == "contact"] == [False, True]
    assert "please send it again" in said(log, "system")[-1]


async def test_an_edit_is_for_the_agent_to_read_where_there_is_one(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await with_agent(desk)
        before = await desk.settled(contact)
        await write(desk, "a person, quickly", edits=True)
        log = await desk.settled(contact)
    assert [(one.author, one.text, one.edited) for one in log[len(before) :]] == [
        ("contact", "a person, quickly", True)
    ]


@pytest.mark.parametrize("edit", ["link my channels", "2", "L-2345-23456789"])
async def test_an_edit_neither_chooses_nor_links(desk: Desk, edit: str) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder(NUMBERED)}):
        contact = await write(desk)
        await desk.settled(contact)
        await write(desk, edit, edits=True)
        log = await desk.settled(contact)
    assert len(desk.bot.asked) == 1 and "edited a message" in log[-1].text
    assert await desk.store.pool.fetchval("SELECT count(*) FROM link_codes") == 0


@pytest.mark.parametrize(
    ("capabilities", "writes", "shown"),
    [(TAPPED, None, "Tuesday"), (NUMBERED, "2", "2"), (NUMBERED, "the second one", "the second one")],
    ids=["tapped", "by number", "in words"],
)
async def test_a_choice_of_an_agents_is_what_the_citizen_says(
    desk: Desk, capabilities: Capabilities, writes: str | None, shown: str
) -> None:
    channel = Recorder(capabilities)
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await with_agent(desk, ReplyExtras(choices=("Monday", "Tuesday")))
        await eventually(lambda: _offered(channel))
        asked = len(desk.bot.asked)
        if writes is None:
            await write(desk, "", button=channel.sent[-1].buttons[1].id)
        else:
            await write(desk, writes)
        log = await desk.settled(contact)
    assert log[-1].author == "contact" and log[-1].text == shown
    assert log[-1].chosen == "Tuesday"
    assert len(desk.bot.asked) == asked, "the agent has the conversation"


async def test_an_old_choice_of_an_agents_is_words_to_the_bot_too(desk: Desk) -> None:
    channel = Recorder(TAPPED)
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await with_agent(desk, ReplyExtras(choices=("Monday", "Tuesday")))
        await eventually(lambda: _offered(channel))
        offered = channel.sent[-1].buttons[0].id
        conversation = await desk.conversation(contact)
        await desk.ownership.hand_back(await desk.agent(role="supervisor"), conversation.id)
        desk.bot.behaviour = says({"text": "noted"})
        await write(desk, "", button=offered)
        await desk.settled(contact)
    assert (desk.bot.asked[-1]["kind"], desk.bot.asked[-1]["text"]) == ("text", "Monday")


async def test_an_agents_photo_goes_to_the_channel_as_a_link_it_can_fetch(desk: Desk) -> None:
    channel = Recorder(TAPPED)
    photo = AgentPhoto(Stored("a.jpg", "image/jpeg", 10, "0" * 64), "a map")
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await with_agent(desk, ReplyExtras(photos=(photo,)))
        await eventually(lambda: _with_photo(channel))
    (media,) = channel.sent[-1].media
    kept = await desk.store.pool.fetchrow("SELECT id, contact_id, file_name FROM media")
    assert kept is not None
    assert (kept["contact_id"], kept["file_name"], str(kept["id"])) == (contact.id, "a.jpg", media.id)
    assert media.url and media.id in media.url and channel.sent[-1].human


async def _offered(channel: Recorder) -> bool:
    """The agent's choices; the queue's own buttons come first."""
    return bool(channel.sent) and [one.title for one in channel.sent[-1].buttons] == ["Monday", "Tuesday"]


async def _with_photo(channel: Recorder) -> bool:
    return bool(channel.sent) and len(channel.sent[-1].media) == 1


async def test_an_agent_takes_the_thread_over_and_what_waited_goes_too(desk: Desk) -> None:
    channel = Recorder(TAPPED)
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await with_agent(desk)
        await eventually(lambda: _count(channel, 3))
        await change(desk, "routed_away")
        agent = await desk.agent(role="supervisor")
        conversation = await desk.conversation(contact)
        holder = await desk.store.pool.fetchval(
            "SELECT agent_id FROM conversations WHERE id = $1", conversation.id
        )
        ana = replace(agent, agent_id=holder)
        await desk.ownership.reply(ana, conversation.id, "waits", "2")
        await eventually(states(desk, "sent", "sent", "sent", "waiting"))
        await desk.ownership.reply(
            ana, conversation.id, "I am here now.", "3", ReplyExtras(takes_thread=True)
        )
        await eventually(states(desk, "sent", "sent", "sent", "sent", "sent"))
    assert [(one.text, one.takes_thread) for one in channel.sent[3:]] == [
        ("I am here now.", True),
        ("waits", False),
    ]
    now = await contacts.get_by_id(desk.store.pool, contact.id)
    assert now and now.routed_away_at is None


async def change(desk: Desk, what: str) -> None:
    inbound = Inbound(str(uuid4()), "citizen", "contact", change=what)  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
    await desk.intake.receive("wa", [inbound])


async def _count(channel: Recorder, count: int) -> bool:
    return len(channel.sent) == count
