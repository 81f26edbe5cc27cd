"""Settings that administrators change: in effect in other processes, audited, with a history, and nobody's words lost."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from city import City, load_city
from city.settings import setting_of, value_of
from desk.model import Actor, NotAllowed, Role
from desk.routing.team_directory import TeamDirectory
from desk.setup.changes import ChangedMeanwhile, SettingRefused
from desk.setup.city_now import CityNow
from desk.setup.city_seed import seed_settings
from desk.setup.city_settings import CitySettings
from desk.setup.export import city_as_yaml, get_city_file
from desk.store.city_settings import get_author
from desk.store.people import agents
from desk.store.pool import Store
from tests.support.clock import MovedClock

FILE = Path("city.yml")


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def now(city: City) -> CityNow:
    return CityNow(msgspec.structs.replace(city))


@pytest.fixture
def settings(store: Store, now: CityNow, clock: MovedClock) -> CitySettings:
    return CitySettings(store, now, TeamDirectory(now.seed), clock)


async def person(store: Store, role: Role = "admin", name: str = "Ada") -> Actor:
    id = await agents.add_agent(store.pool, f"{uuid4().hex}@lindenport.example", name, role, [], None)
    assert id is not None
    return Actor(id, name, role, ())


def value(city: City, name: str, **change: Any) -> dict[str, Any]:
    setting = setting_of(name)
    assert setting is not None
    return value_of(city, setting) | change


async def seed(store: Store, city: City, clock: MovedClock) -> list[str]:
    async with store.transaction() as transaction:
        return await seed_settings(transaction, city, clock())


async def test_a_change_is_in_effect_in_another_process_and_leaves_a_line(
    store: Store, city: City, now: CityNow, settings: CitySettings, clock: MovedClock
) -> None:
    ada, other = await person(store), CityNow(msgspec.structs.replace(city))
    await seed(store, city, clock)
    await other.read(store.pool)
    assert other.city == city and other.changed() == {}
    await settings.change(ada, "contact", value(city, "contact", phone="555-0199"), 1)
    stop = asyncio.Event()
    running = asyncio.create_task(other.run(store, stop))
    while other.city.phone != "555-0199":
        await asyncio.sleep(0)
    stop.set()
    await running
    assert now.city.phone == "555-0199" and now.seed.phone == city.phone
    assert set(other.changed()) == {"contact"}
    line = await store.pool.fetchrow("SELECT agent_id, detail FROM audit WHERE action = 'setting_changed'")
    assert line is not None and line["agent_id"] == ada.agent_id and line["detail"]["fields"] == "phone"
    assert json.loads(line["detail"]["before"]) == {"phone": city.phone}
    others: tuple[Role, ...] = ("agent", "supervisor", "editor", "auditor")
    for role in others:
        with pytest.raises(NotAllowed):
            await settings.change(await person(store, role), "contact", value(city, "contact"), 2)


async def test_of_two_who_save_at_the_same_time_the_second_is_told(
    store: Store, city: City, settings: CitySettings, clock: MovedClock
) -> None:
    ada, ben = await person(store), await person(store, name="Ben")
    await seed(store, city, clock)
    results = await asyncio.gather(
        settings.change(ada, "contact", value(city, "contact", phone="1"), 1),
        settings.change(ben, "contact", value(city, "contact", emergency_number="112"), 1),
        return_exceptions=True,
    )
    told = [one for one in results if isinstance(one, ChangedMeanwhile)]
    assert len(told) == 1 and len(told[0].changes) == 1
    kept = (await settings.get(ada, "contact"))[1]
    assert kept.version == 2 and (kept.value["phone"] == "1") != (kept.value["emergency_number"] == "112")


async def test_what_is_wrong_is_refused_and_nothing_changes(
    store: Store, city: City, settings: CitySettings, clock: MovedClock
) -> None:
    ada = await person(store)
    await seed(store, city, clock)
    with pytest.raises(SettingRefused) as refused:
        await settings.change(
            ada, "limits", value(city, "limits", handoffs_per_contact=0), 1, {"x": "Not read."}
        )
    assert set(refused.value.problems) == {"handoffs_per_contact", "x"}
    assert (await settings.get(ada, "limits"))[1].version == 1


async def test_an_older_version_is_restored_as_a_new_one(
    store: Store, city: City, settings: CitySettings, clock: MovedClock
) -> None:
    ada = await person(store)
    await seed(store, city, clock)
    await settings.change(ada, "contact", value(city, "contact", phone="1"), 1)
    await settings.restore(ada, "contact", 1, 2)
    versions = await settings.versions(ada, "contact")
    assert [(one.version, one.value["phone"], one.agent_name) for one in versions] == [
        (3, city.phone, "Ada"), (2, "1", "Ada"), (1, city.phone, None),
    ]  # fmt: skip


async def test_an_edited_file_and_an_edited_database_are_a_conflict_that_a_person_ends(
    store: Store, city: City, settings: CitySettings, clock: MovedClock
) -> None:
    ada = await person(store)
    assert await seed(store, city, clock) == []
    edited = msgspec.structs.replace(city, phone="file", handoffs_per_contact=9)
    await settings.change(ada, "contact", value(city, "contact", phone="console"), 1)
    assert await seed(store, edited, clock) == ["contact"], "limits follow the file: nobody changed them here"
    assert (await settings.get(ada, "limits"))[1].value["handoffs_per_contact"] == 9
    kept = (await settings.get(ada, "contact"))[1]
    assert kept.in_conflict and kept.value["phone"] == "console" and kept.file["phone"] == "file"
    await settings.settle(ada, "contact", kept.version, take_file=False)
    assert not (await settings.get(ada, "contact"))[1].in_conflict
    assert await seed(store, edited, clock) == [], "it was decided"
    again = msgspec.structs.replace(edited, phone="file 2")
    assert await seed(store, again, clock) == ["contact"]
    await settings.settle(ada, "contact", kept.version, take_file=True)
    kept = (await settings.get(ada, "contact"))[1]
    assert kept.value["phone"] == "file 2" and not kept.in_conflict and kept.version == 3


async def test_a_first_change_before_any_worker_keeps_what_the_file_says_as_the_first_version(
    store: Store, city: City, settings: CitySettings
) -> None:
    ada = await person(store)
    assert (await settings.get(ada, "contact"))[1].version == 0
    await settings.change(ada, "contact", value(city, "contact", phone="1"), 0)
    assert [one.value["phone"] for one in await settings.versions(ada, "contact")] == ["1", city.phone]


async def test_the_file_is_exported_as_it_is_and_with_every_change(
    store: Store, city: City, settings: CitySettings, clock: MovedClock, tmp_path: Path
) -> None:
    ada, text = await person(store), FILE.read_text(encoding="utf-8")
    await seed(store, city, clock)
    assert await get_city_file(store.pool, FILE, load_city(FILE)) == text
    days = [
        {"day": "2026-12-24", "hours": []},
        {"day": "2027-01-04", "until": "2027-01-08", "name": {"en": "Move"}},
    ]
    await settings.change(ada, "office_hours", value(city, "office_hours", special_days=days), 1)
    await settings.change(ada, "crisis_lines", {"crisis_lines": {}}, 1)
    await settings.change(ada, "requests", {"public_places": True}, 1)
    written = await get_city_file(store.pool, FILE, load_city(FILE))
    (tmp_path / "city.yml").write_text(written, encoding="utf-8")
    read = load_city(tmp_path / "city.yml")
    assert read.public_places and read.crisis_lines == {} and read.special_days[1].name == {"en": "Move"}
    assert "# Why agents resolve conversations." in written, "comments of other settings stay"
    assert await get_city_file(store.pool, tmp_path / "city.yml", read) == written, "the same file comes back"


def test_a_file_that_cannot_be_changed_in_place_is_written_anew(city: City) -> None:
    flow = msgspec.json.encode(msgspec.to_builtins(city)).decode()
    changed = msgspec.structs.replace(city, phone="555-0199")
    assert "phone: 555-0199" in city_as_yaml(flow, city, changed)


async def test_what_city_yml_says_has_an_author_once_somebody_saves_it_where_that_counts(
    store: Store, city: City, settings: CitySettings, clock: MovedClock
) -> None:
    await seed(store, city, clock)
    ada = await person(store)
    for name, author in (("alerts", ada.agent_id), ("notices", None)):
        assert await get_author(store.pool, name) is None
        for _ in range(2):
            _, kept = await settings.get(ada, name)
            await settings.change(ada, name, value(city, name), kept.version)
        _, kept = await settings.get(ada, name)
        assert (await get_author(store.pool, name), kept.version) == (author, 2 if author else 1)
