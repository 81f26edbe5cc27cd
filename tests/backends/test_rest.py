"""Registers over real sockets: two services of different shape, and what happens if they are slow, down or lying."""

import base64
import copy
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backends.base import BackendError, BackendUnavailable, NotPermitted, RequestRefused, UnknownReference
from backends.rest.client import LARGEST, LONGEST_VALUE, Register
from backends.rest.identity import is_same
from backends.rest.path import JsonPath, PathError
from city.errors import CityError
from city.registers.model import RegisterConfig
from tests.support.clock import Ticks
from tests.support.json_service import JsonPeer, json_peer
from tests.support.registers import FINE, PERMIT, as_json, fines, permits


@pytest.fixture
async def peer() -> AsyncIterator[JsonPeer]:
    async with json_peer() as peer:
        yield peer


def register(
    session: aiohttp.ClientSession, config: RegisterConfig, ticks: Ticks | None = None, seconds: float = 3
) -> Register:
    return Register(session, config, "s3cret", seconds=seconds, monotonic=ticks or Ticks())


async def test_a_permit_in_nested_objects(session: aiohttp.ClientSession, peer: JsonPeer) -> None:
    peer.answers(as_json(PERMIT))
    case = await register(session, permits(peer.url)).find("2026-123")
    assert (case.status, case.date, case.next_step) == ("ISSUED", date(2026, 11, 20), "PAY_FEE")
    assert case.held == ("1985-03-04",)
    assert peer.paths == ["/api/permits/2026-123?expand=steps"]


async def test_a_fine_in_a_list_with_numbers(session: aiohttp.ClientSession, peer: JsonPeer) -> None:
    peer.answers(as_json(FINE))
    case = await register(session, fines(peer.url)).find("20261234")
    assert (case.status, case.date, case.next_step) == ("7", date(2026, 12, 20), None)
    assert peer.paths == ["/search?ref=20261234&token=s3cret"]


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"kind": "none"}, "Authorization", None),
        ({"kind": "header", "name": "X-Key", "secret_env": "K"}, "X-Key", "s3cret"),
        ({"kind": "bearer", "secret_env": "K"}, "Authorization", "Bearer s3cret"),
        (
            {"kind": "basic", "secret_env": "K"},
            "Authorization",
            f"Basic {base64.b64encode(b's3cret').decode()}",
        ),
    ],
    ids=["none", "header", "bearer", "basic"],
)
async def test_each_kind_of_auth(
    session: aiohttp.ClientSession, peer: JsonPeer, auth: dict[str, str], header: str, value: str | None
) -> None:
    seen: list[str | None] = []

    async def say(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get(header))
        return web.json_response(PERMIT)

    peer.say = say
    await register(session, permits(peer.url, auth=auth)).find("2026-123")
    assert seen == [value]


async def test_an_unknown_number(session: aiohttp.ClientSession, peer: JsonPeer) -> None:
    peer.answers("{}", 404)
    with pytest.raises(UnknownReference):
        await register(session, permits(peer.url)).find("2026-999")
    peer.answers('{"results": [], "error": null}')
    with pytest.raises(UnknownReference):
        await register(session, fines(peer.url)).find("20269999")


async def test_the_service_s_errors_have_words(session: aiohttp.ClientSession, peer: JsonPeer) -> None:
    peer.answers("Locked", 423)
    with pytest.raises(RequestRefused) as refused:
        await register(session, permits(peer.url)).find("2026-123")
    assert refused.value.errors[0][0] == "423"
    peer.answers('{"results": [], "error": {"code": "E17"}}')
    with pytest.raises(RequestRefused) as refused:
        await register(session, fines(peer.url)).find("20261234")
    assert refused.value.errors[0][0] == "E17"
    peer.answers('{"results": [], "error": {"code": "E99"}}')
    with pytest.raises(BackendUnavailable):
        await register(session, fines(peer.url)).find("20261234")
    peer.answers("{}", 403)
    with pytest.raises(NotPermitted):
        await register(session, fines(peer.url)).find("20261234")


def _changed(**values: Any) -> str:
    permit = copy.deepcopy(PERMIT)
    permit["permit"] |= values
    return as_json(permit)


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (_changed(no="2026-124"), 200, BackendUnavailable),  # another one's permit
        (_changed(no=None), 200, UnknownReference),
        (_changed(no=["2026-123"]), 200, UnknownReference),
        (_changed(state=None), 200, BackendUnavailable),
        (_changed(state={"a": 1}), 200, BackendUnavailable),
        (_changed(state="x" * 400), 200, BackendUnavailable),
        (_changed(state=True), 200, BackendUnavailable),
        ("<html>Maintenance</html>", 200, BackendUnavailable),
        ("", 200, BackendUnavailable),
        ("[" * 100_000, 200, BackendUnavailable),
        ('{"a": "' + "x" * LARGEST + '"}', 200, BackendUnavailable),
        (as_json(PERMIT), 500, BackendUnavailable),
        (as_json(PERMIT), 302, BackendUnavailable),
    ],
    ids=["other", "null", "list", "silent", "object", "long", "bool", "html", "empty", "deep", "large", "500", "302"],
)  # fmt: skip
async def test_a_service_that_lies(
    session: aiohttp.ClientSession, peer: JsonPeer, body: str, status: int, error: type[BackendError]
) -> None:
    peer.answers(body, status, {"Location": "/elsewhere", "Content-Type": "application/json"})
    with pytest.raises(error):
        await register(session, permits(peer.url)).find("2026-123")
    assert len(peer.paths) == 1


@given(
    document=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["permit", "no", "state", "steps", "decided", "x"]), inner, max_size=5
            )
        ),
        max_leaves=12,
    ),
    status=st.sampled_from([200, 204, 302, 404, 423, 500]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_only_backend_errors_come_out(document: object, status: int) -> None:
    async with aiohttp.ClientSession() as session:
        asked = register(session, permits("https://x.example"))

        async def ask(escaped: str) -> tuple[int, object]:
            return status, document

        asked._ask = ask  # type: ignore[method-assign]  # replaced by the test
        try:
            case = await asked.find("2026-123")
        except BackendError:
            return
        assert status == 200 and case.number == "2026-123" and len(case.status) <= LONGEST_VALUE


async def test_what_is_told_holds_no_tags(session: aiohttp.ClientSession, peer: JsonPeer) -> None:
    peer.answers(_changed(state="<b>IS\u0000SUED</b>\n now"))
    assert (await register(session, permits(peer.url)).find("2026-123")).status == "ISSUED now"


@pytest.mark.parametrize("trouble", ["hangs", "trickles"])
async def test_a_slow_service_is_not_waited_for(
    session: aiohttp.ClientSession, peer: JsonPeer, trouble: str
) -> None:
    getattr(peer, trouble)()
    with pytest.raises(BackendUnavailable):
        await register(session, permits(peer.url), seconds=0.5).find("2026-123")


async def test_a_service_that_is_down_is_left_alone(session: aiohttp.ClientSession, peer: JsonPeer) -> None:
    ticks = Ticks()
    asked = register(session, permits(peer.url), ticks)
    peer.answers("down", 503)
    for _ in range(5):
        with pytest.raises(BackendUnavailable):
            await asked.find("2026-123")
    with pytest.raises(BackendUnavailable, match="left alone"):
        await asked.find("2026-123")
    assert len(peer.paths) == 5
    ticks.now += 31
    peer.answers(as_json(PERMIT))
    assert (await asked.find("2026-123")).status == "ISSUED"


@pytest.mark.parametrize("number", ["../../admin", "1?x=2#", "a b", "1/2"])
async def test_a_number_cannot_change_where_the_call_goes(
    session: aiohttp.ClientSession, peer: JsonPeer, number: str
) -> None:
    peer.answers("{}", 404)
    with pytest.raises(UnknownReference):
        await register(session, permits(peer.url)).find(number)
    (path,) = peer.paths
    assert path.startswith("/api/permits/") and path.endswith("?expand=steps")
    assert not set("/?# ") & set(path.removeprefix("/api/permits/").removesuffix("?expand=steps"))


async def test_wrong_settings_are_sentences(session: aiohttp.ClientSession) -> None:
    with pytest.raises(CityError, match="PERMITS_KEY"):
        Register(session, permits("https://x.example"), None)
    wrong = permits("https://x.example", values={"number": "permit.no", "status": "$.s"})
    with pytest.raises(CityError, match="must begin with"):
        Register(session, wrong, "k")
    with pytest.raises(CityError, match="over https"):
        Register(session, permits("https://x.example"), "k", url="http://x.example/{number}")
    with pytest.raises(CityError, match="after the host"):
        Register(session, permits("https://x.example"), "k", url="https://{number}.example/")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.a.b", 1),
        ("$['a']['c d']", "x"),
        ("$.list[0].k", "one"),
        ("$.list[-1].k", "two"),
        ("$.list[9].k", None),
        ("$.list[?@.k=='two'].v", 2),
        ("$.list[?@.k=='none'].v", None),
        ("$.a[0]", None),
        ("$.list.k", None),
        ("$.a.b.c", None),
    ],
)
def test_paths(path: str, value: object) -> None:
    document = {"a": {"b": 1, "c d": "x"}, "list": [{"k": "one", "v": 1}, {"k": "two", "v": 2}]}
    assert JsonPath.read(path).find(document) == value


@pytest.mark.parametrize(
    "path", ["", "a.b", "$", "$..a", "$.*", "$.a[*]", "$.a[?@.b>1]", "$.a[0:2]", "$.a[", "$" + ".a" * 13]
)
def test_what_is_no_path_of_ours(path: str) -> None:
    with pytest.raises(PathError):
        JsonPath.read(path)


@pytest.mark.parametrize(
    ("kind", "held", "answer", "days", "same"),
    [
        ("date", "1985-03-04", "1985-03-04", (), True),
        ("date", "1985-03-04", "4.3.1985", (), True),
        ("date", "1985-03-04T00:00:00Z", "03/04/1985", (), True),
        ("date", "1985-03-04", "4 March 1985", ("1985-03-04",), True),
        ("date", "1985-03-04", "5 March 1985", ("1985-03-05",), False),
        ("date", "1985-03-04", "1985-01-01 or so", ("1985-01-01", "1985-03-04"), False),
        ("date", "", "1985-03-04", ("1985-03-04",), False),
        ("digits", "10115", "it is 10 115", (), True),
        ("digits", "10115", "10116", (), False),
        ("digits", "10115", "10115 10116", (), False),
        ("digits", "", "", (), False),
        ("text", "Núñez", "my name is nunez", (), True),
        ("text", "Ann", "Hannah", (), False),
        ("text", "...", "...", (), False),
        ("text", "Ann", "ann " + "bob " * 30, (), False),
    ],
)
def test_identity_answers(kind: str, held: str, answer: str, days: tuple[str, ...], same: bool) -> None:
    assert is_same(kind, held, answer, days) is same
