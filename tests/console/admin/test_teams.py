"""Teams in the console: the form gives back what it shows, and what administrators save takes effect."""

import html
import re
from typing import Any

import msgspec
import pytest

from city import Team
from city.teams import read_team
from console.admin.team_form import TeamForm, values_of
from desk.routing.team_directory import seed_teams
from desk.store.routing import teams
from tests.support.console import Answer, RunningConsole

TEAMS = "/console/admin/teams"
FORM = TeamForm(["en", "es"], ["parking_permit", "tax"], ["web", "mail"])
HOURS = {
    "week": {"monday": ["08:30-12:00", "13:00-17:00"], "friday": ["22:00-06:00"], "sunday": ["00:00-24:00"]},
    "zone": "Europe/Paris", "country": "FR", "keeps_holidays": False, "holidays": ["2026-12-31", "2027-01-02"],
    "special_days": [
        {"day": "2026-12-24", "hours": ["08:00-10:00", "11:00-12:00"], "name": {"en": "Eve | late; really", "es": "Noche"}},
        {"day": "2026-12-27", "until": "2026-12-30"},
    ],
    "texts": {"en": "Back {opens}.\nReally.", "es": "Abre {opens}.", "fr": "Plus tard."},
}  # fmt: skip


def made(**more: Any) -> Team:
    return msgspec.convert({"name": "night", "title": "Night", "languages": ["es", "en"]} | more, Team)


@pytest.mark.parametrize(
    "team",
    [
        made(),
        made(hours=HOURS, topics=["tax", "gone"], inboxes=["mail"], skills=["tax", "gas"], mode="push"),
        made(return_minutes=90, offer_seconds=10, urgent_seconds=3_600, hours={"week": {}}),
    ],
)
def test_a_form_that_nobody_changed_means_the_same_team(team: Team) -> None:
    values = FORM.read(lambda name: values_of(team).get(name, ""), team)
    given, problems = FORM.meaning(values, team)
    assert problems == {} and read_team(given, ["web", "mail"]) == team


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hours-monday", "8-17"), ("hours-monday", "08:00-24:30"), ("holidays", "Christmas"),
        ("special_days", "2026-12-24 | closed | Eve"), ("special_days", "tomorrow"), ("text-en", "x" * 601),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_its_sentence_beside_the_field(name: str, text: str) -> None:
    team = made(hours=HOURS)
    assert list(FORM.meaning(values_of(team) | {name: text}, team)[1]) == [name]


def sent(page: Answer) -> dict[str, str]:
    """The team's form as a browser would send it."""
    form = page.text.partition('class="stack"')[2].partition("</form>")[0]
    inputs = re.findall(r"<input ([^>]*)>", form)
    found = {}
    for one in inputs:
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', one))
        if attributes["name"] == "csrf":
            continue
        if attributes.get("type") not in ("checkbox", "radio") or " checked" in one:
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)<', form)
    return found | {name: html.unescape(text) for name, text in areas}


async def test_an_administrator_adds_changes_and_retires_a_team(console: RunningConsole) -> None:
    await seed_teams(console.store.pool, console.city)
    ada = await console.signed_in("Ada", "admin", ())
    ben = await console.signed_in("Ben", "admin", ())
    new = sent(await ada.get(f"{TEAMS}/new")) | {"name": "night", "title": "Night <b>", "language-en": "yes"}
    wrong = await ada.post(
        TEAMS, data=new | {"offer_seconds": "5", "own_hours": "yes", "hours-monday": "8", "zone": "Mars"}
    )
    assert wrong.status == 422 and wrong.text.count('class="problem"') == 3, "each has its sentence"
    wrong = await ada.post(
        TEAMS, data=new | {"own_hours": "yes", "zone": "Mars", "hours-monday": "22:00-06:00"}
    )
    assert "is no time zone" in wrong.visible and 'aria-describedby="help-zone problem-zone"' in wrong.text
    assert 'value="22:00-06:00"' in wrong.text
    assert (await ada.post(TEAMS, data=new)).url.endswith("?notice=team-saved")
    assert (await ada.post(TEAMS, data=new)).status == 422

    before = sent(await ben.get(f"{TEAMS}/night"))
    assert before["version"] == "1" and before["title"] == "Night <b>"
    saved = await ada.post(f"{TEAMS}/night", data=before | {"mode": "push", "offer_seconds": "45"})
    assert saved.status == 200
    told = await ben.post(f"{TEAMS}/night", data=before | {"title": "Nights"})
    assert told.status == 409 and "Mode is now push" in told.visible and "Offer is now 45" in told.visible
    again = sent(told)
    assert again["title"] == "Nights" and again["version"] == "2"
    assert (await ben.post(f"{TEAMS}/night", data=again)).status == 200
    kept = (await teams.list_kept(console.store.pool, name="night"))[0]
    assert (kept.team.title, kept.version) == ("Nights", 3)

    await console.queued(team="night")
    refused = await ada.post(f"{TEAMS}/night/retire")
    assert refused.status == 409 and "is open" in refused.visible
    await console.store.pool.execute("UPDATE conversations SET team = 'front-desk'")
    await ada.post(f"{TEAMS}/night/retire")
    assert "night" not in [one.name for one in await teams.list_teams(console.store.pool)]
    assert "Retired" in (await ada.get(TEAMS)).visible
    done = await console.audited()
    assert [one for one in done if one.startswith("team_")] == ["team_added", *["team_changed"] * 3]
