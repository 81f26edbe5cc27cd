"""Views are audited; attempts to see what an agent may not see are logged, counted and audited."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog.testing

from city import City
from desk.knowledge.catalogue import Catalog
from desk.model import Conversation
from desk.store import media
from desk.store.pool import Store
from tests.support.console import RunningConsole, running_console

COUNTED: Counter[str] = Counter()


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    COUNTED.clear()
    count: dict[str, Any] = {"count_denied": lambda what: COUNTED.update([what])}
    async with running_console(store, redis_url, city, catalog, tmp_path, **count) as console:
        yield console


async def photo(console: RunningConsole, conversation: Conversation) -> UUID:
    made = await media.add_file(
        console.store.pool, conversation.contact_id, f"{uuid4()}.jpg", "image/jpeg", 4, "0" * 64
    )
    (console.media_dir / made.file_name).write_bytes(b"\xff\xd8\xff\xe0")
    return made.id


async def lines(console: RunningConsole, conversation: Conversation) -> list[tuple[str, dict[str, str]]]:
    rows = await console.store.pool.fetch(
        "SELECT action, detail FROM audit WHERE conversation_id = $1 ORDER BY id", conversation.id
    )
    return [(row["action"], row["detail"]) for row in rows]


async def test_an_open_page_and_a_photo_are_one_line_in_ten_minutes(console: RunningConsole) -> None:
    conversation = await console.queued()
    ana = await console.signed_in()
    one = f"/console/conversations/{conversation.id}"
    picture = await photo(console, conversation)
    for _ in range(3):
        assert (await ana.get(f"{one}/live?after=0")).status == 200
        assert (await ana.get(f"{one}/media/{picture}")).status == 200
    expected = [("live", {}), ("media", {"media": str(picture)})]
    assert await lines(console, conversation) == expected
    console.clock.shift += timedelta(minutes=11)
    assert (await ana.get(f"{one}/live?after=0")).status == 200
    assert await lines(console, conversation) == [*expected, ("live", {})]
    # Opened by a person: always a line, and the page's own reads after it are part of it.
    for _ in range(2):
        assert (await ana.get(one)).status == 200
    console.clock.shift += timedelta(minutes=9)
    assert (await ana.get(f"{one}/live?after=0")).status == 200
    assert await lines(console, conversation) == [*expected, ("live", {}), ("view", {}), ("view", {})]
    # Another agent's reads are another agent's.
    ben = await console.signed_in("Ben Okafor")
    assert (await ben.get(f"{one}/live?after=0")).status == 200
    assert (await lines(console, conversation))[-1] == ("live", {})


@pytest.mark.parametrize("path", ["", "/live?after=0", "/media/{media}", "/claim"])
async def test_a_denied_read_is_a_security_event(console: RunningConsole, path: str) -> None:
    conversation = await console.queued(team="front-desk")
    picture = await photo(console, conversation)
    address = f"/console/conversations/{conversation.id}{path.format(media=picture)}"
    allowed = await console.signed_in()
    stranger = await console.signed_in("Eve", teams=("parks",))
    ask = "post" if path == "/claim" else "get"
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            assert (await getattr(stranger, ask)(address)).status == 404
    events = [one for one in logs if one["event"] == "access_denied"]
    assert len(events) == 3 and COUNTED.total() == 3
    assert {one["conversation"] for one in events} == {str(conversation.id)}
    assert [action for action, _ in await lines(console, conversation)] == ["denied"], "once in ten minutes"
    assert (await getattr(allowed, ask)(address)).status == 200
    assert COUNTED.total() == 3


async def test_a_photo_of_another_conversation_is_denied_and_named(console: RunningConsole) -> None:
    mine, other = await console.queued(), await console.queued()
    picture = await photo(console, other)
    ana = await console.signed_in()
    assert (await ana.get(f"/console/conversations/{mine.id}/media/{picture}")).status == 404
    assert await lines(console, mine) == [("denied", {"what": "media", "media": str(picture)})]
    assert COUNTED == {"media": 1}
    assert (await ana.get(f"/console/conversations/{other.id}/media/{picture}")).status == 200


async def test_what_needs_a_supervisor_is_recorded_when_an_agent_asks_for_it(console: RunningConsole) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla", "supervisor")
    path = "/console/requests/SR-0000-0000/status"
    assert (await ana.post(path, data={"status": "closed", "notes": ""})).status == 403
    assert (await ana.post("/console/inboxes/web/resume")).status == 404
    assert COUNTED == {"permission": 2}
    details = await console.store.pool.fetch("SELECT detail FROM audit WHERE action = 'denied' ORDER BY id")
    assert [row["detail"]["permission"] for row in details] == ["requests.set_status", "inboxes.resume"]
    assert (await carla.post(path, data={"status": "closed", "notes": ""})).status != 403
    assert COUNTED == {"permission": 2}


async def test_linking_a_conversation_that_is_not_ones_own_is_recorded_too(console: RunningConsole) -> None:
    mine, theirs = await console.queued(), await console.queued(team="parks")
    ana = await console.signed_in()
    path = f"/console/conversations/{mine.id}/link"
    assert (await ana.post(path, data={"other": str(theirs.id)})).status == 404
    assert COUNTED == {"conversation": 1}
    assert ("denied", {"what": "conversation"}) in await lines(console, theirs)
