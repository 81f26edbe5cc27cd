"""Who an agent is talking to is checked from the page, and what needs a check is hidden before it."""

from pathlib import Path
from uuid import uuid4

import msgspec

from city import City, InboxConfig
from desk.knowledge.catalogue import Catalog
from desk.store import requests
from desk.store.dialogue import conversations
from desk.store.people import contacts, identity, links
from desk.store.pool import Store
from tests.support.console import running_console


async def test_a_check_is_asked_for_shown_and_opens_what_is_protected(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> None:
    services = tmp_path / "services.yml"
    given = Path(city.services).read_text(encoding="utf-8")
    services.write_text(given.replace("noise:\n", "noise:\n  identity: true\n", 1), encoding="utf-8")
    inbox = InboxConfig(name="wa", channel="whatsapp")
    city = msgspec.structs.replace(city, inboxes=(*city.inboxes, inbox), services=str(services))
    async with running_console(store, redis_url, city, catalog, tmp_path) as console:
        here = await console.queued(name="Lucía")
        path = f"/console/conversations/{here.id}"
        async with store.transaction() as tx:
            phone = await contacts.add_contact(tx, "wa", "15550100199", "en")
            before = await conversations.add_conversation(tx, phone, "en")
        request = uuid4()
        payload = {"description": "Music at 12 Elm Street", "address": None}
        await requests.add_request(
            store.pool, id=request, conversation_id=before.id, contact_id=phone.id, backend="requests",
            service_code="noise", payload=payload, now=console.clock(),
        )  # fmt: skip
        ana = await console.signed_in()
        await ana.post(f"{path}/claim")
        assert "no other channel from which" in (await ana.get(path)).visible
        await links.set_linked(store.pool, here.contact_id, phone.id, 10)
        page = await ana.get(path)
        assert "15•••0199, WhatsApp" in page.visible
        hidden = await ana.get(f"{path}/requests/{request}")
        assert "Elm Street" not in hidden.text and "protects personal data" in hidden.visible
        refused = await ana.post(f"{path}/requests/{request}/withdraw", data={"client_id": "x"})
        assert refused.status == 422 and "Check who you are talking to first" in refused.visible

        asked = await ana.post(f"{path}/identity", data={"contact": str(phone.id)})
        assert "A code is on its way" in asked.visible and "Not confirmed yet" in asked.visible
        assert (await ana.post(f"{path}/identity", data={"contact": "x"})).status == 422
        check = await identity.get_latest(store.pool, here.id)
        assert check
        await identity.mark_confirmed(store.pool, check.id, console.clock())
        assert "Confirmed at" in (await ana.get(path)).visible
        assert "Elm Street" in (await ana.get(f"{path}/requests/{request}")).text
