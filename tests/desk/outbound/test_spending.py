"""What strangers can make the desk pay for: bounded by destination, contact and hour, and agents see what was held back."""

from functools import partial
from typing import ClassVar

import msgspec
import pytest

from channels.base import Billing, Capabilities, Inbound, Outbound, Request, RetryLater, Sent, Webhook
from city import InboxConfig
from desk.model import Contact
from desk.store.outbound import dead_letters, inbox_health
from desk.store.people import contacts
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.waiting import eventually


class PaidProvider:
    """A channel that bills every character; numbers of +881 cost extra. `texts` by contact is what was taken."""

    name: ClassVar[str] = "sms"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=1_600, contact_burst=10_000, contact_per_second=10_000, burst=10_000, per_second=10_000
    )

    def __init__(self, inbox: int = 1_000, contact: int = 1_000, fails: int = 0) -> None:
        self.billing = Billing(("+1",), inbox, contact)
        self.texts: list[tuple[str, str]] = []
        self.tries = 0
        self._fails = fails

    def may_send_to(self, contact: str) -> bool:
        return contact.startswith("+1")

    def units(self, request: Request) -> int:
        return len(str(request.payload["text"]))

    def verify(self, request: Webhook) -> None: ...

    def parse(self, request: Webhook) -> list[Inbound]:
        return []

    def render(self, message: Outbound) -> list[Request]:
        return [Request("send", {"text": message.text, "to": message.contact})]

    async def send(self, request: Request, key: str) -> Sent:
        self.tries += 1
        if self.tries <= self._fails:
            raise RetryLater("busy")
        self.texts.append((str(request.payload["to"]), str(request.payload["text"])))
        return Sent(f"sms-{key}", self.units(request))

    @property
    def spent(self) -> int:
        return sum(len(text) for _, text in self.texts)


@pytest.fixture
def sms(desk: Desk) -> Desk:
    inbox = InboxConfig(name="sms", channel="sms")
    desk.move_to(msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox)))
    desk.bot.behaviour = says({"text": "ten chars."})
    return desk


async def _writes(desk: Desk, number: str, count: int = 1, first: int = 0) -> Contact:
    """The citizen writes `count` times."""
    received = await desk.intake.receive(
        "sms", [Inbound(f"{number}:{first + n}", number, "message", f"hello {n}") for n in range(count)]
    )
    contact = await contacts.get_by_id(desk.store.pool, received[0].contact_id)
    assert contact
    return contact


async def _held(desk: Desk, contact: Contact) -> list[tuple[str, str | None]]:
    rows = await desk.store.pool.fetch(
        "SELECT state, failure FROM outbox WHERE contact_id = $1 ORDER BY id", contact.id
    )
    return [(row["state"], row["failure"]) for row in rows]


async def _done(desk: Desk, contact: Contact, answers: int) -> bool:
    """Whether all that this citizen wrote was answered, and each answer sent, refused or held back."""
    rows = await _held(desk, contact)
    return len(rows) >= answers and all(state not in ("pending", "sending") or why for state, why in rows)


async def _known(desk: Desk, contact: Contact) -> None:
    """The desk has known this contact for a week."""
    await desk.store.pool.execute(
        "UPDATE contacts SET created_at = now() - interval '7 days' WHERE id = $1", contact.id
    )


def _metric(worker: object, limit: str) -> float:
    found = worker.metrics.registry.get_sample_value(  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned
        "civicdesk_held_back_total", {"inbox": "sms", "limit": limit}
    )
    return found or 0.0


async def test_nothing_goes_to_a_satellite_number_and_the_desk_shows_what_did_not(sms: Desk) -> None:
    """260 billed segments went to satellite prefixes in 47 seconds."""
    provider = PaidProvider()
    async with sms.working(city=sms.city, channels={"sms": provider}) as (worker,):
        far = await _writes(sms, "+881612345678", 20)
        near = await _writes(sms, "+12125550100")
        await eventually(lambda: _done(sms, near, 1))
        await eventually(lambda: _done(sms, far, 20))
        assert _metric(worker, "forbidden_number") == 20
    assert provider.texts == [("+12125550100", "ten chars.")]
    assert await _held(sms, far) == [("dead", "forbidden_number")] * 20
    shown = await dead_letters.list_dead_letters(sms.store.pool)
    assert {letter.contact_id for letter in shown} == {far.id}
    assert {letter.failure for letter in shown} == {"forbidden_number"}
    assert (await inbox_health.list_loads(sms.store.pool))["sms"].forbidden_number == 20
    assert {one.status for one in await sms.log(far) if one.author == "bot"} == {"failed"}


async def test_one_person_uses_up_the_own_hour_and_a_person_takes_over(sms: Desk) -> None:
    provider = PaidProvider(contact=35)
    async with sms.working(city=sms.city, channels={"sms": provider}) as (worker,):
        greedy = await _writes(sms, "+12125550100", 3)
        await eventually(lambda: _done(sms, greedy, 3))
        assert [text for to, text in provider.texts] == ["ten chars."] * 3
        await _writes(sms, "+12125550100", 1, first=3)
        await eventually(lambda: _done(sms, greedy, 5))  # the fourth answer, and the message about the queue
        assert _metric(worker, "contact_cap") == 1
        # The citizen is told that a person takes over, and somebody else is not concerned.
        assert provider.texts[-1][1] != "ten chars." and len(provider.texts) == 4
        other = await _writes(sms, "+12125550111")
        await eventually(lambda: _done(sms, other, 1))
        assert provider.texts[-1] == ("+12125550111", "ten chars.")
        conversation = await sms.conversation(greedy)
        assert (conversation.state, conversation.handoff_reason) == ("queued", "failed")
        # From now on the bot is silent, and what the agent writes goes.
        agent = await sms.agent()
        await sms.ownership.claim(agent, conversation.id)
        await sms.ownership.reply(agent, conversation.id, "I am here.", "1")
        await eventually(lambda: _done(sms, greedy, 7))
        assert ("+12125550100", "I am here.") in provider.texts
    assert [why for _, why in await _held(sms, greedy)].count("contact_cap") == 1


async def test_new_contacts_use_up_only_their_share_of_the_inbox(sms: Desk) -> None:
    provider = PaidProvider(inbox=100)
    async with sms.working(city=sms.city, channels={"sms": provider}) as (worker,):
        known = await _writes(sms, "+12125550100")
        await eventually(lambda: _done(sms, known, 1))
        await _known(sms, known)
        strangers = [await _writes(sms, f"+1212555{number}") for number in range(2000, 2012)]
        for stranger in strangers:
            await eventually(partial(_done, sms, stranger, 1))
        assert provider.spent <= 80, "the known citizen's ten, and at most three quarters for strangers"
        assert _metric(worker, "inbox_cap") == 12 - (provider.spent - 10) // 10
        await _writes(sms, "+12125550100", 2, first=1)
        await eventually(lambda: _done(sms, known, 3))
        assert [to for to, _ in provider.texts].count("+12125550100") == 3
        waiting = [one for one in strangers if ("pending", "inbox_cap") in await _held(sms, one)]
        assert waiting
        load = (await inbox_health.list_loads(sms.store.pool))["sms"]
        assert load.over_inbox_cap == len(waiting)
        assert await dead_letters.list_unsent(sms.store.pool, (await sms.conversation(waiting[0])).id), (
            "the agent sees why it waits"
        )
        # Contacts who have an agent get the agent's messages at once.
        agent = await sms.agent(role="supervisor")
        conversation = await sms.conversation(waiting[0])
        await sms.ownership.claim(agent, conversation.id)
        await sms.ownership.reply(agent, conversation.id, "I am here.", "1")
        await sms.store.pool.execute("UPDATE outbox SET available_at = now() WHERE state = 'pending'")
        await eventually(lambda: _done(sms, waiting[0], 3))
        assert provider.texts[-1][1] == "I am here."
        # An hour later the rest goes by itself.
        await sms.store.pool.execute("UPDATE billed_units SET at = at - interval '61 minutes'")
        await sms.store.pool.execute("UPDATE outbox SET available_at = now() WHERE state = 'pending'")
        for stranger in strangers:
            await eventually(partial(_sent, sms, stranger))


async def _sent(desk: Desk, contact: Contact) -> bool:
    return {state for state, _ in await _held(desk, contact)} == {"sent"}


async def test_a_message_that_is_tried_again_is_paid_for_once(sms: Desk) -> None:
    provider = PaidProvider(contact=10, fails=3)
    async with sms.working(city=sms.city, channels={"sms": provider}):
        contact = await _writes(sms, "+12125550100")
        await eventually(lambda: _sent(sms, contact))
    assert provider.tries == 4 and provider.spent == 10
    assert await sms.store.pool.fetchval("SELECT sum(units) FROM billed_units") == 10


async def test_many_workers_together_do_not_pass_the_limit(sms: Desk) -> None:
    provider = PaidProvider(inbox=100)
    async with sms.working(3, city=sms.city, channels={"sms": provider}):
        for number in range(2000, 2020):
            contact = await _writes(sms, f"+1212555{number}")
        await eventually(lambda: _done(sms, contact, 1))
        await eventually(lambda: _everything_decided(sms, 20))
    assert provider.spent <= 75


async def _everything_decided(desk: Desk, count: int) -> bool:
    rows = await desk.store.pool.fetch("SELECT state, failure FROM outbox")
    return len(rows) == count and all(row["state"] == "sent" or row["failure"] for row in rows)
