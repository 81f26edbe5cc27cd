"""Who is told what on their devices: once for each event and device, without a citizen's words, and no longer than it is
worth something. The worker's own rights in the database are used."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from desk.model import By
from desk.push.building import build_push
from desk.push.delivery import AGAIN, KEPT, WORTH_URGENT, PushDelivery
from desk.push.keys import PushKeys
from desk.push.kinds import KINDS, MOST_DEVICES
from desk.push.services import PushServices
from desk.push.subscribing import PushOffer, Subscription, new_device
from desk.settings import DeskSettings
from desk.store.dialogue import conversations, notes
from desk.store.people import agents, push_devices, sessions
from desk.store.replies import reminders
from desk.store.routing import offers
from gateway.settings import Settings
from tests.support.desk import Desk
from tests.support.push_desk import KEYS, LOOPBACK, device_of, sending, told, urgent
from tests.support.push_service import PushService


async def test_urgent_goes_once_to_those_of_the_team_who_are_available_or_on_call(
    desk: Desk, service: PushService
) -> None:
    here = await device_of(desk, service, await desk.agent("Ana"))
    away = await device_of(desk, service, await desk.agent("Ben"), available=False)
    on_call = await device_of(desk, service, await desk.agent("Cleo"), on_call=True, available=False)
    parks = await device_of(desk, service, await desk.agent("Dan", teams=("parks",)), on_call=True)
    editor = await device_of(desk, service, await desk.agent("Eve", "editor"), on_call=True)
    mentions = await device_of(desk, service, await desk.agent("Fay"), "mention")
    await desk.queued()  # not urgent
    waits = await urgent(desk)
    for _ in range(3):
        await sending(desk).once()
    assert here.told == on_call.told == [{"kind": "urgent", "conversation": str(waits.id)}]
    assert away.told == parks.told == editor.told == mentions.told == []
    (headers,) = here.headers
    assert headers["Urgency"] == "high" and headers["TTL"] == str(int(WORTH_URGENT.total_seconds()))


async def test_supervisors_are_called_wherever_they_are(desk: Desk, service: PushService) -> None:
    leads = await device_of(desk, service, await desk.agent("Kim", "supervisor", ()), available=False)
    parks_lead = await desk.agent("Ines", "supervisor", ("parks",))
    await desk.store.pool.execute(
        "UPDATE agents SET only_own_teams = true WHERE id = $1", parks_lead.agent_id
    )
    parks = await device_of(desk, service, parks_lead)
    agent = await device_of(desk, service, await desk.agent("Ana"), available=False)
    waits = await urgent(desk)
    await sending(desk).once()
    assert leads.told == []
    await desk.store.pool.execute("UPDATE conversations SET paged_at = now() WHERE id = $1", waits.id)
    await sending(desk).once()
    await sending(desk).once()
    assert told(leads) == ["paged"] and parks.told == agent.told == []


async def test_mentions_and_offers_go_to_whom_they_concern(desk: Desk, service: PushService) -> None:
    ana, ben = await desk.agent("Ana"), await desk.agent("Ben")
    hers, his = await device_of(desk, service, ana), await device_of(desk, service, ben)
    waits = await desk.queued()
    note, seen = uuid4(), uuid4()
    async with desk.store.transaction() as transaction:
        for id in (note, seen):
            await notes.add_note(transaction, waits.id, ben.agent_id, "@Ana: broken leg", id)
            await reminders.add_mentions(transaction, id, [ana.agent_id])
        await offers.add_offer(transaction, waits.id, ben.agent_id, "push", 3600 * 24 * 365)
    await desk.store.pool.execute("UPDATE note_mentions SET seen_at = now() WHERE note_id = $1", seen)
    await sending(desk).once()
    await sending(desk).once()
    assert told(hers) == ["mention"] and told(his) == ["offer"]
    assert "leg" not in str(hers.told) and hers.headers[0]["Urgency"] == "normal"


async def test_a_failed_call_is_repeated_later_until_it_is_worth_nothing(
    desk: Desk, service: PushService
) -> None:
    browser = await device_of(desk, service, await desk.agent("Ana"))
    await urgent(desk)
    service.answers = [(503, ""), (429, "60")]
    await sending(desk).once()
    await sending(desk).once()
    assert service.calls == 1, "not before the time"
    desk.now += AGAIN
    await sending(desk).once()
    desk.now += timedelta(seconds=59)
    await sending(desk).once()
    assert service.calls == 2, "the service asked for a minute"
    desk.now += timedelta(seconds=1)
    await sending(desk).once()
    assert told(browser) == ["urgent"]
    left = int(browser.headers[0]["TTL"])
    assert left == int(WORTH_URGENT.total_seconds()) - 80

    await urgent(desk)
    service.answers = [(500, "")]
    await sending(desk).once()
    desk.now += WORTH_URGENT
    await sending(desk).once()
    assert told(browser) == ["urgent"] and service.calls == 4
    desk.now += KEPT + timedelta(days=30)
    await sending(desk).once()
    assert await desk.store.pool.fetchval("SELECT count(*) FROM push_notices") == 0


async def test_what_somebody_has_acted_on_is_not_told_any_more(desk: Desk, service: PushService) -> None:
    ana = await desk.agent("Ana")
    browser = await device_of(desk, service, ana)
    waits = await urgent(desk)
    service.answers = [(503, "")]
    await sending(desk).once()
    async with desk.store.transaction() as transaction:
        await conversations.assign(transaction, waits.id, ana.agent_id, By("agent", "claimed", ana.agent_id))
    desk.now += AGAIN
    await sending(desk).once()
    assert browser.told == [] and service.calls == 1


async def test_a_device_that_is_gone_is_forgotten_with_an_audit_line(
    desk: Desk, service: PushService
) -> None:
    ana = await desk.agent("Ana")
    browser = await device_of(desk, service, ana)
    other = await device_of(desk, service, ana)
    service.browsers.pop(browser.endpoint.rsplit("/", 1)[1])
    await urgent(desk)
    await sending(desk).once()
    assert told(other) == ["urgent"]
    assert len(await push_devices.list_of_agent(desk.store.pool, ana.agent_id)) == 1
    lines = await desk.store.pool.fetch("SELECT agent_id FROM audit WHERE action = 'push_gone'")
    assert [line["agent_id"] for line in lines] == [ana.agent_id]


async def test_nothing_is_sent_to_the_deactivated_or_with_an_earlier_key(
    desk: Desk, service: PushService
) -> None:
    ana = await desk.agent("Ana")
    await device_of(desk, service, ana)
    await urgent(desk)
    await desk.store.pool.execute("UPDATE agents SET active = false")
    await sending(desk).once()
    await agents.set_active(desk.store.pool, ana.agent_id, True)
    later = PushKeys(b"the secret that came after", "https://desk.example")
    await PushDelivery(
        desk.worker_store, desk.city, later, PushServices(LOOPBACK, LOOPBACK), desk.clock
    ).once()
    assert service.calls == 0


async def test_signing_out_everywhere_and_deletion_take_devices_and_notices_along(
    desk: Desk, service: PushService
) -> None:
    ana = await desk.agent("Ana")
    await device_of(desk, service, ana)
    waits = await urgent(desk)
    service.answers = [(503, "")]
    await sending(desk).once()
    await desk.store.pool.execute("DELETE FROM contacts WHERE id = $1", waits.contact_id)
    assert await desk.store.pool.fetchval("SELECT count(*) FROM push_notices") == 0
    assert await sessions.delete_sessions(desk.store.pool, ana.agent_id) == 0
    assert await push_devices.list_of_agent(desk.store.pool, ana.agent_id) == []


async def test_an_endpoint_belongs_to_the_last_agent_and_an_agent_has_few(
    desk: Desk, service: PushService
) -> None:
    ana, ben = await desk.agent("Ana"), await desk.agent("Ben")
    browser = service.subscribe(KEYS.public)
    offer = PushOffer(KEYS, LOOPBACK, LOOPBACK)
    made = new_device(
        offer, Subscription(**browser.keys), agent_id=ana.agent_id, session_id=uuid4(), device="Firefox",
        kinds=KINDS, on_call=False,
    )  # fmt: skip
    async with desk.store.transaction() as transaction:
        for owner in (ana, ana, ben):
            assert await push_devices.add_device(
                transaction, replace(made, agent_id=owner.agent_id), MOST_DEVICES, desk.now
            )
        assert await push_devices.list_of_agent(transaction, ana.agent_id) == []
        for number in range(MOST_DEVICES):
            another = replace(made, agent_id=ben.agent_id, endpoint=f"{made.endpoint}{number}")
            added = await push_devices.add_device(transaction, another, MOST_DEVICES, desk.now)
            assert (added is None) is (number == MOST_DEVICES - 1)


async def test_what_the_gateway_offers_is_what_the_worker_sends_with(
    desk: Desk, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are built from the environment alone."""
    for name, value in {
        "DATABASE_URL": "postgresql://unused", "REDIS_URL": "redis://unused", "CIVICDESK_BOT_SECRET": "unused",
        "CIVICDESK_SECRET": "a secret of both", "CIVICDESK_PUBLIC_URL": "https://desk.example",
        "CIVICDESK_PUSH_HOSTS": "127.0.0.1, .push.example", "CIVICDESK_PRIVATE_HOSTS": "127.0.0.1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    gateway, worker = Settings.load(), DeskSettings.read()
    assert gateway.push_hosts == worker.push_hosts == ("127.0.0.1", ".push.example")
    keys = PushKeys(gateway.secret.encode(), gateway.public_url)
    ana = await desk.agent("Ana")
    browser = service.subscribe(keys.public)
    device = new_device(
        PushOffer(keys, gateway.push_hosts, gateway.private_hosts), Subscription(**browser.keys),
        agent_id=ana.agent_id, session_id=uuid4(), device="Firefox", kinds=KINDS, on_call=True,
    )  # fmt: skip
    async with desk.store.transaction() as transaction:
        await push_devices.add_device(transaction, device, MOST_DEVICES, desk.now)
    await urgent(desk)
    await build_push(desk.worker_store, desk.city, worker, desk.clock)["push"].once()
    assert told(browser) == ["urgent"]
