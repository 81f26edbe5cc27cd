"""Correcting a sent message in the console: offered only where the channel can, and shown with its record."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from channels.base import Capabilities
from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from desk.store.replies import corrections
from tests.support.console import RunningConsole, running_console


@pytest.fixture
async def able(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    """A console whose inbox can change and withdraw."""
    can = {"web": Capabilities(text_length=4096, changes=True, withdraws=True)}
    async with running_console(store, redis_url, city, catalog, tmp_path, capabilities=can) as console:
        yield console


async def test_a_correction_is_offered_kept_and_shown(able: RunningConsole) -> None:
    conversation = await able.queued(name="Lucía")
    one = f"/console/conversations/{conversation.id}"
    ana = await able.signed_in()
    await ana.post(f"{one}/claim")
    await ana.post(f"{one}/reply", data={"text": "It costs 60.", "client_id": str(uuid4())})
    message = (await able.log(conversation))[-1]
    assert "Correct this message" in (await ana.get(one)).visible
    empty = await ana.post(f"{one}/messages/{message.id}/change", data={"text": " "})
    assert empty.status == 422 and "Nothing was changed." in empty.visible
    page = await ana.post(f"{one}/messages/{message.id}/change", data={"text": "It costs 65."})
    assert "On its way." in page.visible and "A change is on its way." in page.visible
    async with able.store.transaction() as transaction:
        (id,) = await corrections.list_waiting(transaction, able.clock())
        kept = await corrections.lock_waiting(transaction, id)
        assert kept is not None
        await corrections.mark_done(transaction, kept, able.clock())
    shown = await ana.get(one)
    assert "It costs 65." in shown.visible and "Changed; what stood here before It costs 60." in shown.visible
    assert (await ana.post(f"{one}/messages/{uuid4()}/withdraw")).status == 404
    ben = await able.signed_in("Ben Okafor")
    assert "Correct this message" not in (await ben.get(one)).visible
    assert (await ben.post(f"{one}/messages/{message.id}/withdraw")).status == 404


async def test_nothing_is_offered_where_the_channel_cannot(console: RunningConsole) -> None:
    conversation = await console.queued()
    one = f"/console/conversations/{conversation.id}"
    ana = await console.signed_in()
    await ana.post(f"{one}/claim")
    await ana.post(f"{one}/reply", data={"text": "Hello", "client_id": str(uuid4())})
    assert "can neither change nor take back" in (await ana.get(one)).visible
    message = (await console.log(conversation))[-1]
    refused = await ana.post(f"{one}/messages/{message.id}/withdraw")
    assert refused.status == 422 and "cannot take a message back" in refused.visible
