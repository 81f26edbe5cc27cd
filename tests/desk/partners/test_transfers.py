"""Transfers to a partner desk: nothing leaves without a clear yes, everything leaves once, and nobody is lost."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest

from desk.conversations.reply_extras import ReplyExtras
from desk.conversations.transfers import Transfers
from desk.model import Actor, Contact, Conversation, Refused, WrongState
from desk.partners.answers import PartnerAnswer
from desk.partners.asking import PartnerTransfers
from desk.partners.outcomes import Outcomes
from desk.store.dialogue import conversations, transitions
from desk.store.routing import partners
from desk.store.routing.partners import PartnerTransfer
from desk.worker import Worker
from tests.support.desk import Desk
from tests.support.partner_desk import PartnerDesk, fixed, known, partner_desk, with_partner


@dataclass
class Side:
    """A conversation of Ana's whose citizen was asked."""

    desk: Desk
    partner: PartnerDesk
    worker: Worker
    ana: Actor
    contact: Contact
    conversation: Conversation

    @property
    def asking(self) -> PartnerTransfers:
        return PartnerTransfers(self.desk.ownership, self.desk.city, self.desk.clock)

    @property
    def outcomes(self) -> Outcomes:
        outcomes = self.worker.sweeps._partners
        assert outcomes
        return outcomes

    async def ask(self, client_id: str = "one") -> None:
        await self.asking.ask(self.ana, self.conversation.id, "benefits", "Rent is due.", client_id)

    async def says(self, text: str | None = None, **more: str) -> None:
        async with self.desk.working():
            await self.desk.send(self.contact, text, **more)
            await self.desk.settled(self.contact)

    async def transfer(self) -> PartnerTransfer:
        found = await partners.get_latest(self.desk.store.pool, self.conversation.id)
        assert found
        return found

    async def state(self) -> Conversation:
        found = await conversations.get_by_id(self.desk.store.pool, self.conversation.id)
        assert found
        return found

    async def last(self) -> str:
        return " | ".join(one.text for one in (await self.desk.log(self.contact))[-2:])

    async def audited(self) -> list[str]:
        rows = await self.desk.store.pool.fetch(
            "SELECT action FROM audit WHERE conversation_id = $1 AND action LIKE 'partner%' ORDER BY id",
            self.conversation.id,
        )
        return [row["action"] for row in rows]

    async def later(self, hours: float) -> None:
        self.desk.now += timedelta(hours=hours)
        await self.worker.sweeps.sweep()


@pytest.fixture
async def side(desk: Desk) -> AsyncIterator[Side]:
    async with partner_desk(lambda: desk.now.timestamp()) as partner, aiohttp.ClientSession() as session:
        desk.move_to(with_partner(desk.city, partner.url))
        worker = desk.worker(session, partners=known(desk.city, desk.clock))
        contact = await desk.contact("en")
        queued = await desk.queued(contact)
        ana = await desk.agent()
        await desk.ownership.claim(ana, queued.id)
        yield Side(desk, partner, worker, ana, contact, queued)


async def test_it_leaves_once_and_only_after_a_clear_yes(side: Side) -> None:
    await side.says("I cannot pay my rent.")
    await Transfers(side.desk.ownership).note(side.ana, side.conversation.id, "Internal.", "n")
    extras = ReplyExtras(choices=("Yes", "No"))
    await side.desk.ownership.reply(side.ana, side.conversation.id, "Do you live alone?", "q", extras)
    await side.ask()
    await side.ask()  # the same form again
    with pytest.raises(Refused):
        await side.ask("two")
    asked = (await side.desk.log(side.contact))[-1]
    assert "Benefits office" in asked.text and [one.title for one in asked.buttons] == ["Yes", "No"]
    await side.worker.partners.step()
    choices = next(one for one in await side.desk.log(side.contact) if one.author == "agent").buttons
    await side.says(button=choices[0].id)  # of another question
    await side.desk.ownership.reply(side.ana, side.conversation.id, "Do you have children?", "r")
    await side.says("yes")  # of the children
    assert (await side.transfer()).state == "asked"
    await side.worker.partners.step()
    assert side.partner.calls == 0
    await side.says(button=asked.buttons[0].id)
    assert (await side.transfer()).state == "consented" and "Thank you" in await side.last()
    assert side.desk.bot.asked == []
    assert await side.worker.partners.step() and not await side.worker.partners.step()
    (sent,) = side.partner.taken.values()
    texts = [one["text"] for one in sent["messages"]]
    assert "I cannot pay my rent." in texts and sent["note"] == "Rent is due." and side.partner.flaws == []
    assert not {"Internal.", "Do you have children?", "yes", "Yes", "Wants a person."} & set(texts)
    assert (await side.transfer()).state == "sent" and (await side.state()).agent_id == side.ana.agent_id
    id = (await side.transfer()).id
    assert await side.outcomes.take("other", id, PartnerAnswer("accepted")) == "unknown"
    assert await side.outcomes.take("benefits", id, PartnerAnswer("accepted", "B-7")) == "done"
    assert await side.outcomes.take("benefits", id, PartnerAnswer("accepted", "B-7")) == "again"
    assert await side.outcomes.take("benefits", id, PartnerAnswer("declined")) == "over"
    assert "B-7" in await side.last() and (await side.state()).state == "resolved"
    acts = ["partner_asked", "partner_asked", "partner_consented", "partner_sent", "partner_accepted"]
    assert await side.audited() == acts
    moves = await transitions.list_of_conversation(side.desk.store.pool, side.conversation.id)
    assert (moves[-1].actor_kind, moves[-1].why) == ("system", "partner_took")


@pytest.mark.parametrize("answer", ["No", "no, thanks", "2"])
async def test_a_no_keeps_it_here(side: Side, answer: str) -> None:
    await side.ask()
    await side.says(answer)
    assert (await side.transfer()).state == "refused" and "Nothing is sent" in await side.last()
    assert not await side.worker.partners.step() and side.partner.calls == 0
    assert (await side.state()).state == "assigned"


async def test_words_in_another_language_count_and_silence_is_no(side: Side) -> None:
    await side.ask()
    await side.later(25)
    assert (await side.transfer()).state == "unanswered" and "did not answer" in await side.last()
    await side.ask("two")
    await side.says("sí, por favor")
    assert (await side.transfer()).state == "consented"
    await side.asking.withdraw(side.ana, side.conversation.id)
    assert not await side.worker.partners.step() and side.partner.calls == 0
    with pytest.raises(WrongState):
        await side.asking.withdraw(side.ana, side.conversation.id)
    old = next(one for one in await side.desk.log(side.contact) if one.buttons)
    await side.says(button=old.buttons[0].id)
    assert "is closed" in await side.last() and (await side.transfer()).state == "withdrawn"


@pytest.mark.parametrize(
    ("body", "status", "state"),
    [
        ('{"state": "declined", "reason": "Not our county."}', 200, "declined"),
        ("", 403, "failed"),
        ("", 302, "failed"),
    ],
)
async def test_what_the_partner_does_not_take_is_back_at_its_place(
    side: Side, body: str, status: int, state: str
) -> None:
    before = await side.state()
    await side.ask()
    await side.says("Yes")
    side.partner.says = fixed(body, status, {"Location": "/elsewhere"} if status == 302 else None)
    await side.worker.partners.step()
    transfer, now = await side.transfer(), await side.state()
    assert transfer.state == state and transfer.reason == ("Not our county." if state == "declined" else None)
    assert (now.state, now.agent_id, now.queued_at) == ("queued", None, before.queued_at)
    assert "continue with it here" in await side.last()
    moves = await transitions.list_of_conversation(side.desk.store.pool, side.conversation.id)
    assert (moves[-1].actor_kind, moves[-1].why) == ("system", "partner_back")


async def test_a_lost_answer_is_asked_for_again_and_silence_ends(side: Side) -> None:
    await side.ask()
    await side.says("Yes")
    for lie in (
        "<html>",
        '{"state": "done"}',
        '{"state": "accepted"' + " " * 5_000 + "}",
        '{"state": "accepted", "reference": "<b>"}',
    ):
        side.partner.taken.clear()
        side.partner.says = fixed(lie)
        side.desk.now += timedelta(minutes=16)
        assert await side.worker.partners.step()
        assert (await side.transfer()).state == "consented"
    side.partner.says = fixed("", 503)
    side.partner.taken.clear()
    side.desk.now += timedelta(minutes=16)
    await side.worker.partners.step()
    side.desk.now += timedelta(minutes=16)
    await side.worker.partners.step()  # it has it, as the answer alone was lost
    assert (await side.transfer()).state == "sent" and side.partner.calls == 6
    await side.later(24)
    assert (await side.transfer()).state == "timed_out" and (await side.state()).state == "queued"
    assert (
        await side.outcomes.take("benefits", (await side.transfer()).id, PartnerAnswer("accepted")) == "over"
    )
    assert (await side.audited()).count("partner_sent") == 1


async def test_a_partner_that_is_down_fails_and_erasure_takes_all(side: Side) -> None:
    await side.ask()
    await side.says("Yes")
    side.partner.says = fixed("", 500)
    for _ in range(2):
        side.partner.taken.clear()
        await side.worker.partners.step()
        side.desk.now += timedelta(minutes=16)
    await side.later(24)
    assert (await side.transfer()).state == "failed" and "could not reach" in await side.last()
    await side.desk.store.pool.execute("DELETE FROM contacts WHERE id = $1", side.contact.id)
    assert await side.desk.store.pool.fetchval("SELECT count(*) FROM partner_transfers") == 0


async def test_what_is_resolved_or_deleted_meanwhile_does_not_leave(side: Side) -> None:
    await side.says("My neighbour is Mr Smith.")
    await side.ask()
    await side.says("Yes")
    await side.desk.store.pool.execute(
        """UPDATE messages SET text = '', content = content || '{"deleted": {"at": "2026-11-23T15:00:00+00:00"}}'
           WHERE text LIKE 'My neighbour%'"""
    )
    side.partner.says = fixed("", 503)
    await side.worker.partners.step()
    (sent,) = side.partner.taken.values()
    assert "neighbour" not in str(sent)
    await side.desk.ownership.resolve(side.ana, side.conversation.id)
    side.desk.now += timedelta(minutes=16)
    await side.worker.partners.step()
    assert side.partner.calls == 1
    await side.worker.sweeps.sweep()
    assert (await side.transfer()).state == "withdrawn"
