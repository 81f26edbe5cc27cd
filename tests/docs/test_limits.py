"""The numbers of docs/limits.md are those of the code."""

import re
from pathlib import Path

import pytest

from actions.server import LARGEST_CALL
from channels.mail.reading.limits import MAIL_BYTES, PARTS
from channels.mail.robots import ANSWERS_AN_HOUR
from channels.web.channel import TEXT_LENGTH
from city.model import City
from console.conversations.replies import LONGEST_REPLY
from console.sign_in.provider import ANSWER_WAIT, FREE_ANSWERS
from desk.conversations.handoff_limits import HOURLY
from desk.conversations.reply_extras import CHOICE, CHOICES
from desk.conversations.transfers import LONGEST_NOTE
from desk.media.decoding.budget import WORKING_BYTES
from desk.media.files import FREE_BYTES
from desk.media.quotas import QUOTAS
from desk.media.tiles import AT_ONCE as TILES
from desk.partners.answers import ANSWER_BYTES
from desk.partners.asking import LONGEST_NOTE as LONGEST_PARTNER_NOTE
from desk.partners.signatures import TOLERANCE
from desk.partners.transcript import ALL_TEXT, LONGEST_TEXT, MESSAGES
from desk.people.linking import MISSES_PER_HOUR
from desk.people.password_rules import SHORTEST
from desk.people.passwords import LONGEST
from desk.people.sign_in import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT
from desk.push.kinds import MOST_DEVICES
from desk.push.services import AT_ONCE, SECONDS
from desk.push.services import LONGEST as LONGEST_ADDRESS
from desk.runtime.timing import PartnerTiming
from forms.memory import MOST, MOST_OF_ONE
from forms.request import DEFAULT_BODY
from gateway.citizen.media import PHOTO_BYTES
from gateway.citizen.open_waits import OF_A_SESSION, OF_AN_ADDRESS
from gateway.citizen.parts import MOST_OPEN, MOST_PARTS, PART_BYTES
from gateway.citizen.widget import SESSION_BYTES
from gateway.georeport.form import MAX_DESCRIPTION, MAX_PHOTOS
from gateway.georeport.query import MAX_PAGE_SIZE, MAX_WINDOW
from gateway.limits import RATES, Rate
from gateway.webhooks.endpoint import WEBHOOK_BYTES

ROWS = {
    row.split("|")[1].strip(): row
    for row in Path("docs/limits.md").read_text(encoding="utf-8").splitlines()
    if row.startswith("| ")
}
MB = 1_048_576
DEFAULTS = dict(
    zip(City.__struct_fields__[-len(City.__struct_defaults__) :], City.__struct_defaults__, strict=True)
)


def rate(rate: Rate) -> str:
    """As the page writes it: "10, then 1 in 10 seconds"."""
    more = (
        f"{rate.per_second:g} a second" if rate.per_second >= 1 else f"1 in {1 / rate.per_second:g} seconds"
    )
    return f"{rate.burst:g}, then {more}"


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("any request body", [f"{DEFAULT_BODY // 1024} kB"]),
        ("web chat: message", [f"{TEXT_LENGTH:,} characters"]),
        ("web chat: session", [f"{SESSION_BYTES // 1024} kB"]),
        ("photo", [f"{PHOTO_BYTES // MB} MB", f"{WORKING_BYTES // MB} MB"]),
        ("agent: device for notices", [f"{LONGEST_ADDRESS:,} characters", f"{MOST_DEVICES} devices"]),
        ("answer of a push service", [f"{SECONDS:.0f} seconds", f"{AT_ONCE} calls"]),
        ("webhook", [f"{WEBHOOK_BYTES // MB} MB"]),
        ("mail", [f"{MAIL_BYTES // MB} MB", f"{PARTS} parts"]),
        ("GeoReport: create", [f"{MAX_DESCRIPTION:,} characters", f"{MAX_PHOTOS} photos"]),
        ("GeoReport: list", [f"{MAX_WINDOW.days} days", f"{MAX_PAGE_SIZE:,} requests"]),
        ("agent: reply", [f"{LONGEST_REPLY:,} characters", f"{CHOICES} choices of {CHOICE} characters"]),
        ("agent: note", [f"{LONGEST_NOTE:,} characters"]),
        ("agent: note to a partner desk", [f"{LONGEST_PARTNER_NOTE:,} characters"]),
        (
            "data sent to a partner desk",
            [f"{MESSAGES} messages", f"{LONGEST_TEXT:,} characters per message", f"{ALL_TEXT:,} in total"],
        ),
        (
            "answer of a partner desk",
            [f"{ANSWER_BYTES // 1024} kB", f"{PartnerTiming().call:g} seconds", f"{TOLERANCE} seconds"],
        ),
        ("agent: password", [f"{SHORTEST} to {LONGEST:,} characters"]),
        ("call of the bot to the actions", [f"{LARGEST_CALL // MB} MB"]),
        ("web chat: part of a photo", [f"{PART_BYTES // 1024} KB", f"{MOST_OPEN} incomplete uploads", f"{MOST_PARTS:,} parts"]),
        (
            "responses of the city's sign-in, until one succeeds",
            [f"{FREE_ANSWERS} an hour, then 1 in {ANSWER_WAIT:g} seconds"],
        ),
        ("messages in the web chat", [rate(RATES["post-by-session"]), rate(RATES["post-by-address"])]),
        ("new web chats", [rate(RATES["session-by-address"])]),
        ("photos, rate", [rate(RATES["photo-by-session"]), rate(RATES["photo-by-address"])]),
        (
            "photos stored in 24 hours",
            [f"{quota.photos} and {quota.size // 1_000_000} MB" for quota in QUOTAS.values()] + [f"{FREE_BYTES // MB} MB"],
        ),
        (
            "reads of the log and of photos, with any token",
            [rate(RATES["read-by-session"]), rate(RATES["read-by-address"])],
        ),
        (
            "pages that anybody may load: `/chat`, statements, the public report, signing in",
            [rate(RATES["page-by-address"])],
        ),
        ("tiles of the map, fetched at once", [f"| {TILES} |"]),
        (
            "bodies that are arriving; everybody's without the first 64 kB of each",
            [f"| {MOST_OF_ONE // MB} MB |", f"| {MOST // MB} MB |"],
        ),
        ("open streams and long polls for each gateway", [f"| {OF_A_SESSION} |", f"| {OF_AN_ADDRESS} |"]),
        ("GeoReport reads without a key", [rate(RATES["georeport-by-address"])]),
        (
            "handoffs (`handoffs_per_contact`, `waiting_from_one_address`)",
            [
                f"{DEFAULTS['handoffs_per_contact']} an hour",
                f"{DEFAULTS['waiting_from_one_address']} waiting",
                f"{HOURLY * DEFAULTS['waiting_from_one_address']} an hour",
            ],
        ),
        ("automatic answers by mail", [f"{ANSWERS_AN_HOUR} an hour"]),
        ("wrong passwords", [f"{FREE_TRIES} per account, then {FIRST_WAIT:g} seconds", f"{LONGEST_WAIT / 60:g} minutes"]),
        ("link codes", [f"{MISSES_PER_HOUR} wrong codes"]),
    ],
)  # fmt: skip
def test_the_page_has_the_codes_numbers(row: str, numbers: list[str]) -> None:
    for number in numbers:
        assert number in ROWS[row], (row, number)


def test_every_rate_is_on_the_page() -> None:
    page = "\n".join(ROWS.values())
    assert not [name for name, one in RATES.items() if rate(one) not in page]


def test_every_attack_names_a_test_that_exists() -> None:
    page = Path("docs/limits.md").read_text(encoding="utf-8")
    rows = [row for row in page.partition("## Attacks")[2].splitlines() if row.startswith("| ")][1:]
    assert len(rows) >= 20
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        assert named, row
        assert [
            one for one in named if f"def {one[1]}(" not in Path(one[0]).read_text(encoding="utf-8")
        ] == []
