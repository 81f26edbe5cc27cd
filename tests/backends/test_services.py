"""Which services a GeoReport server offers, and what they ask."""

import json

import pytest

from backends.open311.catalogue import read_questions
from backends.open311.client import Open311
from backends.open311.xml import parse_xml
from tests.support.clock import Ticks
from tests.support.fake_georeport import FakeGeoReport, reply


async def test_services_come_with_their_questions_in_order(client: Open311, fake: FakeGeoReport) -> None:
    pothole, graffiti, thanks = await client.services()
    assert (pothole.code, pothole.name, pothole.group, pothole.flow) == (
        "001",
        "Pothole",
        "streets",
        "realtime",
    )
    assert [question.code for question in pothole.questions] == ["SIZE", "WHEN", "WHO", "DEEP"]
    assert pothole.questions[0].required and not pothole.questions[1].required
    assert pothole.questions[0].values == (("1", "Small"), ("2", "Large"))
    assert graffiti.questions == () and thanks.flow == "blackbox"
    assert {query["jurisdiction_id"] for query in fake.queries} == {"city.example"}


@pytest.mark.parametrize("metadata", ["true", "True", "1", 1, True])
async def test_metadata_may_be_text_number_or_boolean(
    client: Open311, fake: FakeGeoReport, metadata: object
) -> None:
    fake.answers["GET services.json"] = reply(json.dumps([{"service_code": "001", "metadata": metadata}]))
    assert len((await client.services())[0].questions) == 4


@pytest.mark.parametrize("metadata", ["false", "0", "", 0, False, None])
async def test_no_metadata_asks_for_no_definition(
    client: Open311, fake: FakeGeoReport, metadata: object
) -> None:
    fake.answers["GET services.json"] = reply(json.dumps([{"service_code": 1, "metadata": metadata}]))
    assert [(service.code, service.questions) for service in await client.services()] == [("1", ())]
    assert fake.calls == ["GET services.json"]


async def test_services_are_kept_for_an_hour(client: Open311, fake: FakeGeoReport, ticks: Ticks) -> None:
    await client.services()
    ticks.now += 3599
    await client.services()
    assert fake.calls.count("GET services.json") == 1
    ticks.now += 2
    await client.services()
    assert fake.calls.count("GET services.json") == 2


async def test_a_list_that_cannot_be_refreshed_is_used_on(
    client: Open311, fake: FakeGeoReport, ticks: Ticks
) -> None:
    before = await client.services()
    ticks.now += 4000
    fake.answers = {name: reply("<html>down</html>", 502) for name in fake.answers}
    assert await client.services() == before


_POLE = "<variable>true</variable><code>POLE</code><datatype>string</datatype><required>true</required><description>Number on the pole?</description>"
_TAG = "<variable>true</variable><code>TAG</code><datatype>string</datatype><order>2</order>"


@pytest.mark.parametrize(
    ("definition", "codes"),
    [
        (f"<attribute>{_POLE}</attribute>", ["POLE"]),
        (f"<attribute>{_POLE}</attribute><attribute>{_TAG}</attribute>", ["POLE", "TAG"]),
        (f"<attributes/><attribute>{_POLE}</attribute>", ["POLE"]),
        (f"<attributes><attribute>{_POLE}</attribute></attributes>", ["POLE"]),
        (f"<attributes><attribute>{_POLE}<automated>server_set</automated></attribute></attributes>", []),
        (f"<attributes><attribute>{_POLE}<automated>hidden_field</automated></attribute></attributes>", []),
        (
            f"<attribute>{_POLE}<automated>Hidden_Field</automated></attribute><attribute>{_TAG}</attribute>",
            ["TAG"],
        ),
        (f"<attributes><attribute>{_POLE}<automated/></attribute></attributes>", ["POLE"]),
        ("<attributes/>", []),
        ("", []),
    ],
)
async def test_definitions_as_servers_write_them(
    client: Open311, fake: FakeGeoReport, definition: str, codes: list[str]
) -> None:
    fake.answers["GET services.json"] = reply(json.dumps([{"service_code": "lamp", "metadata": True}]))
    xml = f"<service_definition><service_code>lamp</service_code>{definition}</service_definition>"
    fake.answers["GET services/lamp.json"] = reply(xml, kind="text/xml")
    (service,) = await client.services()
    assert [question.code for question in service.questions] == codes


@pytest.mark.parametrize("name", ["attributes", "attribute"])
@pytest.mark.parametrize("automated", ["server_set", "hidden_field"])
async def test_what_a_system_fills_in_is_no_question_in_json_either(
    client: Open311, fake: FakeGeoReport, name: str, automated: str
) -> None:
    rows = [
        {"code": "usrn", "required": "true", "automated": automated},
        {"code": "size", "required": "true", "automated": None},
    ]
    fake.answers["GET services.json"] = reply(json.dumps([{"service_code": "lamp", "metadata": True}]))
    fake.answers["GET services/lamp.json"] = reply(json.dumps({"service_code": "lamp", name: rows}))
    (service,) = await client.services()
    assert [question.code for question in service.questions] == ["size"]


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"a": "In the street", "b": "On the path"}, (("a", "In the street"), ("b", "On the path"))),
        (["In the street"], (("In the street", "In the street"),)),
        ({"value": [{"key": 1, "name": "One"}]}, (("1", "One"),)),
        ({"value": {"key": "a", "name": "A"}}, (("a", "A"),)),
        (None, ()),
        ("x", ()),
    ],
)
def test_the_values_of_a_list_come_in_many_shapes(given: object, values: tuple[tuple[str, str], ...]) -> None:
    row = {"code": "where", "datatype": "singlevaluelist", "values": given}
    (question,) = read_questions({"attributes": [row, row]})
    assert question.values == values


def test_values_without_their_list_element_are_read() -> None:
    xml = "<service_definition><attributes><attribute><code>c</code><value><key>a</key><name>A</name></value></attribute></attributes></service_definition>"
    (question,) = read_questions(parse_xml(xml))
    assert question.values == (("a", "A"),)
