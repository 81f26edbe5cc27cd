"""Whatever a server answers, only BackendError comes out."""

import contextlib
import json
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backends.base import BackendError, BackendUnavailable
from backends.open311.client import Open311
from backends.open311.http import HttpResponse
from tests.backends.samples import PLAIN
from tests.support.clock import NOW
from tests.support.fake_georeport import SERVICES, FakeGeoReport, reply, serve

# Thousands of generated answers.
pytestmark = pytest.mark.slow

NAMES = st.sampled_from(
    [
        "service_requests",
        "request",
        "service",
        "service_code",
        "service_request_id",
        "token",
        "status",
        "description",
        "errors",
        "error",
        "code",
        "attributes",
        "attribute",
        "values",
        "value",
        "key",
        "name",
        "metadata",
        "order",
        "lat",
        "long",
        "requested_datetime",
        "updated_datetime",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["0", "404", "2026-11-22T12:00:00Z", "9999-12-31T23:59:59-23:59", "\ud800", "\x00", "1" * 400]
    )
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=20,
)


def xml(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{xml(inner)}</{name}>" for name, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<request>{xml(inner)}</request>" for inner in value)
    return str(value)


BODIES = (
    st.binary(max_size=200)
    | DOCUMENTS.map(lambda document: json.dumps(document).encode())
    | DOCUMENTS.map(
        lambda document: f"<service_requests>{xml(document)}</service_requests>".encode("utf-8", "replace")
    )
    | st.sampled_from(
        [b"[" * 100_000, b"<a>" * 50_000, b"{" * 9, b"\xef\xbb\xbf", b"[1e999]", b"[" + b"9" * 5000 + b"]"]
    )
)
KINDS = st.sampled_from(
    ["application/json", "text/xml; charset=utf-16", "text/html; charset=nonsense", "x; charset=idna", ""]
)


class Canned:
    """The HTTP client, answering what the test wants: thousands of bodies without thousands of sockets."""

    def __init__(self, answer: HttpResponse) -> None:
        self.answer = answer

    async def get(self, path: str, query: object, *, counts: bool = True) -> HttpResponse:
        return self.answer

    async def post(self, path: str, fields: object) -> HttpResponse:
        return self.answer


@given(body=BODIES, kind=KINDS, status=st.sampled_from([200, 201, 302, 400, 403, 404, 429, 500, 503]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_only_backend_errors_come_out(body: bytes, kind: str, status: int) -> None:
    from backends.open311.body import NotTheProtocol, read_document

    try:
        answer = HttpResponse(status, read_document(body, kind))
    except NotTheProtocol as error:
        answer = HttpResponse(status, None, str(error))
    async with aiohttp.ClientSession() as session:
        client = Open311(session, "http://127.0.0.1:1/v2", clock=lambda: NOW)
        client._http = Canned(answer)  # type: ignore[assignment]  # replaced by the test
        for call in (
            lambda: client.services(),
            lambda: client.status("1"),
            lambda: client.resolve_token("t"),
            lambda: client.updates(NOW - timedelta(days=1)),
            lambda: client.lookup(PLAIN, NOW),
        ):
            with contextlib.suppress(BackendError):
                await call()


@given(body=BODIES, kind=KINDS, status=st.sampled_from([200, 201, 302, 400, 403, 404, 429, 500, 503]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_nor_out_of_a_create_over_a_socket(body: bytes, kind: str, status: int) -> None:
    async with serve(FakeGeoReport()) as fake, aiohttp.ClientSession() as session:
        fake.answers["GET services.json"] = reply(SERVICES)
        fake.answers["POST requests.json"] = reply(body, status, kind)
        try:
            filed = await Open311(session, fake.url, read_timeout=5).file(replace(PLAIN))
        except BackendUnavailable as error:
            assert error.outcome_unknown or status in (302, 400, 404, 429)
        except BackendError:
            pass
        else:
            assert filed.reference is not None or filed.token is not None
        assert len(fake.creates) == 1
