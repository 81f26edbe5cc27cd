"""Mails to supervisors: only what they want and may see, once, with numbers and links, and sent again after a failure."""

from datetime import timedelta
from typing import Any

import msgspec

from channels.base import Outbound, Request, RetryLater, Sent, Undeliverable
from city.model import InboxConfig, SlaPolicy
from desk.model import Actor
from desk.reporting.staff_mail_delivery import AGAIN, StaffMailDelivery
from desk.reporting.staff_mails import StaffMails
from desk.routing.team_directory import TeamDirectory
from desk.store.people import mail_wishes
from tests.support.desk import Desk


class Mailbox:
    """A mail channel that keeps what is sent, and fails as told."""

    def __init__(self) -> None:
        self.sent: list[Outbound] = []
        self.failures: list[Exception] = []

    def render(self, message: Outbound) -> list[Request]:
        return [Request("mail", {"message": message})]

    async def send(self, request: Request, key: str) -> Sent:
        if self.failures:
            raise self.failures.pop(0)
        message: Any = request.payload["message"]
        assert key == message.message_id
        self.sent.append(message)
        return Sent()


def delivery(desk: Desk, mailbox: Mailbox | None) -> StaffMailDelivery:
    city = msgspec.structs.replace(
        desk.city,
        sla=(SlaPolicy(first_response=20, always=True),),
        inboxes=(*desk.city.inboxes, *([InboxConfig(name="post", channel="email")] if mailbox else [])),
    )
    mails = StaffMails(desk.store, city, TeamDirectory(city), desk.clock, "https://desk.example/console/")
    channels: Any = {"post": mailbox} if mailbox else {}
    return StaffMailDelivery(desk.store, mails, channels, city, desk.clock)


async def wanting(
    desk: Desk, *kinds: str, name: str = "Kim", teams: tuple[str, ...] = ("front-desk",)
) -> Actor:
    actor = await desk.agent(name, "supervisor", teams)
    await mail_wishes.set_wanted(desk.store.pool, actor.agent_id, kinds)
    return actor


async def test_an_urgent_conversation_that_nobody_claims_is_told_once_to_those_who_want_it(
    desk: Desk,
) -> None:
    await wanting(desk, "urgent")
    await wanting(desk, "sla", "daily", name="Otto")
    parks = await wanting(desk, "urgent", name="Ines", teams=("parks",))
    await desk.store.pool.execute("UPDATE agents SET only_own_teams = true WHERE id = $1", parks.agent_id)
    agent = await desk.agent()
    await mail_wishes.set_wanted(desk.store.pool, agent.agent_id, ["urgent"])
    waits = await desk.queued()
    await desk.store.pool.execute(
        "UPDATE conversations SET urgency = 'fire', paged_at = $2 WHERE id = $1", waits.id, desk.now
    )
    mailbox = Mailbox()
    sending = delivery(desk, mailbox)
    for _ in range(3):
        await sending.once()
    (mail,) = [one for one in mailbox.sent if "Urgent" in (one.subject or "")]
    assert f"https://desk.example/console/conversations/{waits.id}" in mail.text
    assert "Wants a person" not in mail.text and mail.contact == await desk.store.pool.fetchval(
        "SELECT email FROM agents WHERE name = 'Kim'"
    )
    await delivery(desk, None).once()  # a city without a mail inbox sends nothing, and keeps nothing


async def test_missed_promises_are_told_once_an_hour_and_figures_once_a_day(desk: Desk) -> None:
    await wanting(desk, "sla", "daily")
    waits = await desk.queued()
    mailbox = Mailbox()
    sending = delivery(desk, mailbox)
    await sending.once()
    assert [one.subject for one in mailbox.sent] == ["Lindenport front desk: Figures of 2026-11-22"]
    assert "Conversations: 0" in mailbox.sent[0].text
    for minutes in (0, 30, 60):
        await desk.store.pool.execute(
            "UPDATE conversations SET queued_at = $2 WHERE id = $1",
            waits.id,
            desk.now - timedelta(minutes=25),
        )
        desk.now += timedelta(minutes=minutes)
        await sending.once()
        await sending.once()
    missed = [one for one in mailbox.sent if "missed" in (one.subject or "")]
    assert len(missed) == 2, "at 10 o'clock and at 11"
    assert "Front desk: 1 missed, 0 at risk, 1 waiting" in missed[0].text
    desk.now += timedelta(days=1)
    await sending.once()
    assert mailbox.sent[-1].subject == "Lindenport front desk: Figures of 2026-11-23"


async def test_what_could_not_be_sent_is_sent_later_or_given_up(desk: Desk) -> None:
    await wanting(desk, "daily")
    mailbox = Mailbox()
    mailbox.failures = [RetryLater("away")]
    sending = delivery(desk, mailbox)
    await sending.once()
    await sending.once()
    assert mailbox.sent == [], "not before the time"
    desk.now += AGAIN
    await sending.once()
    assert len(mailbox.sent) == 1
    await wanting(desk, "daily", name="Otto")
    mailbox.failures = [Undeliverable("no such address")]
    await sending.once()
    desk.now += AGAIN
    await sending.once()
    states = await desk.store.pool.fetch("SELECT state FROM staff_mails ORDER BY state")
    assert [row["state"] for row in states] == ["given_up", "sent"] and len(mailbox.sent) == 1
    assert not mailbox.sent[0].human, "it is marked as automatic"
