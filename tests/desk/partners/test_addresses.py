"""Where a transcript may go: what city.yml may name, and what a name may lead to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from city import City
from desk.conversations.messages import MessageWriter
from desk.knowledge.catalogue import Catalog
from desk.partners.client import PartnerAway, PartnerClient, PartnerRefused
from desk.partners.consent import ConsentAnswers
from desk.partners.registry import PartnerConfigError, build_partners
from desk.partners.signatures import PartnerSignature
from desk.runtime.timing import PartnerTiming
from tests.support.assist_servers import silence
from tests.support.partner_desk import FIELDS, SECRET, known, partner_desk, signed, with_partner

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ENVIRON = {"BENEFITS_SECRET": SECRET}


@pytest.mark.parametrize(
    "url",
    [
        "http://benefits.example/in",
        "ftp://benefits.example/in",
        "https://user:word@benefits.example/in",
        "https://benefits.example/in?a=b",
        "https://10.0.0.1/in",
        "https://2130706433/in",
        "https://[::1]/in",
        "https:///in",
        "https://benefits.example:port/in",
    ],
)
def test_an_address_that_is_not_safe_does_not_start(city: City, url: str) -> None:
    with pytest.raises(PartnerConfigError):
        build_partners(with_partner(city, url), ENVIRON, lambda: NOW)


def test_a_secret_is_needed_and_may_be_in_a_file(city: City, tmp_path: Path) -> None:
    there = with_partner(city, "https://benefits.example/in")
    for environ in ({}, {"BENEFITS_SECRET": "short"}):
        with pytest.raises(PartnerConfigError, match="BENEFITS_SECRET"):
            build_partners(there, environ, lambda: NOW)
    (tmp_path / "secret").write_text(SECRET + "\n", encoding="utf-8")
    found = build_partners(there, {"BENEFITS_SECRET_FILE": str(tmp_path / "secret")}, lambda: NOW)
    assert list(found) == ["benefits"]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a00:1"]
)
async def test_a_name_that_leads_into_our_network_gets_nothing(city: City, address: str) -> None:
    async def resolve(_: str, __: int) -> Sequence[str]:
        return ["93.184.216.34", address]

    there = build_partners(with_partner(city, "https://benefits.example/in"), ENVIRON, lambda: NOW)
    with pytest.raises(PartnerAway):
        await PartnerClient(resolve=resolve).send(there["benefits"], "key", {})


async def test_a_partner_that_is_slow_or_down_is_tried_again_and_one_with_another_secret_is_not(
    city: City,
) -> None:
    client = PartnerClient(("127.0.0.1",), PartnerTiming(call=0.3))
    body = {name: None for name in FIELDS} | {"transfer": str(UUID(int=7)), "consented_at": "now"}
    async with partner_desk(NOW.timestamp) as partner:
        there = with_partner(city, partner.url)
        ours = known(there, lambda: NOW)["benefits"]
        partner.says = silence
        with pytest.raises(PartnerAway):
            await client.send(ours, str(UUID(int=7)), body)
        assert list(partner.taken) == [str(UUID(int=7))]
        assert (await client.send(ours, str(UUID(int=7)), body)).state == "pending"
        other = build_partners(there, {"BENEFITS_SECRET": "x" * 16}, lambda: NOW, ("127.0.0.1",))["benefits"]
        late = known(there, lambda: NOW + timedelta(minutes=6))["benefits"]
        for wrong in (other, late):
            with pytest.raises(PartnerRefused):
                await client.send(wrong, str(UUID(int=8)), body)
        assert partner.flaws == ["signature", "old"] and partner.calls == 4
    with pytest.raises(PartnerAway):
        await client.send(ours, str(UUID(int=7)), body)


def test_signatures_are_those_of_the_documentation() -> None:
    ours = PartnerSignature(SECRET, lambda: NOW)
    headers = ours.headers("POST", "/in", b"{}")
    assert headers == signed(SECRET, "POST", "/in", b"{}", NOW.timestamp())
    stamp, given = headers["Civicdesk-Timestamp"], headers["Civicdesk-Signature"]
    assert ours.is_authentic(stamp, given, "POST", "/in", b"{}")
    for changed in (("", given), (stamp, ""), (stamp, "é"), ("²", given), (stamp + "0", given)):
        assert not ours.is_authentic(*changed, "POST", "/in", b"{}")
    assert not ours.is_authentic(stamp, given, "POST", "/out", b"{}")
    assert not ours.is_authentic(stamp, given, "POST", "/in", b"{ }")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("yes", "partner_yes"), ("Yes, please!", "partner_yes"), ("SÍ", "partner_yes"), ("oui merci", "partner_yes"),
        ("1", "partner_yes"), ("no", "partner_no"), ("Non.", "partner_no"), ("no thank you", "partner_no"),
        ("2", "partner_no"), ("yes but not my phone", None), ("no 1", None), ("no, yes", None), ("maybe", None), ("why?", None), ("yes no", None),
        ("I said no yesterday", None), ("", None), ("yes " * 2_000, None),
    ],
)  # fmt: skip
def test_only_a_plain_yes_or_no_is_one(city: City, catalog: Catalog, text: str, meaning: str | None) -> None:
    answers = ConsentAnswers(city, MessageWriter(city, catalog), lambda: NOW)
    assert answers.meaning(text) == meaning
