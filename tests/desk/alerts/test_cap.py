"""CAP 1.2 and feeds, read strictly and within limits; and where an alert is in the city."""

from uuid import uuid4

import msgspec
import pytest

from city import City
from city.notices.alerts import AlertRule, AlertSource
from desk.alerts.cap import Alert, read_alert
from desk.alerts.feed import read_entries
from desk.alerts.matching import place, visible
from desk.alerts.xml import DEEPEST, LARGEST, MOST_ELEMENTS, Unreadable, parse
from desk.notices.cap import cap_document
from desk.notices.plan import content_of
from desk.store.notices.notices import NoticeVersion
from tests.support.alert_service import ELSEWHERE, SIGNATURE, cap, cap_time, hours, info, refers_to
from tests.support.clock import NOW
from tests.support.notice_desk import PLANS

SOURCE = AlertSource(name="weather", title="Weather service", url="https://weather.example/feed")


def read(text: str) -> Alert:
    return read_alert(parse(text.encode()))


def test_an_alert_is_read_with_everything_that_a_city_needs() -> None:
    alert = read(
        cap("A-1", NOW, info(NOW + hours(3)) + info(None, language="es", event="Inundación"), raw=SIGNATURE)
    )
    assert (alert.identifier, alert.sent, alert.status, alert.kind, alert.signed) == (
        "A-1",
        NOW,
        "Actual",
        "Alert",
        True,
    )
    assert [one.language for one in alert.infos] == ["en-US", "es"] and alert.ends_at is None
    assert alert.infos[0].expires == NOW + hours(3) and alert.infos[0].places[0].polygons[0][1] == (
        41.05,
        -73.545,
    )
    update = read(cap("A-2", NOW, info(None), msgType="Update", references=refers_to("A-1", NOW)))
    assert update.references == [alert.reference] and not update.signed


def test_what_we_publish_can_be_read(city: City) -> None:
    content = content_of(PLANS["flood"], {"districts": ["harbour"]}, NOW)
    version = NoticeVersion(
        uuid4(), 1, "flood", "first", "released", content, NOW, uuid4(), "Ada", NOW, uuid4(), "Ada", NOW, uuid4(), "Ben", None, "KRTWXP"
    )  # fmt: skip
    alert = read(cap_document([version], 1, city, "https://desk.example/notices").decode())
    assert [one.language for one in alert.infos] == list(city.languages)
    placed = place(alert, SOURCE, city, NOW)
    assert placed is not None and "harbour" in placed.districts and not placed.everywhere


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (cap("A 1", NOW, info(None)), "sign that CAP does not allow"),
        (cap("A-1", NOW, info(None), status="Real"), "'status' has a word"),
        (cap("A-1", NOW, info(None)).replace(cap_time(NOW), "2026-11-22T12:00:00Z"), "The time in 'sent'"),
        (cap("A-1", NOW, info(None, severity="Terrible")), "'severity' has a word"),
        (cap("A-1", NOW, info(None, category="Weather")), "'category' has a word"),
        (cap("A-1", NOW, info(None, event="")), "'event' is missing"),
        (cap("A-1", NOW, info(None, raw="<event>Again</event>")), "more than once"),
        (cap("A-1", NOW, info(None, raw="<colour>red</colour>")), "does not know"),
        (cap("A-1", NOW, info(None, polygon="1,1 1,2 2,2")), "polygon must"),
        (cap("A-1", NOW, info(None, polygon="91,1 1,2 2,2 91,1")), "latitude,longitude"),
        (cap("A-1", NOW, info(None, polygon="1e3,1 1,2 2,2 1e3,1")), "cannot be read"),
        (cap("A-1", NOW, info(None, polygon=" ".join(["1,1"] * 3_000))), "too many corners"),
        (cap("A-1", NOW), "no info block"),
        (cap("A-1", NOW, info(None), msgType="Update"), "must refer"),
        (cap("A-1", NOW, info(None), msgType="Update", references="A-0"), "'references' must have"),
        (cap("A-1", NOW, info(None) * 41), "too many info"),
        (cap("A-1", NOW, info(None)).replace("cap:1.2", "cap:1.1"), "no CAP 1.2"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DTDForbidden"),
        ("<a>" * (DEEPEST + 1), "nested"),
        ("<a>" + "<b/>" * (MOST_ELEMENTS + 1) + "</a>", "too many elements"),
        (" " * (LARGEST + 1), "too large"),
        ("", "not plain XML"),
    ],
)  # fmt: skip
def test_what_breaks_the_standard_or_a_limit_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(text)


def test_feeds_give_links_or_documents_and_anything_else_is_refused() -> None:
    one = cap("A-1", NOW, info(None))
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        '<entry><updated>1</updated><link rel="alternate" href="/page"/><link type="application/cap+xml" href="a.xml"/></entry>'
        f"<entry><content type='text/xml'>{one}</content></entry><entry><title>Nothing</title></entry></feed>"
    )
    entries = read_entries(parse(atom.encode()), "https://weather.example/feeds/x")
    assert [one.url for one in entries] == ["https://weather.example/feeds/a.xml", ""]
    assert entries[1].alert is not None and read_alert(entries[1].alert).identifier == "A-1"
    changed = read_entries(parse(atom.replace(">1<", ">2<").encode()), "https://weather.example/feeds/x")
    assert changed[0].key != entries[0].key and changed[1].key == entries[1].key
    rss = (
        "<rss><channel><item><link>https://w.example/b.xml</link></item>"
        '<item><link>/p</link><enclosure type="application/cap+xml" url="https://w.example/c.xml"/></item></channel></rss>'
    )
    assert [one.url for one in read_entries(parse(rss.encode()), "https://w.example/")] == [
        "https://w.example/b.xml",
        "https://w.example/c.xml",
    ]
    assert len(read_entries(parse(one.encode()), "https://w.example/")) == 1
    with pytest.raises(Unreadable, match="neither Atom nor RSS"):
        read_entries(parse(b"<html/>"), "https://w.example/")


@pytest.mark.parametrize(
    ("given", "codes", "found"),
    [
        ({}, {}, ("harbour",)),
        ({"polygon": ELSEWHERE}, {}, None),
        ({"polygon": "40,-75 42,-75 42,-72 40,-72 40,-75"}, {}, "everywhere"),
        ({"polygon": "", "geocode": "SAME:042007"}, {"SAME:042007": ("market",)}, ("market",)),
        ({"polygon": "", "geocode": "SAME:042007"}, {"SAME:042007": ("*",)}, "everywhere"),
        ({"polygon": "", "geocode": "SAME:099999"}, {"SAME:042007": ("market",)}, None),
        ({"polygon": "", "geocode": "SAME:042007"}, {}, "unsure"),
        ({"polygon": ""}, {"SAME:042007": ("market",)}, "unsure"),
    ],
)
def test_an_alert_is_matched_to_the_districts(
    city: City, given: dict[str, str], codes: dict[str, tuple[str, ...]], found: object
) -> None:
    alert = read(cap("A-1", NOW, info(NOW + hours(1), **given)))
    placed = place(alert, msgspec.structs.replace(SOURCE, geocodes=codes), city, NOW)
    if placed is None:
        assert found is None
    elif not placed.sure:
        assert found == "unsure"
    else:
        assert found == ("everywhere" if placed.everywhere else placed.districts)


def test_a_strangers_text_hides_nothing_and_ends() -> None:
    assert visible("a\u202eb\n\n  c\u200bd\x07e", 99) == "a b c d e"
    assert visible("one two three", 9) == "one two…"


def test_a_rule_fits_as_it_says() -> None:
    rule = AlertRule(plan="flood", events=("Flood warning",), severities=("Severe", "Extreme"))
    assert rule.fits("weather", " FLOOD Warning ", "Severe", "Future", "Likely")
    assert not rule.fits("weather", "Flood watch", "Severe", "Future", "Likely")
    assert not rule.fits("weather", "Flood warning", "Minor", "Future", "Likely")
    assert not msgspec.structs.replace(rule, source="sea").fits(
        "weather", "Flood warning", "Severe", "Past", "Likely"
    )
