"""Deleted, quoted and answered elsewhere: what a provider reports about messages besides new ones."""

import pytest

from channels.base import Capabilities, Inbound
from desk.conversations.redaction import without_deleted
from desk.people.access import AccessDenied, access_media
from desk.people.permissions import scope_of
from desk.store import media
from desk.store.dialogue import quotes, search
from desk.store.people import contacts
from desk.store.replies import translations
from desk.store.replies.translations import Wording
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off, says
from tests.support.messenger_desk import PARSE, Numbering, by, report, say, sent, with_messenger
from tests.support.providers import Recorder
from tests.support.waiting import eventually


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return with_messenger(desk)


# --- deletions


@pytest.mark.parametrize("ref", [None, "42"], ids=["by its event", "by the message's own number"])
async def test_a_deleted_message_is_shown_as_deleted_and_its_text_is_nowhere(
    desk: Desk, ref: str | None
) -> None:
    supervisor = await desk.agent(role="supervisor")
    scope = scope_of(supervisor)
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", "my neighbour Xaver parks on the lawn", ref=ref)
        await desk.settled(contact)
        assert await search.search(desk.store.pool, scope, "xaver")
        (message,) = by(await desk.settled(contact), "contact")
        made = Wording(message.id, "es", "mi vecino Xaver", "machine", "en", "t.example", desk.now)
        assert await translations.add_wording(desk.store.pool, made)
        await report(desk, "deletion", deletes=ref or "m1")
        log = await desk.settled(contact)
    (deleted,) = by(log, "contact")
    assert deleted.text == "" and deleted.deleted_at is not None
    assert await translations.list_of_conversation(desk.store.pool, deleted.conversation_id) == {}
    assert await search.search(desk.store.pool, scope, "xaver") == []
    record = await desk.store.pool.fetchval(
        "SELECT content->'deleted' FROM messages WHERE id = $1", deleted.id
    )
    assert record["text"] == "my neighbour Xaver parks on the lawn" and record["at"]
    assert len(desk.bot.asked) == 1, "nobody asked the bot anything"


async def test_a_deletion_takes_the_edits_too_and_nothing_else(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", "first")
        await say(desk, "m1:edit:1", "first, changed", edits=True, ref="m1")
        await say(desk, "m2", "second")
        await desk.settled(contact)
        await report(desk, "deletion", "m1:deleted", deletes="m1")
        await report(desk, "deletion", "m1:deleted", deletes="m1")
        await report(desk, "deletion", deletes="never-seen")
        log = await desk.settled(contact)
    assert [(one.text, one.deleted_at is not None) for one in by(log, "contact")] == [
        ("", True),
        ("", True),
        ("second", False),
    ]


async def test_a_deletion_opens_no_reply_window_and_deletes_nothing_of_ours(desk: Desk) -> None:
    channel = Numbering()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await say(desk, "m1", "hello")
        await desk.settled(contact)
        await eventually(lambda: sent(channel, 1))
        before = await contacts.get_by_id(desk.store.pool, contact.id)
        await report(desk, "deletion", deletes="out-1")
        log = await desk.settled(contact)
    after = await contacts.get_by_id(desk.store.pool, contact.id)
    assert before and after and before.wrote_at == after.wrote_at
    assert by(log, "bot")[0].text == "What street?"


async def test_no_summary_quotes_a_deleted_message(desk: Desk) -> None:
    """Neither one that the agent has already, nor one that the bot writes later: it remembers what was said."""
    said = "my neighbour Xaver parks on the lawn every day"
    summary = f"The citizen wrote: {said[:30]} | it is at Oak Street\nAbout: parking permit"
    left = "The citizen wrote: (deleted by the citizen) | it is at Oak Street\nAbout: parking permit"
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", said)
        await desk.settled(contact)
        desk.bot.behaviour = hands_off("asked", summary)
        await say(desk, "m2", "it is at Oak Street")
        await desk.settled(contact)
        assert (await desk.conversation(contact)).handoff_summary == summary
        await report(desk, "deletion", deletes="m1")
        await desk.settled(contact)
        assert (await desk.conversation(contact)).handoff_summary == left


@pytest.mark.parametrize(
    ("summary", "deleted", "left"),
    [
        ("The citizen wrote: yes | no", "Yes!", "The citizen wrote: (deleted by the citizen) | no"),
        ("The citizen wrote: say yes to it", "yes", "The citizen wrote: say yes to it"),
        ("wrote: a b c d e f", "x b c d e y", "wrote: a (deleted by the citizen) f"),
        ("wrote: one two three", "two three four five", "wrote: one two three"),
        ("wrote: big\nred DOG bites", "Big red dog bites!", "wrote: (deleted by the citizen)"),
        ("wrote: x", "", "wrote: x"),
    ],
)
def test_what_is_taken_out_of_a_summary(summary: str, deleted: str, left: str) -> None:
    assert without_deleted(summary, [deleted]) == left


async def test_a_photo_of_a_deleted_message_cannot_be_opened(desk: Desk) -> None:
    supervisor = await desk.agent(role="supervisor")
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", "hello")
        await desk.settled(contact)
        photo = await media.add_file(desk.store.pool, contact.id, "a.jpg", "image/jpeg", 1, "0" * 64)
        await desk.store.pool.execute(
            "UPDATE messages SET content = content || $2 WHERE contact_id = $1 AND author = 'contact'",
            contact.id,
            {"attachments": [{"id": str(photo.id), "content_type": "image/jpeg"}]},
        )
        conversation = await desk.conversation(contact)
        assert await access_media(desk.store.pool, supervisor, conversation.id, photo.id)
        await report(desk, "deletion", deletes="m1")
        log = await desk.settled(contact)
    assert log[0].attachments == ()
    with pytest.raises(AccessDenied):
        await access_media(desk.store.pool, supervisor, conversation.id, photo.id)


# --- quotes


async def test_a_reply_to_an_older_message_says_what_it_answers(desk: Desk) -> None:
    channel = Numbering()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        desk.bot.behaviour = says(
            {"text": "Your bin is collected on Tuesday."}, parse={**PARSE, "intent": "bin_day"}
        )
        contact = await say(desk, "m1", "when is my bin collected")
        await eventually(lambda: sent(channel, 1))
        desk.bot.behaviour = says({"text": "The library opens at nine."})
        await say(desk, "m2", "and the library?")
        await eventually(lambda: sent(channel, 2))
        await say(desk, "m3", "and in July?", quotes="out-1")
        await say(desk, "m4", "this one", quotes="m1")
        await say(desk, "m5", "that one", quotes="somebody-elses")
        log = await desk.settled(contact)
    said = by(log, "contact")
    bot = by(log, "bot")
    assert [one.quotes for one in said] == [None, None, bot[0].id, said[0].id, None]
    assert said[4].quotes_unknown and not said[3].quotes_unknown
    told = [one["metadata"].get("quoted") for one in desk.bot.asked]
    assert told[:2] == [None, None] and told[4] is None
    assert told[2]["author"] == "bot" and told[2]["text"] == "Your bin is collected on Tuesday."
    assert told[2]["intent"] == told[3]["intent"] == "bin_day" and told[3]["author"] == "contact"


async def test_a_quoted_follow_up_is_about_its_answer(desk: Desk) -> None:
    channel = Numbering()
    entities = [{"entity": "part", "value": "cost"}, {"entity": "answer", "value": "passport"}]
    async with desk.working(city=desk.city, channels={"wa": channel}):
        desk.bot.behaviour = says(
            {"text": "It costs 130 dollars."}, parse={**PARSE, "intent": "follow_up", "entities": entities}
        )
        contact = await say(desk, "m1", "how much?")
        await eventually(lambda: sent(channel, 1))
        await say(desk, "m2", "and for children?", quotes="out-1")
        await desk.settled(contact)
    assert desk.bot.asked[-1]["metadata"]["quoted"]["intent"] == "passport"


async def test_an_edit_shows_what_stood_there_before(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "7001", "Elm Street", ref="9:1")
        await say(desk, "7002", "Oak Street", ref="9:1", edits=True)
        log = await desk.settled(contact)
    first, second = by(log, "contact")
    assert second.edited and second.quotes == first.id


async def test_the_bot_gets_no_words_of_a_deleted_message(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", "a secret")
        await desk.settled(contact)
        await report(desk, "deletion", deletes="m1")
        await say(desk, "m2", "I mean this", quotes="m1")
        log = await desk.settled(contact)
    assert "quoted" not in desk.bot.asked[-1]["metadata"]
    (quoted,) = (await quotes.list_quoted(desk.store.pool, contact.id, [log[0].id])).values()
    assert quoted.deleted and quoted.text == ""


async def test_the_bot_forgets_the_words_of_a_deleted_message_and_may_be_away(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", "a secret")
        first, *_ = await desk.settled(contact)
        await report(desk, "deletion", deletes="m1")
        await eventually(lambda: desk.bot.forgot)
        assert desk.bot.forgot == [
            {"conversation_id": str(first.conversation_id), "message_ids": [str(first.id)]}
        ]
        await say(desk, "m2", "another secret")
        await desk.settled(contact)
        await desk.bot.stop()
        await report(desk, "deletion", deletes="m2")
        log = await desk.settled(contact)
    assert all("secret" not in one.text for one in log)


# --- STOP


async def test_words_that_stop_everything_are_confirmed_once_and_then_nothing_goes(desk: Desk) -> None:
    channel = Recorder(Capabilities(1000))
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await say(desk, "m1", "hola")
        await eventually(lambda: sent(channel, 1))
        for number in (2, 3):  # said twice, confirmed once
            await desk.intake.receive(
                "wa",
                [
                    Inbound(f"m{number}", "citizen", "message", "BAJA", stops=True),
                    Inbound(f"m{number}:opted_out", "citizen", "contact", change="opted_out"),
                ],
            )
            await desk.settled(contact)
        await eventually(lambda: sent(channel, 2))
        log = await desk.settled(contact)
    assert channel.texts[1] == "You will get no more messages from us here. To get them again, write START."
    assert len(desk.bot.asked) == 1 and [one.confirms_stop for one in log].count(True) == 1
    now = await contacts.get_by_id(desk.store.pool, contact.id)
    assert now and now.opted_out_at is not None
