"""CAP 1.2 documents against the published schema, written down here as a table; Atom and JSON feeds say the same version."""

import re
from uuid import UUID
from xml.etree import ElementTree

import msgspec
import pytest

from desk.notices.cap import NAMESPACE, cap_document
from desk.notices.feeds import ATOM, atom_feed, banners, json_feed
from desk.store.notices.notices import NoticeVersion
from tests.support.notice_desk import PLANS, NoticeDesk

BASE = "https://desk.lindenport.example"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
TOKEN = re.compile(r"[^\s,<&]+")
NUMBER = r"-?\d+(?:\.\d+)?"
POLYGON = re.compile(rf"({NUMBER},{NUMBER} ){{3,}}{NUMBER},{NUMBER}")
CIRCLE = re.compile(rf"{NUMBER},{NUMBER} {NUMBER}")
LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
ANY = re.compile(r".+", re.DOTALL)
ONE, MAYBE, MANY, SOME = (1, 1), (0, 1), (0, 99), (1, 99)

# http://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2.xsd: the elements in the schema's order, how often, and their values.
ALERT = (
    ("identifier", ONE, TOKEN), ("sender", ONE, TOKEN), ("sent", ONE, TIME),
    ("status", ONE, {"Actual", "Exercise", "System", "Test", "Draft"}),
    ("msgType", ONE, {"Alert", "Update", "Cancel", "Ack", "Error"}), ("source", MAYBE, ANY),
    ("scope", ONE, {"Public", "Restricted", "Private"}), ("restriction", MAYBE, ANY), ("addresses", MAYBE, ANY),
    ("code", MANY, ANY), ("note", MAYBE, ANY), ("references", MAYBE, ANY), ("incidents", MAYBE, ANY), ("info", MANY, None),
)  # fmt: skip
INFO = (
    ("language", MAYBE, LANGUAGE),
    ("category", SOME, {"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"}),
    ("event", ONE, ANY),
    ("responseType", MANY, {"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"}),
    ("urgency", ONE, {"Immediate", "Expected", "Future", "Past", "Unknown"}),
    ("severity", ONE, {"Extreme", "Severe", "Moderate", "Minor", "Unknown"}),
    ("certainty", ONE, {"Observed", "Likely", "Possible", "Unlikely", "Unknown"}), ("audience", MAYBE, ANY),
    ("eventCode", MANY, None), ("effective", MAYBE, TIME), ("onset", MAYBE, TIME), ("expires", MAYBE, TIME),
    ("senderName", MAYBE, ANY), ("headline", MAYBE, ANY), ("description", MAYBE, ANY), ("instruction", MAYBE, ANY),
    ("web", MAYBE, re.compile(r"https?://\S+")), ("contact", MAYBE, ANY), ("parameter", MANY, None), ("resource", MANY, None),
    ("area", MANY, None),
)  # fmt: skip
AREA = (
    ("areaDesc", ONE, ANY), ("polygon", MANY, POLYGON), ("circle", MANY, CIRCLE), ("geocode", MANY, None),
    ("altitude", MAYBE, re.compile(NUMBER)), ("ceiling", MAYBE, re.compile(NUMBER)),
)  # fmt: skip
INSIDE = {"info": INFO, "area": AREA}


def breaches(
    element: ElementTree.Element, table: tuple[tuple[str, tuple[int, int], object], ...]
) -> list[str]:
    """What the schema does not allow."""
    found, left = [], list(element)
    for name, (least, most), allowed in table:
        mine = []
        while left and left[0].tag == f"{{{NAMESPACE}}}{name}":
            mine.append(left.pop(0))
        if not least <= len(mine) <= most:
            found.append(f"{name}: {len(mine)} times")
        for one in mine:
            text = one.text or ""
            if isinstance(allowed, set) and text not in allowed:
                found.append(f"{name}: {text!r}")
            if isinstance(allowed, re.Pattern) and not allowed.fullmatch(text):
                found.append(f"{name}: {text!r}")
            if name in INSIDE:
                found += breaches(one, INSIDE[name])
    return found + [f"{one.tag}: unknown or out of order" for one in left]


def texts(document: bytes, path: str) -> list[str]:
    root = ElementTree.fromstring(document)
    return [
        one.text or "" for one in root.findall("/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("/")))
    ]


async def _history(notices: NoticeDesk) -> dict[UUID, tuple[NoticeVersion, ...]]:
    """Ten notices and more: every scenario, then one with an update and an all-clear, a polygon and a circle."""
    for plan in PLANS:
        await notices.released(plan, districts=["harbour", "eastfield"])
    polygon = [[41.05, -73.55], [41.05, -73.54], [41.06, -73.54]]
    await notices.released(
        "water", polygons=[polygon], circles=[{"latitude": 41.05, "longitude": -73.52, "kilometres": 0.5}]
    )
    await notices.released("storm")
    id = await notices.released("flood", districts=["harbour"])
    notices.clock.forward(minutes=5)
    await notices.release(id, await notices.service.update(notices.ada, id))
    notices.clock.forward(minutes=5)
    await notices.release(id, await notices.service.all_clear(notices.ada, id, {}))
    return {one[0].notice_id: tuple(one) for one in notices.current.history()}


async def test_every_document_passes_the_schema_and_refers_to_the_earlier_ones(notices: NoticeDesk) -> None:
    history = await _history(notices)
    assert len(history) == 10
    for demo in (True, False):
        city = msgspec.structs.replace(notices.city, demo=demo)
        for id, versions in history.items():
            for version in versions:
                made = cap_document(versions, version.version, city, f"{BASE}/notices#n-{id}")
                root = ElementTree.fromstring(made)
                assert root.tag == f"{{{NAMESPACE}}}alert" and breaches(root, ALERT) == []
                assert texts(made, "info/language") == ["en", "es", "fr"]
                assert texts(made, "status") == ["Test" if demo else "Actual"]
                for polygon in texts(made, "info/area/polygon"):
                    points = polygon.split(" ")
                    assert points[0] == points[-1], "a closed ring"
    followed = next(versions for versions in history.values() if len(versions) == 3)
    first, update, cancel = (cap_document(followed, number, notices.city, BASE) for number in (1, 2, 3))
    assert [texts(one, "msgType")[0] for one in (first, update, cancel)] == ["Alert", "Update", "Cancel"]
    assert texts(first, "references") == []
    named = [
        ",".join((texts(one, "sender")[0], texts(one, "identifier")[0], texts(one, "sent")[0]))
        for one in (first, update)
    ]
    assert texts(update, "references") == named[:1] and texts(cancel, "references") == [" ".join(named)]
    assert set(texts(cancel, "info/responseType")) == {"AllClear"}
    assert texts(first, "info/headline")[0] == "Emergency: Flood"
    with pytest.raises(LookupError):
        cap_document(followed, 4, notices.city, BASE)
    with pytest.raises(LookupError):
        cap_document((), 1, notices.city, BASE)


def test_the_table_notices_what_the_schema_forbids() -> None:
    wrong = f"""<alert xmlns="{NAMESPACE}"><identifier>a b</identifier><sender>x</sender><sent>2026-11-30T10:00:00Z</sent>
        <status>Real</status><msgType>Alert</msgType><scope>Public</scope><info><event>x</event><category>Met</category></info></alert>"""
    found = breaches(ElementTree.fromstring(wrong), ALERT)
    assert (
        len(found) >= 6 and any("identifier" in one for one in found) and any("sent" in one for one in found)
    )


async def test_feeds_banners_and_documents_say_the_same_version(notices: NoticeDesk) -> None:
    await _history(notices)
    history, city = notices.current.history(), notices.city
    feed = ElementTree.fromstring(atom_feed(history, "es", city, BASE))
    name = f"{{{ATOM}}}"
    entries = feed.findall(f"{name}entry")
    made = json_feed(history, "es", city, BASE, notices.clock())
    assert made["version"] == "https://jsonfeed.org/version/1.1" and len(made["items"]) == len(entries) == 10
    for entry, item in zip(entries, made["items"], strict=True):
        assert entry.findtext(f"{name}id") == item["id"] and entry.findtext(f"{name}title") == item["title"]
        assert entry.findtext(f"{name}updated") == item["date_modified"]
        (cap,) = [
            one.get("href")
            for one in entry.findall(f"{name}link")
            if one.get("type") == "application/cap+xml"
        ]
        assert cap == item["attachments"][-1]["url"] and str(cap).endswith(str(item["_notice"]["version"]))
    assert entries[0].findtext(f"{name}title") == "Fin de la alerta: Inundación"
    assert {
        name
        for name in ("id", "title", "updated", "link", "author")
        if feed.find(f"{{{ATOM}}}{name}") is None
    } == set()
    held = banners(notices.current.holding(), "fr", city, BASE)
    assert len(held["notices"]) == 10 and held["notices"][0]["level"] == "emergency"
    assert held["notices"][-1]["kind"] == "all_clear" and "{" not in str(held["notices"]).replace("{'", "")
    notices.clock.forward(days=4)
    assert banners(notices.current.holding(), "fr", city, BASE)["notices"] == []
    assert not any(
        one["_notice"]["holds"] for one in json_feed(history, "en", city, BASE, notices.clock())["items"]
    )
