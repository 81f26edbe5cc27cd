"""Push services' addresses come from strangers: which are called, and what each answer means."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from desk.push.services import MOST_WAIT, CallResult, PushServices, is_known
from desk.settings import PUSH_HOSTS
from tests.support.clock import MovedClock
from tests.support.push_service import push_service


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", True),
        ("https://web.push.apple.com/QGuQ", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/fcm/send/abc", False),
        ("https://user:word@fcm.googleapis.com/", False),
        ("https://fcm.googleapis.com.example.org/", False),
        ("https://notify.windows.com/", False),
        ("https://example.org/#fcm.googleapis.com", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://[::1]/", False),
        ("https://[", False),
        ("ftp://fcm.googleapis.com/", False),
        ("https://fcm.googleapis.com/" + "a" * 1_000, False),
        ("https://fcm.googleapis.com/a\r\nHost: b", False),
        ("https://fcm.googleapis.com/é", False),
        ("", False),
    ],
)
def test_only_known_push_services_are_called(endpoint: str, known: bool) -> None:
    assert is_known(endpoint, PUSH_HOSTS) is known


async def test_a_name_that_leads_into_our_network_is_not_called() -> None:
    async def inside(host: str, port: int) -> Sequence[str]:
        return ["142.250.0.1", "10.0.0.7"]

    services = PushServices(resolve=inside)
    assert await services.send("https://fcm.googleapis.com/x", b"", {}) == CallResult("later")
    assert await services.send("https://intranet.example/x", b"", {}) == CallResult("refused")


@pytest.mark.parametrize(
    ("status", "after", "answer"),
    [
        (404, "", CallResult("gone")),
        (410, "", CallResult("gone")),
        (429, "120", CallResult("later", timedelta(minutes=2))),
        (429, "999999", CallResult("later", MOST_WAIT)),
        (429, "Wed, 21 Oct 2026 07:28:00 GMT", CallResult("later")),
        (503, "", CallResult("later")),
        (307, "", CallResult("refused")),
        (400, "", CallResult("refused")),
        (403, "", CallResult("refused")),
        (413, "", CallResult("refused")),
    ],
)
async def test_what_an_answer_means(status: int, after: str, answer: CallResult) -> None:
    async with push_service(MovedClock()) as service:
        service.answers = [(status, after)]
        services = PushServices(["127.0.0.1"], ["127.0.0.1"])
        assert await services.send(f"{service.url}/push/x", b"body", {}) == answer


async def test_a_service_that_fails_is_left_alone_for_a_while() -> None:
    now = 0.0
    async with push_service(MovedClock()) as service:
        services = PushServices(["127.0.0.1"], ["127.0.0.1"], monotonic=lambda: now)
        service.answers = [(500, "")] * 6
        for _ in range(8):
            assert (await services.send(f"{service.url}/push/x", b"", {})).outcome == "later"
        assert service.calls == 5
        now = 31.0
        service.answers = []
        assert (await services.send(f"{service.url}/push/x", b"", {})).outcome == "gone"
        assert service.calls == 6
