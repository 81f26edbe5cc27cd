"""From a weather service over a real socket to drafts and banners: rules, updates, cancels, duplicates, and what is left to people."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import msgspec
import pytest

from city import City
from city.notices.alerts import AlertRule
from desk.alerts import matching
from desk.alerts.cap import Alert
from desk.alerts.reading import AlertReading
from desk.knowledge.catalogue import Catalog
from desk.model import NotAllowed, NotFound
from desk.notices.drafting import NoticeMovedOn
from desk.notices.saying import say
from desk.store.notices import alerts
from desk.store.notices import notices as rows
from desk.store.pool import Store
from tests.support.alert_desk import BANNER, AlertSide, alert, alert_side
from tests.support.alert_service import (
    ELSEWHERE,
    SENDER,
    SIGNATURE,
    cap,
    hours,
    info,
)
from tests.support.answers_office import person
from tests.support.clock import NOW
from tests.support.notice_desk import PLANS


@pytest.fixture
async def side(store: Store, city: City, catalog: Catalog) -> AsyncIterator[AlertSide]:
    async with alert_side(store, city, catalog) as side:
        yield side


async def test_a_draft_waits_for_two_people_and_its_update_and_cancel_follow(side: AlertSide) -> None:
    await side.rules(AlertRule(plan="flood"), by=(await person(side.desk.store, "admin")).agent_id)
    (first,) = await side.publish(a1=alert("a1"))
    (version,) = await side.versions(first)
    assert (first.state, version.state, version.written_by, version.writer) == (
        "draft",
        "draft",
        None,
        "an alert of weather",
    )
    assert version.content.area["districts"] == ["harbour"] and version.content.ends_at == NOW + hours(6)
    assert "river" not in str(version.content.texts), "the source's words are shown to people alone"
    assert first.body[0]["description"] == "The river is two metres over its banks."
    (second,) = await side.publish(
        a2=alert(
            "a2", 1, kind="Update", of="a1", polygon="41.06,-73.55 41.06,-73.54 41.07,-73.54 41.06,-73.55"
        )
    )
    (version,) = await side.versions(second)
    assert (
        version.content.area["districts"] == ["market", "castle-hill"] and second.notice_id == first.notice_id
    )
    desk = side.desk
    assert first.notice_id is not None
    await desk.service.propose(desk.ada, first.notice_id, 1)
    with pytest.raises(NoticeMovedOn, match="To release it alone, say why"):
        await desk.service.release(desk.ada, first.notice_id, 1)
    (waits,) = await side.publish(a3=alert("a3", 2, kind="Update", of="a1"))
    assert waits.state == "needs_person" and "Somebody is writing" in waits.why
    await desk.service.release(desk.ben, first.notice_id, 1)
    (cancel,) = await side.publish(a4=alert("a4", 3, kind="Cancel", of="a1"))
    newest = (await side.versions(cancel))[-1]
    assert (cancel.state, newest.kind, newest.state) == ("draft", "all_clear", "draft"), (
        "people said it, so people end it"
    )
    assert newest.content.texts["en"]["title"] == PLANS["flood"].all_clear["en"].title


async def test_a_rule_shows_a_banner_in_the_citys_words_updates_it_and_ends_it(side: AlertSide) -> None:
    admin = await person(side.desk.store, "admin")
    await side.desk.subscriber("telegram", "flood")
    await side.rules(BANNER, by=admin.agent_id)
    (first,) = await side.publish(a1=alert("a1"))
    assert first.state == "banner"
    (shown,) = side.desk.current.holding()
    said = say(shown, "es", side.desk.city)
    assert (
        shown.rule_by == admin.agent_id
        and "Puerto" in said.whole
        and "river" not in said.whole
        and "quay" not in said.whole
    )
    assert await side.desk.ledger(shown.notice_id) == {}, "a banner is not sent to subscribers"
    (second,) = await side.publish(a2=alert("a2", 1, kind="Update", of="a1", polygon=""))
    assert second.state == "draft" and "could not be compared" in second.why, (
        "no rule acts on what nobody can place"
    )
    (third,) = await side.publish(a3=alert("a3", 2, kind="Update", of="a1", severity="Severe"))
    versions = await side.versions(third)
    assert [(one.kind, one.state) for one in versions] == [
        ("first", "released"),
        ("update", "dropped"),
        ("update", "released"),
    ]
    (cancel,) = await side.publish(a4=alert("a4", 3, kind="Cancel", of="a1"))
    (shown,) = side.desk.current.holding()
    assert (cancel.state, shown.kind, shown.content.level) == ("ended", "all_clear", "recovery")
    (again,) = await side.publish(a5=alert("a5", 4, kind="Update", of="a1"))
    assert again.state == "banner" and again.notice_id != first.notice_id, "what is over is not updated"
    lines = await side.pool.fetch(
        "SELECT detail FROM audit WHERE action = 'notice_released_by_rule' ORDER BY id"
    )
    assert len(lines) == 4 and all(one["detail"]["rule_by"] == str(admin.agent_id) for one in lines)


async def test_the_sources_words_are_shown_only_where_a_rule_says_so(side: AlertSide) -> None:
    await side.rules(
        msgspec.structs.replace(BANNER, words="source"), by=(await person(side.desk.store, "admin")).agent_id
    )
    await side.publish(a1=alert("a1", description="Water at {until}.\u202e " + "so high " * 60))
    (shown,) = side.desk.current.holding()
    english, french = (say(shown, one, side.desk.city).text for one in ("en", "fr"))
    assert english.title == "Flood Warning for the harbour" and english.act == "Leave the quay."
    assert english.what.startswith("Weather service: Water at (until). so high") and len(english.what) <= 250
    assert french.title == "Inondation", "where the source has no words, the city's stand"


@pytest.mark.parametrize(
    ("given", "source", "why"),
    [
        ({"status": "Exercise"}, {}, "status is Exercise"),
        ({"status": "Test"}, {}, "status is Test"),
        ({"scope": "Private"}, {}, "scope is Private"),
        ({"polygon": ELSEWHERE}, {}, "does not touch the city"),
        ({"kind": "Ack", "of": "a0"}, {}, "only says that a message arrived"),
        ({"kind": "Cancel", "of": "a0"}, {}, "There is no notice to end"),
        ({"kind": "Error", "of": "a0"}, {}, "there is no notice"),
        ({"sender": "liar@weather.example"}, {"senders": (SENDER,)}, "none of those that the settings name"),
        ({"severity": "Minor"}, {"otherwise": "ignore"}, "No rule names it"),
    ],
)
async def test_what_is_not_for_the_public_or_not_for_the_city_is_only_listed(
    side: AlertSide, given: dict[str, Any], source: dict[str, Any], why: str
) -> None:
    await side.rules(BANNER, by=(await person(side.desk.store, "admin")).agent_id, **source)
    (found,) = await side.publish(a1=alert("a1", **given))
    assert found.state == "ignored" and why in found.why and found.notice_id is None
    assert (found.body == []) == (given.get("scope") == "Private"), (
        "nobody at the desk reads what is private either"
    )


async def test_no_rule_acts_without_an_administrator_a_checked_origin_and_a_prepared_message(
    side: AlertSide,
) -> None:
    await side.rules(BANNER)
    (of_file,) = await side.publish(a1=alert("a1"))
    assert of_file.state == "draft" and "once an administrator has saved them" in of_file.why
    admin = await person(side.desk.store, "admin")
    await side.rules(BANNER, by=admin.agent_id)
    (signed,) = await side.publish(a2=alert("a2", raw=SIGNATURE))
    assert signed.state == "draft" and "signature" in signed.why
    await side.rules(msgspec.structs.replace(BANNER, plan="tsunami"), by=admin.agent_id)
    (unprepared,) = await side.publish(a3=alert("a3"))
    assert unprepared.state == "draft" and "'tsunami' is missing" in unprepared.why
    assert side.desk.current.holding() == []
    with pytest.raises(asyncpg.RaiseError, match="only what was proposed"):
        await side.pool.execute(
            "UPDATE notice_versions SET state = 'released', released_at = now() WHERE notice_id = $1",
            of_file.notice_id,
        )


async def test_order_duplicates_and_expiry(side: AlertSide) -> None:
    await side.rules(BANNER, by=(await person(side.desk.store, "admin")).agent_id)
    a1, a2 = alert("a1"), alert("a2", 1, kind="Cancel", of="a1")
    first, second = await side.publish(a1=a1, a2=a2)
    assert (first.state, second.state) == ("banner", "ended"), "one reading, the earlier message first"
    await side.publish(b2=alert("b2", 1, kind="Cancel", of="b1"))
    (late,) = await side.publish(b1=alert("b1"))
    assert late.state == "ignored" and "later message" in late.why, "its cancel was read before"
    (over,) = await side.publish(c1=cap("c1", NOW, info(NOW)))
    assert over.state == "ignored" and "expired" in over.why
    count = len(await side.kept())
    side.service.publish(copy=a1)
    await side.read()
    assert len(await side.kept()) == count, "the same message again is nothing new"
    forged = alert("d1", 2, kind="Cancel", of="a1", sender="liar@weather.example")
    (other,) = await side.publish(e1=alert("e1"))
    await side.publish(d1=forged.replace("a1", "e1"))
    assert other.state == "banner" and len(side.desk.current.holding()) == 2, (
        "only a sender ends what it said"
    )


async def test_a_source_is_read_by_one_politely_and_says_what_is_wrong(side: AlertSide) -> None:
    await side.rules(BANNER, by=(await person(side.desk.store, "admin")).agent_id)
    assert await side.polling.read_due() == 1 and await side.polling.read_due() == 0, "it is not due yet"
    await side.publish(a1=alert("a1"))
    await side.read()
    await side.read()
    assert side.service.unchanged == 2 and side.service.asked.count("/a1.xml") == 1
    side.service.publish(bad="<alert/>", gone="")
    del side.service.documents["/gone.xml"]
    await side.read()
    assert sorted(one.why for one in await side.kept() if one.state == "unreadable") == [
        "It could not be fetched: HTTP 404.",
        "It is no CAP 1.2 document.",
    ]
    side.service.links = [f"{'https://evil.example'}/x.xml", *side.service.links]
    await side.read()
    poll = (await alerts.list_polls(side.pool))["weather"]
    assert (
        poll.problem.startswith("1 of its alerts could not be fetched.")
        and "evil" not in poll.problem
        and poll.etag is None
    )
    side.service.down = True
    await side.read()
    await side.read()
    poll = (await alerts.list_polls(side.pool))["weather"]
    assert (
        poll.failures == 2
        and poll.problem == "It could not be fetched: HTTP 503."
        and poll.read_at is not None
    )
    lease = await alerts.lease_poll(side.pool, "weather", f"{side.service.url}/feed.atom", 60, 90)
    assert lease is None, "after a failure it waits"
    async with side.desk.store.transaction() as one:
        await alerts.mark_due(one, "weather")
        url = f"{side.service.url}/feed.atom"
        assert await alerts.lease_poll(one, "weather", url, 0, 90) is not None
        assert await alerts.lease_poll(one, "weather", url, 0, 90) is None, "somebody reads it"


async def test_people_draft_from_a_listed_alert_and_decide_about_what_waits(side: AlertSide) -> None:
    await side.rules(BANNER, by=(await person(side.desk.store, "admin")).agent_id, otherwise="ignore")
    reading = AlertReading(side.desk.store, side.desk.city, side.desk.clock)
    (found,) = await side.publish(a1=alert("a1", severity="Minor"))
    id = await reading.draft(side.desk.eve, found.id)
    assert await reading.draft(side.desk.ada, found.id) == id, "once"
    (version,) = await rows.list_versions(side.pool, id)
    assert version.written_by == side.desk.eve.agent_id and version.content.texts["en"]["title"] == "Storms"
    (waits,) = await side.publish(a2=alert("a2", 1, kind="Error", of="a1"))
    assert waits.state == "needs_person" and await reading.count_waiting(side.desk.ada) == 1
    await reading.decide(side.desk.ada, waits.id)
    assert await reading.count_waiting(side.desk.ada) == 0
    with pytest.raises(NotFound):
        await reading.decide(side.desk.ada, waits.id)
    with pytest.raises(NotAllowed):
        await reading.draft(await person(side.desk.store, "agent"), found.id)
    assert {one.id for one in await reading.of_notice(side.desk.eve, id)} == {waits.id, found.id}
    await side.pool.execute("UPDATE alerts SET received_at = now() - interval '91 days'")
    (alone,) = await side.publish(b1=alert("b1", polygon=ELSEWHERE))
    await side.pool.execute(
        "UPDATE alerts SET received_at = now() - interval '91 days' WHERE id = $1", alone.id
    )
    assert await alerts.delete_old(side.pool, hours(24 * 90)) == 1, "what a notice came from stays"


async def test_one_alert_that_breaks_keeps_no_other_back(
    side: AlertSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    await side.rules(BANNER, by=(await person(side.desk.store, "admin")).agent_id)
    whole = matching.place

    def place(found: Alert, *rest: Any) -> matching.Placed | None:
        if found.identifier == "a1":
            raise ArithmeticError("of this alert")
        return whole(found, *rest)

    monkeypatch.setattr(matching, "place", place)
    side.service.publish(a1=alert("a1"), a2=alert("a2", 1))
    await side.read()
    assert {(one.identifier, one.state) for one in await side.kept()} == {
        (None, "unreadable"),
        ("a2", "banner"),
    }
    await side.read()
    assert len(await side.kept()) == 2
