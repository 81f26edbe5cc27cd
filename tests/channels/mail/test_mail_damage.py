"""Damaged mails: whatever is dropped, repeated, retyped, cut or mixed in one, it becomes something, and its sender is
known as long as the From header is whole."""

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import MalformedPayload
from tests.support.generated_mails import generated
from tests.support.mail_side import parse

MAILS = [made.raw for made in generated(240)]
ODD = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xc3",
        b"=?utf-8?B?a?=",
        b"=?iso-8859-1?Q?\xe1?=",
        b"=\r\n",
        b"=C3",
        b"\r",
        b"\n\n",
    ),
    *(b"\r\n--m\r\n", b"\r\n--a--\r\n", b"Content-Type: text/html; charset=utf-16\r\n", b"\x1b$B", b"<" * 50),
    *(
        b"Subject: =?gb2312?B?xOO6w0==?=\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"X" * 1_100,
        b": \r\n",
    ),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A generated mail with a few lines dropped, doubled, moved, cut or with odd bytes in them."""
    head, _, rest = draw(st.sampled_from(MAILS)).partition(b"\r\n")
    lines = rest.split(b"\r\n")
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "odd", "cut", "swap"])):
            case "drop" if len(lines) > 2:
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case "odd":
                middle = draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:middle] + draw(st.sampled_from(ODD)) + lines[place][middle:]
            case "cut":
                lines = lines[: place + 1]
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case _:
                pass
    return head + b"\r\n" + b"\r\n".join(lines)


@given(damaged())
@settings(max_examples=300, deadline=None)
def test_a_damaged_mail_is_a_message_or_listed(raw: bytes) -> None:
    try:
        found = parse(raw)
    except MalformedPayload:
        raise AssertionError("it has a From header") from None
    (one,) = found
    assert one.kind in ("message", "ignored") and one.external_id
    if one.kind == "ignored":
        assert one.evidence and one.reason
    assert "\x00" not in (one.text or "")


@given(damaged(), st.sampled_from(MAILS))
@settings(max_examples=60, deadline=None)
def test_it_costs_no_other_mail_anything(raw: bytes, other: bytes) -> None:
    before = parse(other)
    parse(raw)
    assert parse(other) == before
