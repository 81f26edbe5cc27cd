"""Notices in the console, without a script: from a prepared message to the release by a second person, the update and the all-clear."""

from pathlib import Path
from uuid import UUID

import pytest

from city import City
from city.notices.alerts import AlertSource
from console.city_notices.form import content_from, fields_of
from console.city_notices.map import draw
from desk.alerts.cap import read_alert
from desk.alerts.taking import AlertTaking
from desk.alerts.xml import parse
from desk.notices.checking import NoticeRefused
from desk.notices.plan import content_of, seed_plans
from desk.store.notices import people, subscriptions
from desk.store.people import contacts
from tests.support.alert_service import cap, hours, info
from tests.support.clock import NOW
from tests.support.console import RunningConsole
from tests.support.notice_desk import PLANS


def _form(console: RunningConsole, **more: str) -> dict[str, str]:
    content = content_of(PLANS["flood"], {"districts": ["harbour"]}, console.clock())
    return fields_of(content, console.city.zone) | {"starts": ""} | more


async def test_one_writes_another_releases_and_both_see_who_was_reached(console: RunningConsole) -> None:
    await seed_plans(console.store, Path("content"), console.clock())
    async with console.store.transaction() as transaction:
        contact = await contacts.add_contact(transaction, "web", "somebody", "en")
        await subscriptions.add_subscription(
            transaction, contact.id, "flood", "", console.clock(), source="chat", confirmed=True
        )
    eve, ben = await console.signed_in("Eve", "editor"), await console.signed_in("Ben", "supervisor")
    page = await eve.get("/console/notices")
    assert "Boil your tap water" in page.visible and "No notice is in force" in page.visible
    page = await eve.get("/console/notices/new?plan=flood")
    assert "Open the shelter" in page.visible and "Go to an upper floor now" in page.text
    refused = await eve.post(
        "/console/notices", data={"plan": "flood"} | _form(console, **{"district-harbour": ""})
    )
    assert (
        refused.status == 422
        and "Choose districts" in refused.visible
        and "Go to an upper floor" in refused.text
    )
    page = await eve.post("/console/notices", data={"plan": "flood"} | _form(console))
    assert page.status == 200 and "Emergency: Flood" in page.visible and "Harbour" in page.visible
    path = page.url.removeprefix(console.base).split("?")[0]
    page = await eve.post(f"{path}/1", data=_form(console, **{"en-act": "on " * 30}))
    page = await eve.post(f"{path}/1/propose")
    assert page.status == 422 and "more than 25 words" in page.visible
    await eve.post(f"{path}/1", data=_form(console))
    page = await eve.post(f"{path}/1/propose")
    assert page.status == 200 and "Somebody else has to release it" in page.visible
    assert (await eve.post(f"{path}/1/release")).status == 404
    page = await ben.get(path)
    assert "Release now" in page.visible and "1" in page.visible
    page = await ben.post(f"{path}/1/release")
    assert "Released. It is being said everywhere" in page.visible and "Waiting" in page.visible
    counted = await people.count_outcomes(console.store.pool, await _id(console))
    assert sum(counted[1].values()) == 1
    assert (await ben.post(f"{path}/1/release")).status == 409
    page = await ben.post(f"{path}/update")
    assert "Change a draft" in page.visible and page.url.endswith(f"{path}/2")
    page = await ben.post(f"{path}/2/drop", data={"why": "Nothing new."})
    assert "Nothing new." in page.visible
    page = await ben.post(f"{path}/all-clear")
    assert "The flood is over" in page.text
    assert "Be prepared" not in page.visible
    page = await eve.get("/console/notices")
    assert "Drafts and proposals 1" in " ".join(page.visible.split())
    assert (await eve.get("/console/notices/plan.zip")).status == 200


async def _id(console: RunningConsole) -> UUID:
    return await console.store.pool.fetchval("SELECT id FROM notices")


async def test_a_prepared_message_is_changed_by_those_who_may(console: RunningConsole) -> None:
    await seed_plans(console.store, Path("content"), console.clock())
    eve, ana = await console.signed_in("Eve", "editor"), await console.signed_in("Ana")
    page = await ana.get("/console/notices/plan/flood")
    assert page.status == 200 and 'name="en-act"' in page.text and "Save" not in page.visible
    assert (await ana.get("/console/notices/plan/none")).status == 404
    values = {"hours": "x"}
    for before, texts in (("", PLANS["flood"].texts), ("clear-", PLANS["flood"].all_clear)):
        for language, text in texts.items():
            for part in ("title", "what", "where", "act", "more", "ask", "short"):
                values[f"{before}{language}-{part}"] = getattr(text, part)
    assert (await eve.post("/console/notices/plan/flood")).status == 422, "nothing at all was sent"
    page = await eve.post("/console/notices/plan/flood", data=values)
    assert page.status == 422 and "720 hours" in page.visible
    page = await eve.post(
        "/console/notices/plan/flood", data=values | {"hours": "5", "en-title": "High water"}
    )
    assert page.status == 200 and "Prepared message: High water" in page.visible


def test_a_form_means_what_it_shows(city: City) -> None:
    area = {"polygons": [[[41.05, -73.55], [41.05, -73.54], [41.06, -73.54]]]}
    content = content_of(PLANS["water"], area, NOW)
    again = content_from(fields_of(content, city.zone), city.languages, city.districts, city.zone, NOW)
    assert (again.texts, again.starts_at, again.ends_at) == (
        content.texts,
        content.starts_at,
        content.ends_at,
    )
    assert again.area["polygons"] == area["polygons"]
    for wrong in (
        {"polygon": "{}"}, {"latitude": "north", "longitude": "1", "kilometres": "2"}, {"starts": "soon"}, {"level": "panic"},
        {"everywhere": "yes"},
    ):  # fmt: skip
        with pytest.raises(NoticeRefused):
            content_from(
                fields_of(content, city.zone) | wrong, city.languages, city.districts, city.zone, NOW
            )


def test_the_map_marks_the_districts_that_the_area_touches(city: City) -> None:
    circle = {"circles": [{"latitude": 41.05, "longitude": -73.52, "kilometres": 0.3}]}
    drawing = draw(circle, city.districts, "en")
    assert drawing is not None and [one.title for one in drawing.districts if one.chosen] == ["Eastfield"]
    ((x, y, radius),) = drawing.circles
    assert 300 < x < 360 and 0 < y < drawing.height and 30 < radius < 33
    crossing = {"polygons": [[[41.0, -73.546], [41.2, -73.546], [41.2, -73.545], [41.0, -73.545]]]}
    drawing = draw(crossing, city.districts, "es")
    assert drawing is not None and [one.title for one in drawing.districts if one.chosen] == [
        "Puerto",
        "Mercado",
        "Castle Hill",
    ]
    assert draw({}, (), "en") is None


SOURCE_FORM = {
    "alertsource-0-name": "weather",
    "alertsource-0-title": "Weather service",
    "alertsource-0-url": "https://weather.example/feed",
    "alertsource-0-geocodes": "SAME:042007 | harbour, market",
    "alertrule-0-plan": "flood",
    "alertrule-0-severities": "extreme, Severe",
    "alertrule-0-then": "banner",
}


async def test_an_administrator_names_sources_and_rules_and_people_see_what_became_of_alerts(
    console: RunningConsole,
) -> None:
    await seed_plans(console.store, Path("content"), console.clock())
    dora, eve = await console.signed_in("Dora", "admin"), await console.signed_in("Eve", "editor")
    path = "/console/admin/settings/alerts"
    for wrong, said in (
        ({"alertsource-0-geocodes": "SAME:1"}, "Write one a line"),
        ({"alertsource-0-geocodes": "SAME:1 | moon"}, "is no district"),
        ({"alertsource-0-url": "ftp://x"}, "must be like https"),
        ({"alertsource-0-seconds": "5"}, "seconds from 30"),
        ({"alertrule-0-severities": ""}, "for which events or severities"),
        ({"alertrule-0-source": "sea"}, "which there is not"),
    ):
        page = await dora.post(path, data=SOURCE_FORM | wrong | {"version": "0"})
        assert page.status == 422 and said in page.visible, wrong
    page = await dora.post(path, data=SOURCE_FORM | {"version": "0"})
    assert page.status == 200 and "Weather service" in (await dora.get(path)).text
    (source,) = console.city.alert_sources
    assert source == AlertSource(
        name="weather", title="Weather service", url="https://weather.example/feed",
        geocodes={"SAME:042007": ("harbour", "market")},
    )  # fmt: skip
    document = cap("a1", console.clock(), info(console.clock() + hours(2)))
    taking = AlertTaking(console.store, console.city, console.clock)
    taken = await taking.take(source, "1", read_alert(parse(document.encode())))
    assert taken is not None and taken.state == "banner"
    page = await eve.get("/console/notices/alerts")
    assert "Is said as a banner" in page.visible and "Waits for its first reading" in page.visible
    assert "<blockquote" in page.text and "two metres over its banks" in page.visible
    page = await eve.get(f"/console/notices/{taken.notice_id}")
    assert "a rule of Dora" in page.visible and "Nobody here wrote this" in page.visible
    assert (await eve.post("/console/notices/alerts/sources/weather/read")).status == 404, "it was never read"
