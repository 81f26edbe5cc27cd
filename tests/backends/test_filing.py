"""Creating requests at GeoReport servers: what is sent, and what each answer means."""

import json
from dataclasses import replace
from urllib.parse import urlsplit

import aiohttp
import pytest

from backends.base import BackendUnavailable, Filed, NotPermitted, RequestRefused
from backends.open311 import client as open311
from backends.open311.client import Open311
from tests.backends.samples import MARKER, PLAIN, REQUEST
from tests.support.fake_georeport import FakeGeoReport, HttpResponse, reply


def taken(reference: object = "77") -> HttpResponse:
    return reply(json.dumps([{"service_request_id": reference, "service_notice": "Soon"}]))


async def test_every_field_arrives(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["POST requests.json"] = taken()
    assert await client.file(REQUEST) == Filed("77", None, "Soon")
    form = fake.form()
    assert (
        form["service_code"] == "001"
        and form["api_key"] == "s3cret"
        and form["jurisdiction_id"] == "city.example"
    )
    assert (form["lat"], form["long"], form["address_string"]) == ("40.700000", "-74.250000", "8 Elm Street")
    assert form["description"] == f"A deep hole, 3 < 4\n{MARKER}" and form["account_id"] == REQUEST.id
    assert (form["first_name"], form["last_name"]) == ("Ana María", "López")
    assert form["attribute[SIZE]"] == "2" and "attribute[GONE]" not in form
    assert [value for name, value in fake.creates[0] if name == "attribute[WHO][]"] == ["a", "b"]
    assert [value for name, value in fake.creates[0] if name == "media_url"] == list(REQUEST.media_urls)


async def test_a_token_a_zero_and_nothing(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["POST requests.json"] = reply('[{"token":"t9"}]')
    assert await client.file(PLAIN) == Filed(None, "t9", None)
    fake.answers["POST requests.json"] = taken(0)
    assert (await client.file(PLAIN)).reference == "0"
    fake.answers["POST requests.json"] = reply('[{"service_notice":"Thank you"}]')
    assert await client.file(replace(PLAIN, service_code="003")) == Filed(None, None, "Thank you")
    with pytest.raises(BackendUnavailable) as lost:
        await client.file(PLAIN)
    assert lost.value.outcome_unknown, "a realtime service that gives no number may have kept the request"


async def test_a_long_description_is_cut_and_keeps_the_marker(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["POST requests.json"] = taken()
    await client.file(replace(PLAIN, description="é" * 10_000))
    sent = fake.form()["description"]
    assert len(sent) == 4000 and sent.endswith(MARKER) and "…" in sent


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("<b>Big</b> hole<br/>", "Big hole"),
        ("<scr<b>ipt>alert(1)</script>", "alert(1)"),
        ("<!-- x -->a\x00b", "ab"),
        ("a < b > c", "a < b > c"),
        ("I <3 trees", "I <3 trees"),
        ("half \ud83d surrogate", "half  surrogate"),
    ],
)
async def test_descriptions_carry_no_html(
    client: Open311, fake: FakeGeoReport, given: str, sent: str
) -> None:
    fake.answers["POST requests.json"] = taken()
    await client.file(replace(PLAIN, description=given))
    assert fake.form()["description"] == f"{sent}\n{MARKER}"


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({}, "SIZE is required"),
        ({"SIZE": ("",)}, "SIZE is required"),
        ({"SIZE": ("9",)}, "no choice '9'"),
        ({"SIZE": ("1",), "DEEP": ("very",)}, "DEEP must be a number"),
        ({"SIZE": ("1",), "WHEN": ("soon",)}, "WHEN must be a datetime"),
    ],
)
async def test_wrong_answers_are_refused_before_anything_is_sent(
    client: Open311, fake: FakeGeoReport, attributes: dict[str, tuple[str, ...]], words: str
) -> None:
    with pytest.raises(RequestRefused, match=words):
        await client.file(replace(REQUEST, attributes=attributes))
    assert fake.creates == []


async def test_an_answer_in_words_is_sent_as_its_key(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["POST requests.json"] = taken()
    await client.file(replace(REQUEST, attributes={"SIZE": ("LARGE",), "DEEP": ("12",)}))
    assert (fake.form()["attribute[SIZE]"], fake.form()["attribute[DEEP]"]) == ("2", "12")


async def test_a_service_that_is_not_offered(client: Open311, fake: FakeGeoReport) -> None:
    with pytest.raises(RequestRefused, match="does not offer"):
        await client.file(replace(PLAIN, service_code="nope"))
    assert fake.creates == []


@pytest.mark.parametrize("status", [200, 400, 404, 422])
async def test_errors_of_the_request_are_reported_one_by_one(
    client: Open311, fake: FakeGeoReport, status: int
) -> None:
    errors = '[{"code":"400","description":"lat is wrong"},{"code":404,"description":"<p>no such code</p>"}]'
    fake.answers["POST requests.json"] = reply(errors, status)
    with pytest.raises(RequestRefused) as refused:
        await client.file(PLAIN)
    assert refused.value.errors == (("400", "lat is wrong"), ("404", "no such code"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('[{"code":403,"description":"key s3cret is wrong"}]', 403),
        ('[{"code":"403","description":"key s3cret is wrong"}]', 200),
        ("<html>Forbidden</html>", 401),
        ("<errors><error><code>403</code><description>key</description></error></errors>", 400),
    ],
)
async def test_a_refused_key_is_for_the_operator(
    client: Open311, fake: FakeGeoReport, body: str, status: int
) -> None:
    fake.answers["POST requests.json"] = reply(body, status)
    with pytest.raises(NotPermitted) as refused:
        await client.file(PLAIN)
    assert "s3cret" not in str(refused.value)


async def test_a_key_that_is_quoted_back_goes_no_further(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["POST requests.json"] = reply('[{"code":400,"description":"bad call with s3cret"}]', 400)
    with pytest.raises(RequestRefused) as refused:
        await client.file(PLAIN)
    assert "s3cret" not in repr(refused.value.errors) + str(refused.value)


async def test_a_key_never_leaves_without_encryption(session: aiohttp.ClientSession) -> None:
    with pytest.raises(NotPermitted, match="https"):
        await Open311(session, "http://city.example/v2", key="s3cret").file(PLAIN)


async def test_the_key_goes_with_reads_where_it_may_travel_and_only_there(
    session: aiohttp.ClientSession, fake: FakeGeoReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Open311(session, fake.url, key="s3cret").services()
    assert fake.read_keys and set(fake.read_keys) == {"s3cret"}
    fake.read_keys.clear()
    # The same server by a name that is neither this machine nor encrypted, and without any key.
    monkeypatch.setattr(open311, "keeps_secret", lambda url, hosts: False)
    await Open311(session, fake.url, key="s3cret").services()
    await Open311(session, fake.url).services()
    assert fake.read_keys and set(fake.read_keys) == {None}


async def test_the_key_is_in_no_log(
    client: Open311, fake: FakeGeoReport, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    fake.answers["POST requests.json"] = reply("<html>s3cret</html>", 500)
    with pytest.raises(BackendUnavailable) as failure:
        await client.file(PLAIN)
    assert fake.form()["api_key"] == "s3cret"
    assert "s3cret" not in caplog.text + "".join(capfd.readouterr()) + repr(failure.value)


async def test_the_address_of_a_call_is_what_was_configured(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["POST requests.json"] = taken()
    await client.file(PLAIN)
    assert urlsplit(fake.url).path == "/v2" and fake.calls[-1] == "POST requests.json"
