"""Teams that administrators add, change and retire; and what is exported of them."""

import asyncio
import json
from uuid import uuid4

import msgspec
import pytest
import yaml

from city import City, Team
from desk.model import Actor, NotAllowed, Role
from desk.routing.team_directory import TeamDirectory, seed_teams
from desk.setup.changes import ChangedMeanwhile, SettingRefused
from desk.setup.export import teams_as_yaml
from desk.setup.teams import TeamInUse, TeamSettings
from desk.store.people import agents
from desk.store.pool import Store
from desk.store.routing import teams
from tests.support.clock import MovedClock

NIGHT = {
    "week": {"monday": ["08:30-12:00", "13:00-17:00"], "friday": ["22:00-06:00"]},
    "zone": "Europe/Paris",
    "keeps_holidays": False,
    "holidays": ["2026-12-31"],
    "special_days": [{"day": "2026-12-24", "hours": ["08:00-12:00"], "name": {"en": "Christmas Eve"}}],
    "texts": {"en": "Open again {opens}.", "es": "Abrimos {opens}."},
}


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def settings(store: Store, city: City, clock: MovedClock) -> TeamSettings:
    return TeamSettings(store, TeamDirectory(city), clock, city)


async def person(store: Store, role: Role = "admin", name: str = "Ada") -> Actor:
    id = await agents.add_agent(store.pool, f"{uuid4().hex}@lindenport.example", name, role, [], None)
    assert id is not None
    return Actor(id, name, role, ())


def given(team: Team, **change: object) -> dict[str, object]:
    return msgspec.to_builtins(team) | change


async def test_a_change_takes_effect_and_leaves_a_line_with_both_values(
    store: Store, city: City, settings: TeamSettings
) -> None:
    ada = await person(store)
    other = TeamDirectory(
        city, monotonic=iter(range(0, 1_000, 4)).__next__
    )  # as another process, 4 s later each time
    await seed_teams(store.pool, city)
    kept = await settings.get(ada, "front-desk")
    await settings.change(ada, "front-desk", given(kept.team, title="Service", hours=NIGHT), kept.version)
    found = [team for team in await other.read(store.pool) if team.name == "front-desk"]
    assert found[0].title == "Service" and found[0].hours and found[0].hours.zone == "Europe/Paris"
    line = await store.pool.fetchrow("SELECT agent_id, detail FROM audit WHERE action = 'team_changed'")
    assert line is not None and line["agent_id"] == ada.agent_id and line["detail"]["fields"] == "title hours"
    assert json.loads(line["detail"]["before"]) == {"title": kept.team.title, "hours": None}
    assert json.loads(line["detail"]["after"])["title"] == "Service"
    with pytest.raises(NotAllowed):
        await settings.change(await person(store, "supervisor"), "front-desk", given(kept.team), 2)


async def test_of_two_who_save_at_the_same_time_the_second_is_told(
    store: Store, city: City, settings: TeamSettings
) -> None:
    ada, ben = await person(store), await person(store, name="Ben")
    await seed_teams(store.pool, city)
    kept = await settings.get(ada, "front-desk")
    results = await asyncio.gather(
        settings.change(ada, "front-desk", given(kept.team, title="One"), kept.version),
        settings.change(ben, "front-desk", given(kept.team, mode="push"), kept.version),
        return_exceptions=True,
    )
    told = [one for one in results if isinstance(one, ChangedMeanwhile)]
    assert len(told) == 1 and len(told[0].changes) == 1
    now = (await settings.get(ada, "front-desk")).team
    first = told[0].changes[0]
    assert first.agent_name == ("Ada" if now.title == "One" else "Ben")
    assert first.fields == (("title",) if now.title == "One" else ("mode",))
    assert (now.title == "One") != (now.mode == "push")


async def test_every_wrong_field_has_its_sentence(store: Store, settings: TeamSettings) -> None:
    ada = await person(store)
    wrong = {
        "name": "Not a name", "title": "", "languages": ["english"], "mode": "pushy", "offer_seconds": "9",
    }  # fmt: skip
    with pytest.raises(SettingRefused) as refused:
        await settings.add(ada, wrong)
    assert set(refused.value.problems) == {"name", "title", "languages", "mode", "offer_seconds"}
    hours = {"week": {}, "zone": "Mars", "country": "XX"}
    with pytest.raises(SettingRefused) as refused:
        await settings.add(
            ada, {"name": "x", "title": " ", "languages": [], "inboxes": ["none"], "hours": hours}
        )
    assert set(refused.value.problems) == {"title", "languages", "inboxes", "hours.zone", "hours.country"}
    assert not await store.pool.fetchval("SELECT count(*) FROM teams")


async def test_a_team_retires_when_nothing_is_open_and_never_the_last(
    store: Store, city: City, settings: TeamSettings
) -> None:
    ada = await person(store)
    await settings.add(ada, {"name": "night", "title": "Night", "languages": ["en"], "hours": NIGHT})
    with pytest.raises(SettingRefused, match="need another look"):
        await settings.add(ada, {"name": "night", "title": "Night", "languages": ["en"]})
    contact = await store.pool.fetchval(
        "INSERT INTO contacts (inbox, external_id) VALUES ('web', 'x') RETURNING id"
    )
    await store.pool.execute(
        "INSERT INTO conversations (contact_id, inbox, language, state, team, queued_at) VALUES ($1, 'web', 'en', 'queued', 'night', now())",
        contact,
    )
    with pytest.raises(TeamInUse, match="open"):
        await settings.retire(ada, "night")
    await store.pool.execute("UPDATE conversations SET team = $1", city.teams[0].name)
    await settings.retire(ada, "night")
    assert "night" not in [team.name for team in await teams.list_teams(store.pool)]
    await settings.bring_back(ada, "night")
    await store.pool.execute("UPDATE conversations SET team = 'none'")
    for team in city.teams:
        await settings.retire(ada, team.name)
    with pytest.raises(TeamInUse, match="only team"):
        await settings.retire(ada, "night")


async def test_what_is_exported_gives_the_same_teams_in_an_empty_database(
    store: Store, city: City, settings: TeamSettings
) -> None:
    ada = await person(store)
    await settings.add(
        ada,
        {
            "name": "night",
            "title": "Nacht: Ünïcode",
            "languages": ["en", "es"],
            "hours": NIGHT,
            "mode": "push",
        },
    )
    before = await teams.list_teams(store.pool)
    text = teams_as_yaml(before)
    assert "offer_seconds" not in text, "what has its default is left out"
    await store.pool.execute("DELETE FROM teams")
    loaded = msgspec.convert(yaml.safe_load(text)["teams"], tuple[Team, ...])
    await seed_teams(store.pool, msgspec.structs.replace(city, teams=loaded))
    assert await teams.list_teams(store.pool) == before and len(before) == len(city.teams) + 1
