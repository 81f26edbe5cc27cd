"""A desk that sends notices to agents' devices, at a push service of the tests."""

from datetime import timedelta
from uuid import uuid4

from desk.model import Actor, Conversation
from desk.push.delivery import PushDelivery
from desk.push.keys import PushKeys
from desk.push.kinds import KINDS, MOST_DEVICES
from desk.push.services import PushServices
from desk.push.subscribing import PushOffer, Subscription, new_device
from desk.store.people import push_devices
from desk.store.routing import presence
from tests.support.desk import Desk
from tests.support.push_service import BrowserSide, PushService

KEYS = PushKeys(b"a secret of this desk", "https://desk.example")
LOOPBACK = ("127.0.0.1",)


def sending(desk: Desk) -> PushDelivery:
    return PushDelivery(desk.worker_store, desk.city, KEYS, PushServices(LOOPBACK, LOOPBACK), desk.clock)


async def device_of(
    desk: Desk,
    service: PushService,
    actor: Actor,
    *kinds: str,
    on_call: bool = False,
    available: bool = True,
) -> BrowserSide:
    """A browser of this agent that gets notices, all kinds if none is given."""
    browser = service.subscribe(KEYS.public)
    device = new_device(
        PushOffer(KEYS, LOOPBACK, LOOPBACK), Subscription(**browser.keys), agent_id=actor.agent_id,
        session_id=uuid4(), device="Firefox", kinds=kinds or KINDS, on_call=on_call,
    )  # fmt: skip
    async with desk.store.transaction() as transaction:
        assert await push_devices.add_device(transaction, device, MOST_DEVICES, desk.now)
    await presence.set_chosen(
        desk.store.pool, actor.agent_id, "available" if available else "away", desk.now,
        desk.now + timedelta(hours=8),
    )  # fmt: skip
    return browser


async def urgent(desk: Desk) -> Conversation:
    waits = await desk.queued()
    await desk.store.pool.execute("UPDATE conversations SET urgency = 'fire' WHERE id = $1", waits.id)
    return waits


def told(browser: BrowserSide) -> list[str]:
    return [one["kind"] for one in browser.told]
