"""A back end that says "not ours": the request goes to whom the catalogue names, once, or a person finds out; the citizen is told."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from backends.base import Filed, RequestStatus
from backends.open311.status import StatusWords
from city import CityError, load_city
from city.services import load_services
from desk.building import Resources, build_common
from desk.knowledge.catalogue import Catalog
from desk.model import Conversation
from desk.requests.filing import Filer
from desk.requests.learned import LearnedServices
from desk.requests.news import RequestNews
from desk.requests.rerouting import Rerouting
from desk.requests.status import Follower
from desk.runtime.live import Live
from desk.store.dialogue import conversations, messages
from desk.store.following import learned_services
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.desk import OPEN
from tests.support.filing import ROUTES, ScriptedBackend, recorded, row_of

CITY, SERVICES = load_city("city.yml"), load_services("content/services.yml")
NOT_OURS = RequestStatus("SR-1", "closed", "Not responsible", "A state road.", not_ours=True)


async def closed_as_not_ours(
    store: Store, clock: Clock, filer: Filer, filing: ScriptedBackend, otherwise: str | None
) -> tuple[UUID, Follower, ScriptedBackend]:
    services = {
        code: msgspec.structs.replace(one, otherwise=otherwise if code == "pothole" else "pothole")
        for code, one in SERVICES.items()
    }
    common = build_common(
        Resources(store, Live("redis://127.0.0.1:1"), CITY, Catalog.load("content", CITY), lambda: OPEN)
    )
    rerouting = Rerouting(ROUTES, services, clock)
    news = RequestNews(common.writer, common.handoffs, common.announcer, services, rerouting=rerouting)
    theirs = ScriptedBackend()
    follower = Follower(store, {"requests": theirs}, clock, changed=news.tell_status)
    id = await recorded(store, clock)
    filing.script = [Filed("SR-1"), Filed("SR-2")]
    assert await filer.step()
    await store.pool.execute("UPDATE service_requests SET told_status = 'open'")
    clock.forward(days=1)
    theirs.states["SR-1"] = NOT_OURS
    await follower.look("requests")
    return id, follower, theirs


async def said(store: Store, id: UUID) -> tuple[Conversation, str]:
    row = await row_of(store, id)
    assert row.conversation_id
    found = await conversations.get_by_id(store.pool, row.conversation_id)
    assert found is not None
    rows = await messages.list_of_conversation(store.pool, found.id)
    return found, "\n".join(one.text for one in rows)


async def test_it_is_filed_again_as_the_service_that_the_catalogue_names(
    store: Store, clock: Clock, filer: Filer, backend: ScriptedBackend
) -> None:
    id, follower, theirs = await closed_as_not_ours(store, clock, filer, backend, "road_sign")
    conversation, told = await said(store, id)
    (proposed,) = await learned_services.list_learned(store.pool, ("proposed",))
    assert (proposed.from_code, proposed.service_code) == ("pothole", "road_sign")
    assert "We have passed it on as" in told and "A state road." in told and "really fixed" not in told
    assert conversation.state == "bot"
    assert await filer.step() and not await filer.step()
    again = await store.pool.fetchrow(
        "SELECT service_code, reference, state FROM service_requests WHERE id <> $1", id
    )
    assert again is not None and tuple(again) == ("road_sign", "SR-2", "filed")

    # The next one says the same, and its own `otherwise` is the first: then a person looks.
    theirs.states["SR-2"] = replace(NOT_OURS, reference="SR-2")
    clock.forward(days=1)
    await follower.look("requests")
    assert await store.pool.fetchval("SELECT count(*) FROM service_requests") == 2
    conversation, told = await said(store, id)
    assert conversation.state == "queued" and "One of our staff will find out whose it is" in told


async def test_without_one_a_person_finds_out(
    store: Store, clock: Clock, filer: Filer, backend: ScriptedBackend
) -> None:
    id, *_ = await closed_as_not_ours(store, clock, filer, backend, None)
    conversation, told = await said(store, id)
    assert (
        conversation.state == "queued" and "says that it is not theirs" in told and "really fixed" not in told
    )
    assert await store.pool.fetchval("SELECT count(*) FROM closure_checks") == 0
    row = await row_of(store, id)
    assert row.contact_id
    (proposed,) = await learned_services.list_learned(store.pool, ("proposed",))
    assert (proposed.words, proposed.from_code, proposed.service_code) == ("A hole", "pothole", "")
    await learned_services.set_found(store.pool, row.contact_id, "road_sign")
    learned, text = LearnedServices(store, clock), "There is a HOLE on Highway 9, a hole!"
    assert await learned.of(text) is None, "nothing is used before an editor says so"
    editor = await store.pool.fetchval(
        "INSERT INTO agents (email, name, role, password_hash) VALUES ('e@x.example', 'E', 'editor', 'x') RETURNING id"
    )
    await learned_services.set_decided(
        store.pool, proposed.id, "used", "highway 9", "road_sign", editor, clock.now
    )
    clock.forward(minutes=1)
    assert await learned.of(text) == {"from": "pothole", "to": "road_sign"}
    assert await learned.of("a hole on Highway 99") is None


def test_the_words_for_it_and_the_table() -> None:
    words = StatusWords({"Ajena": "not_ours", "Wrong department": "closed"})
    for raw, meaning, ours in (
        ("Ajena", ("closed", True), True),
        ("not_councils_responsibility", ("closed", True), True),
        ("Out of jurisdiction", ("closed", True), True),
        ("Wrong department", ("closed", True), False),
        ("closed", ("closed", True), False),
        ("open", ("open", True), False),
    ):
        assert (words.read(raw), words.is_not_ours(raw)) == (meaning, ours), raw


@pytest.mark.parametrize("wrong", ["pothole", "zebra"])
def test_otherwise_names_another_service(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "services.yml"
    path.write_text(
        f"pothole: {{group: streets, expected_days: 5, name: {{en: Pothole}}, otherwise: {wrong}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(CityError, match="'otherwise' of the service 'pothole'"):
        load_services(path)
