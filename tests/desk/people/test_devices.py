"""Known devices: a cookie is valid only for its own account and time, and cannot be forged."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.people.devices import LIFE, KnownDevices

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
DEVICES = KnownDevices(b"a secret of the tests")


def test_a_cookie_is_known_again_by_every_gateway_and_in_any_spelling_of_the_address() -> None:
    cookie = DEVICES.new_cookie("Ana@Lindenport.example ", NOW)
    device = KnownDevices(b"a secret of the tests").device_of("ana@lindenport.example", cookie, NOW)
    assert device and device != DEVICES.device_of("ana@lindenport.example", DEVICES.new_cookie("ana@lindenport.example", NOW), NOW)  # fmt: skip
    assert DEVICES.cookie_name("Ana@lindenport.example") == DEVICES.cookie_name("ana@lindenport.example")


def test_it_expires_after_half_a_year() -> None:
    cookie = DEVICES.new_cookie("ana@lindenport.example", NOW)
    assert DEVICES.device_of("ana@lindenport.example", cookie, NOW + LIFE - timedelta(seconds=1))
    assert DEVICES.device_of("ana@lindenport.example", cookie, NOW + LIFE) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda cookie: None,
        lambda cookie: "",
        lambda cookie: "x" * 10_000,
        lambda cookie: cookie + "é",
        lambda cookie: cookie[:-2],
        lambda cookie: "A" + cookie,
        lambda cookie: cookie.replace(".", "", 1),
        lambda cookie: cookie.replace("." + cookie.split(".")[1], ".9999999999", 1),
        lambda cookie: "..",
        lambda cookie: f"{'a' * 22}..{'b' * 43}",
        lambda cookie: KnownDevices(b"another secret").new_cookie("ana@lindenport.example", NOW),
        lambda cookie: DEVICES.new_cookie("ben@lindenport.example", NOW),
    ],
)
def test_only_cookies_signed_for_this_account_are_accepted(change: object) -> None:
    cookie = DEVICES.new_cookie("ana@lindenport.example", NOW)
    assert DEVICES.device_of("ana@lindenport.example", cookie, NOW)
    changed = change(cookie)  # type: ignore[operator]  # one of several functions of the test's table
    assert DEVICES.device_of("ana@lindenport.example", changed, NOW) is None
