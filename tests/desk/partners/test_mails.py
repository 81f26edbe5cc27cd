"""A partner desk that only has a mail address: the transcript goes by mail, only after a yes, with a signed link."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest

from channels.base import Channel, Outbound, RetryLater, Undeliverable
from city import City, InboxConfig
from city.partners.model import PartnerConfig
from desk.partners.asking import PartnerTransfers
from desk.partners.links import is_link, partner_link
from desk.partners.mailing import PartnerMails
from desk.partners.registry import PartnerConfigError, build_partners
from desk.store.routing import partners
from tests.support.desk import Desk

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECRET = "a-secret-of-this-desk"
LINK = partner_link("https://desk.example/", SECRET)


@dataclass
class Mailbox:
    """Takes mails, or raises what it is told to."""

    sent: list[Outbound] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def render(self, message: Outbound) -> list[Any]:
        return [message]

    async def send(self, message: Outbound, key: str) -> Any:
        self.keys.append(key)
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(message)
        return SimpleNamespace(external_id="<1@desk.example>")


def with_mail_partner(city: City) -> City:
    config = PartnerConfig(
        name="county", title="County office", email="intake@county.example", languages=("en", "es")
    )
    inbox = InboxConfig(name="mail", channel="email")
    return msgspec.structs.replace(city, partners=(config,), inboxes=(*city.inboxes, inbox))


def test_an_address_or_a_service_but_not_both(city: City) -> None:
    there = with_mail_partner(city)
    assert build_partners(there, {}, lambda: NOW)["county"].signature is None
    (config,) = there.partners
    for wrong in (
        msgspec.structs.replace(config, email=""),
        msgspec.structs.replace(config, url="https://county.example/in", secret_env="COUNTY"),
    ):
        with pytest.raises(PartnerConfigError, match="either a url"):
            build_partners(msgspec.structs.replace(there, partners=(wrong,)), {}, lambda: NOW)
    without = tuple(one for one in there.inboxes if one.channel != "email")
    with pytest.raises(PartnerConfigError, match="no inbox"):
        build_partners(msgspec.structs.replace(there, inboxes=without), {}, lambda: NOW)


def test_a_link_is_good_for_one_transfer_until_its_time_is_over() -> None:
    transfer, until = uuid4(), NOW + timedelta(hours=1)
    address = LINK("county", transfer, until)
    assert address.startswith(f"https://desk.example/partners/county/answer/{transfer}/")
    token = address.rpartition("/")[2]

    def good(secrets: tuple[str, ...], at: datetime, name: str, id: UUID, given: str = token) -> bool:
        return is_link(secrets, lambda: at, name, id, given)

    assert good(("a new secret", SECRET), NOW, "county", transfer)
    assert not good((SECRET,), until, "county", transfer)
    assert not good(("another", ""), NOW, "county", transfer)
    assert not good((SECRET,), NOW, "benefits", transfer)
    assert not good((SECRET,), NOW, "county", uuid4())
    longer = f"{int(until.timestamp()) + 9}-{token.partition('-')[2]}"
    for wrong in ("", "-", token[:-1], "x" + token, longer, "9" * 40 + "-", "1-é"):
        assert not good((SECRET,), NOW, "county", transfer, wrong)


@pytest.fixture
async def mailbox(desk: Desk) -> AsyncIterator[tuple[Mailbox, Any]]:
    desk.move_to(with_mail_partner(desk.city))
    box = Mailbox()
    async with aiohttp.ClientSession() as session:
        worker = desk.worker(session, partners=build_partners(desk.city, {}, desk.clock))
        worker.partners._mails = PartnerMails(cast(Channel, box), LINK, "en")
        yield box, worker


async def test_it_goes_by_mail_after_a_yes_and_is_tried_again(
    desk: Desk, mailbox: tuple[Mailbox, Any]
) -> None:
    box, worker = mailbox
    contact = await desk.contact("en")
    queued, ana = await desk.queued(contact), await desk.agent()
    await desk.ownership.claim(ana, queued.id)
    asking = PartnerTransfers(desk.ownership, desk.city, desk.clock)
    await asking.ask(ana, queued.id, "county", "Rent is due.", "one")
    asked = (await desk.log(contact))[-1]
    assert "May we e-mail them" in asked.text
    assert not await worker.partners.step() and box.keys == []  # nothing without a yes
    async with desk.working():
        await desk.send(contact, button=asked.buttons[0].id)
        await desk.settled(contact)
    box.fails = [RetryLater("busy")]
    assert await worker.partners.step()
    desk.now += timedelta(minutes=16)
    assert await worker.partners.step()
    found = await partners.get_latest(desk.store.pool, queued.id)
    assert found is not None and found.state == "sent" and found.answer_by is not None
    (mail,) = box.sent
    assert box.keys == [str(found.id)] * 2 and mail.contact == "intake@county.example"
    assert LINK("county", found.id, found.answer_by) in mail.text and "Rent is due." in mail.text
    assert mail.subject is not None and "Rent" not in mail.subject
    await worker.sweeps.sweep()
    desk.now += timedelta(hours=25)
    await worker.sweeps.sweep()  # nobody answered
    found = await partners.get_latest(desk.store.pool, queued.id)
    assert found is not None and found.state == "timed_out"


async def test_an_address_that_takes_no_mail_ends_it(desk: Desk, mailbox: tuple[Mailbox, Any]) -> None:
    box, worker = mailbox
    contact = await desk.contact("en")
    queued, ana = await desk.queued(contact), await desk.agent()
    await desk.ownership.claim(ana, queued.id)
    await PartnerTransfers(desk.ownership, desk.city, desk.clock).ask(
        ana, queued.id, "county", "Rent.", "one"
    )
    found = await partners.get_latest(desk.store.pool, queued.id)
    assert found is not None
    await partners.mark_consented(desk.store.pool, found.id, desk.now)
    box.fails = [Undeliverable("no such mailbox")]
    assert await worker.partners.step()
    found = await partners.get_latest(desk.store.pool, queued.id)
    assert found is not None and found.state == "failed"
