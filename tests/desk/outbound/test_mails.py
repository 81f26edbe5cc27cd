"""What goes out by mail: one mail for each turn, and no automatic answer to a mailing list or to a mail that was accepted by hand."""

import email
import email.policy
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

import aiohttp
import msgspec
import pytest

from city import InboxConfig
from desk.inbound.not_taken import NotTakenArrivals
from desk.model import Contact
from desk.store.inbound import not_taken
from desk.store.outbound import outbox
from desk.store.people import contacts
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.mail_desk import QUICK
from tests.support.mail_side import CITIZEN, Taken, channel, mail, smtp_server
from tests.support.plain_imap import plain_imap
from tests.support.waiting import eventually


@pytest.fixture
def desk(desk: Desk) -> Desk:
    inbox = InboxConfig(name="email", channel="email")
    desk.move_to(msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox)))
    return desk


@asynccontextmanager
async def at_work(desk: Desk, *mails: bytes, **settings: Any) -> AsyncIterator[Taken]:
    """A worker with a mailbox that has these mails, and a mail server that takes ours."""
    async with plain_imap(*mails) as box, smtp_server() as server, aiohttp.ClientSession() as http:
        settings |= {"imap_port": str(box.port), "smtp_port": str(server.port)}
        by = channel(http, patience=QUICK, **settings)
        async with desk.working(city=desk.city, channels={"email": by}):
            yield server


async def who(desk: Desk, address: str = CITIZEN) -> Contact:
    async def known() -> Contact | None:
        row = await desk.store.pool.fetchrow("SELECT id FROM contacts WHERE external_id = $1", address)
        return await contacts.get_by_id(desk.store.pool, row["id"]) if row else None

    found: Contact = await eventually(known)
    await eventually(lambda: _any(desk, found))
    await desk.settled(found)
    return found


async def _any(desk: Desk, contact: Contact) -> bool:
    return bool(
        await desk.store.pool.fetchval("SELECT count(*) FROM events WHERE contact_id = $1", contact.id)
    )


def sent(server: Taken) -> list[EmailMessage]:
    found = []
    for one in server.mails:
        assert isinstance(one.content, bytes)
        made = email.message_from_bytes(one.content, policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        found.append(made)
    return found


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n").strip()


async def states(desk: Desk) -> Sequence[str]:
    rows = await desk.store.pool.fetch("SELECT state FROM outbox ORDER BY id")
    return [row["state"] for row in rows]


async def test_what_one_turn_says_is_one_mail(desk: Desk) -> None:
    desk.bot.behaviour = says({"text": "The first."}, {"text": "The second."}, {"text": "The third."})
    async with at_work(desk, mail("Hello", Subject="Lamp")) as server:
        contact = await who(desk)
        await eventually(lambda: _are(desk, ["sent"] * 3))
    (one,) = sent(server)
    assert plain(one) == "The first.\n\nThe second.\n\nThe third."
    log = await desk.log(contact)
    assert [(said.author, said.status) for said in log[1:]] == [("bot", "sent")] * 3


async def _are(desk: Desk, wanted: Sequence[str]) -> bool:
    return list(await states(desk)) == list(wanted)


async def test_a_crash_after_the_mail_was_taken_sends_none_of_it_again(desk: Desk) -> None:
    """The provider took the first item's only part; the others were not recorded yet."""
    desk.bot.behaviour = says({"text": "The first."}, {"text": "The second."})
    async with smtp_server() as down:
        down.answers["MAIL"] = "421 4.3.0 Going down"
        async with plain_imap(mail("Hello")) as box, aiohttp.ClientSession() as http:
            by = channel(http, patience=QUICK, imap_port=str(box.port), smtp_port=str(down.port))
            async with desk.working(city=desk.city, channels={"email": by}):
                await who(desk)
                await eventually(lambda: _are(desk, ["pending"] * 2))
    first = await desk.store.pool.fetchval("SELECT min(id) FROM outbox")
    await outbox.mark_part_taken(desk.store.pool, first, 1, "<ours@lindenport.example>")
    await desk.store.pool.execute("UPDATE outbox SET available_at = now()")
    await desk.store.pool.execute("DELETE FROM inbox_health")  # the pause that the first server asked for
    async with at_work(desk) as server:
        await eventually(lambda: _are(desk, ["sent"] * 2))
    assert not server.mails


async def test_a_refused_mail_leaves_no_part_of_it_behind(desk: Desk) -> None:
    desk.bot.behaviour = says({"text": "The first."}, {"text": "The second."})
    async with at_work(desk, mail("Hello")) as server:
        server.answers["RCPT"] = "550 5.1.1 No such user"
        await eventually(lambda: _all_dead(desk))
    assert not server.mails


async def _all_dead(desk: Desk) -> bool:
    found = await states(desk)
    return len(found) >= 2 and set(found) == {"dead"}


async def test_of_two_lists_of_choices_in_a_mail_the_last_is_numbered(desk: Desk) -> None:
    one = [
        {"title": "Emergency shelter", "intent": "ask_shelter"},
        {"title": "Rent help", "intent": "ask_rent"},
    ]
    two = [{"title": "No photo", "intent": "skip"}, {"title": "Do not report it", "intent": "stop"}]
    desk.bot.behaviour = says({"text": "Go in.", "buttons": one}, {"text": "A photo?", "buttons": two})
    async with at_work(desk, mail("Hello")) as server:
        await eventually(lambda: _are(desk, ["sent"] * 2))
        (made,) = sent(server)
        assert plain(made) == (
            "Go in.\n\n- Emergency shelter\n- Rent help\n\nA photo?\n\n1. No photo\n2. Do not report it"
        )


async def test_a_mail_through_the_citys_own_list_goes_to_people_without_an_automatic_answer(
    desk: Desk,
) -> None:
    desk.bot.behaviour = says({"text": "An answer."})
    listed = mail("The lamp is dark", List_Id="Help <help.lindenport.example>", Precedence="list")
    async with at_work(desk, listed, lists="help.lindenport.example") as server:
        contact = await who(desk)
        conversation = await desk.conversation(contact)
        assert conversation.state == "queued" and not desk.bot.asked
        agent = await desk.agent()
        await desk.ownership.claim(agent, conversation.id)
        await desk.ownership.reply(agent, conversation.id, "A person's words.", "c1")
        await eventually(lambda: _has(server, 1))
        await eventually(lambda: _done(desk))
    (one,) = sent(server)
    assert plain(one) == "A person's words." and one["Auto-Submitted"] is None
    log = await desk.log(contact)
    assert "mailing list" in (log[0].note or "")


async def _has(server: Taken, count: int) -> bool:
    return len(server.mails) == count


async def _done(desk: Desk) -> bool:
    return set(await states(desk)) == {"sent"}


async def test_somebody_elses_list_is_not_taken_and_can_be_taken_by_hand(desk: Desk) -> None:
    desk.bot.behaviour = says({"text": "An answer."})
    listed = mail("The lamp is dark", Subject="Lamp", List_Id="<news.shop.example>")
    async with at_work(desk, listed) as server:
        (row,) = await eventually(lambda: not_taken.list_not_taken(desk.store.pool, "email"))
        assert (row.sender, row.subject, row.takeable) == (CITIZEN, "Lamp", True)
        assert row.headers["List-Id"] == "<news.shop.example>"
        agent = await desk.agent()
        arrivals = NotTakenArrivals(desk.store, desk.live, desk.clock)
        assert await arrivals.take(agent, row.id) == "email"
        contact = await who(desk)
        assert (await desk.conversation(contact)).state == "queued"
        assert [one.text for one in await desk.log(contact)] == ["The lamp is dark"]
        assert await arrivals.counts(agent) == {}
    assert not server.mails and not desk.bot.asked


async def test_the_same_id_from_another_sender_or_with_another_body_is_another_mail(desk: Desk) -> None:
    desk.bot.behaviour = says({"text": "An answer."})
    twice = mail("one", Message_ID="<scan@printer.example>")
    other_body = mail("two", Message_ID="<scan@printer.example>")
    other_sender = mail("one", Message_ID="<scan@printer.example>", From="bo@mail.example")
    async with at_work(desk, twice, other_body, other_sender, twice):
        await who(desk)
        await who(desk, "bo@mail.example")

        async def all_there() -> bool:
            return await desk.store.pool.fetchval("SELECT count(*) FROM events") == 3

        await eventually(all_there)
