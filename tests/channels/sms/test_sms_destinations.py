"""Where SMS may go: the inbox's countries, and no number that costs a multiple."""

from typing import Any

import pytest

from channels.base import Bills, Request
from channels.kit.setup import ChannelSetup, InboxError
from channels.registry import declared
from channels.sms.channel import SmsChannel
from channels.sms.destinations import EXPENSIVE, allowed_prefixes, country_of, is_allowed


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+15550100", "+1"),
        ("+79161234567", "+7"),
        ("+34910000000", "+34"),
        ("+351910000000", "+351"),
        ("+8821234", "+882"),
    ],
)
def test_the_country_of_a_number(number: str, country: str) -> None:
    assert country_of(number) == country


@pytest.mark.parametrize(
    ("number", "prefixes", "allowed"),
    [
        ("+12125550100", ("+1",), True),
        ("+17875550100", ("+1",), True),  # Puerto Rico is the United States
        ("+18765550100", ("+1",), False),  # Jamaica shares +1 and not the price
        ("+18765550100", ("+1", "+1876"), True),  # unless the city means it
        ("+19005550100", ("+1",), False),
        ("+881612345678", ("+1",), False),
        ("+881612345678", ("+1", "+881"), True),
        ("+870773112233", ("+1", "+87"), False),
        ("+447700900123", ("+1",), False),
        ("+447700900123", ("+44",), True),
        ("+447012345678", ("+44",), False),
        ("+449012345678", ("+44",), False),
        ("", ("+1",), False),
        ("15550100", ("+1",), False),
    ],
)
def test_the_longest_prefix_decides(number: str, prefixes: tuple[str, ...], allowed: bool) -> None:
    assert is_allowed(number, prefixes) is allowed


def test_every_satellite_network_is_refused_where_its_prefix_alone_is_not_listed() -> None:
    for prefix in EXPENSIVE:
        number = prefix + "5550100"
        assert not is_allowed(number, (country_of(number)[:2],)), prefix
        assert is_allowed(number, (prefix,)), prefix


def test_the_countries_of_an_inbox() -> None:
    assert allowed_prefixes("sms", "+1, +52", "+34", "+15550100") == ("+1", "+52")
    assert allowed_prefixes("sms", "", "+34", "+15550100") == ("+34",)
    assert allowed_prefixes("sms", "", "", "+351910000000") == ("+351",)
    with pytest.raises(InboxError, match="calling_code"):
        allowed_prefixes("sms", "", "", "")
    for wrong in ("1", "+", "+0", "+1 everywhere"):
        with pytest.raises(InboxError, match="country codes like"):
            allowed_prefixes("sms", wrong, "+1", "+15550100")


def channel(**given: str) -> Any:
    defaults = {one.name: one.default for one in declared("sms")}
    settings = {**defaults, "account_sid": "AC1", "auth_token": "t", "number": "+15550100", **given}

    async def nobody(_: str) -> None: ...

    return SmsChannel(ChannelSetup(nobody, settings, "sms"))


def test_an_inbox_says_what_it_may_spend() -> None:
    sms = channel(segments_per_hour="500", segments_per_contact="20")
    assert isinstance(sms, Bills)
    assert (sms.billing.inbox_per_hour, sms.billing.contact_per_hour) == (500, 20)
    assert sms.billing.prefixes == ("+1",)
    assert sms.may_send_to("+12125550100") and not sms.may_send_to("+881612345678")
    assert sms.units(Request("message", {"Body": "x" * 160})) == 1
    assert sms.units(Request("message", {"Body": "x" * 161})) == 2
    assert sms.units(Request("message", {"MediaUrl": ["https://example.org/1"]})) == 1
    assert channel().billing.inbox_per_hour == 2000


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "1e3", "١٢", "9999999999"])
def test_a_limit_is_a_number(wrong: str) -> None:
    with pytest.raises(InboxError, match="Write a number from 1"):
        channel(segments_per_hour=wrong)
