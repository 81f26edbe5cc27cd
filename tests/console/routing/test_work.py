"""Supervisors set what their agents can be given, and plan shifts; administrators choose which team is tried first."""

import msgspec

from desk.routing.team_directory import TeamDirectory
from desk.store.people import work
from desk.store.routing import teams
from tests.support.console import RunningConsole

FORM = {"language-en": "yes", "skills": "permits, gas", "capacity": "3", "planned": "yes", "hours-monday": "08:00-12:00",
        "special_days": "2026-12-27..2026-12-30 | closed", "on_call": "yes", "on_call-hours-friday": "22:00-06:00"}  # fmt: skip


async def test_a_supervisor_plans_the_people_of_their_teams(console: RunningConsole) -> None:
    _, ana = await console.agent("Ana Duarte")
    _, omar = await console.agent("Omar", teams=("parks",))
    kim = await console.signed_in("Kim", "supervisor")
    path = f"/console/people/{ana.agent_id}"
    wrong = await kim.post(path, data=FORM | {"version": "1", "capacity": "many", "hours-friday": "8"})
    assert wrong.status == 422 and wrong.text.count('class="problem"') == 2 and "permits, gas" in wrong.text
    saved = await kim.post(path, data=FORM | {"version": "1"})
    assert saved.url.endswith("?notice=work-saved") and "Monday 08:00-12:00" in saved.visible
    (kept,) = [
        one for one in await work.list_work(console.store.pool, ["agent"], None) if one.id == ana.agent_id
    ]
    assert (kept.languages, kept.skills, kept.capacity, kept.version) == (("en",), ("permits", "gas"), 3, 2)
    assert kept.shifts and kept.shifts.week == {"monday": ("08:00-12:00",)} and not kept.shifts.keeps_holidays
    assert (
        kept.on_call and kept.on_call.week == {"friday": ("22:00-06:00",)} and not kept.on_call.special_days
    )
    assert "On call: Friday 22:00-06:00" in saved.visible
    shown = await kim.get(path)
    assert 'name="on_call-hours-friday" type="text" value="22:00-06:00"' in shown.text
    unread = await kim.post(path, data=FORM | {"version": "2", "on_call-hours-sunday": "late"})
    assert unread.status == 422 and 'id="problem-on_call-hours-sunday"' in unread.text
    late = await kim.post(path, data=FORM | {"version": "1", "capacity": "4"})
    assert late.status == 409 and "Kim" in late.visible and 'value="4"' in late.text
    line = await console.store.pool.fetchrow("SELECT detail FROM audit WHERE action = 'account_changed'")
    assert line is not None and line["detail"]["fields"] == "languages skills capacity shifts on_call"
    # A supervisor of one team plans its people only; an agent plans nobody.
    email, _ = await console.agent("Ines", "supervisor")
    await console.store.pool.execute("UPDATE agents SET only_own_teams = true WHERE email = $1", email)
    ines = console.browser()
    await ines.sign_in(email)
    assert "Omar" not in (await ines.get("/console/people")).visible
    for answer in (
        await ines.get(f"/console/people/{omar.agent_id}"),
        await ines.post(f"/console/people/{omar.agent_id}", data=FORM | {"version": "1"}),
    ):
        assert answer.status == 404
    assert "Omar" in (await kim.get("/console/people")).visible
    assert "Nobody was at work" not in (await kim.get("/console/reports/presence")).visible, "Kim is"


async def test_an_administrator_moves_a_team_to_the_front(console: RunningConsole) -> None:
    dora = await console.signed_in("Dora", "admin", ())
    pool = console.store.pool
    for name in ("front-desk", "taxes", "parks"):
        team = msgspec.structs.replace(console.city.teams[0], name=name, title=name.title())
        await teams.add_team(pool, team)
    assert (await dora.get("/console/admin/teams")).visible.count("Try earlier") == 2
    for _ in range(3):  # once too often: the first stays the first
        await dora.post("/console/admin/teams/parks/earlier")
    order = [team.name for team in await TeamDirectory(console.city).read(pool)]
    assert order == ["parks", "front-desk", "taxes"]
