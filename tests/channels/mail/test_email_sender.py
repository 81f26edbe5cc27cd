"""The sender of a mail: one address, and whether it is verified."""

from email.header import Header

import pytest

from channels.base import NotAuthentic, Webhook
from channels.mail.thread import Threads
from tests.support.mail_side import (
    ADDRESS,
    AUTHORITY,
    CITIZEN,
    MAIL,
    OURS,
    SECRET,
    THREADS,
    TOKEN,
    arrival,
    channel,
    fixture,
    mail,
    one,
)

# Who wrote


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("ana@mail.example", "ana@mail.example"),
        ("Ana <Ana@Mail.example>", "ana@mail.example"),
        ('"Diaz, Ana" <ana@mail.example>', "ana@mail.example"),
        ('"ceo@lindenport.example <ceo@lindenport.example>" <ana@mail.example>', "ana@mail.example"),
        ("ana@mail.example (Ana)", "ana@mail.example"),
        ("=?utf-8?q?Ana?= <ana@mail.example>", "ana@mail.example"),
        # What stands before the angle brackets is a name, whatever it looks like.
        ("ana@mail.example <ana@mail.example>", "ana@mail.example"),
        ("a@x.example, <b@x.example>", "b@x.example"),
        ("a@x.example]<b@y.example>", "b@y.example"),
        ("Diaz, Ana <ana@mail.example>,", "ana@mail.example"),
        ("Diaz; Ana (Roads) [external] <ana@mail.example>", "ana@mail.example"),
        ('O\'Neil "the" Bo <bo@mail.example>', "bo@mail.example"),
        ("ana@mail.example,", "ana@mail.example"),
        ("<ana@mail.example> <ana@mail.example>", "ana@mail.example"),
        ('"ana..diaz"@carrier.example', "ana..diaz@carrier.example"),
        ("Ana <SMTP:ana@mail.example>", "ana@mail.example"),
        ("<@relay.example:ana@mail.example>", "ana@mail.example"),
        ("Åsa <åsa@mail.example>", "åsa@mail.example"),
        # Two senders, or an address that readers read differently, are nobody's.
        ("a@x.example, b@x.example", ""),
        ("<a@x.example> <b@x.example>", ""),
        ("a@x.example@y.example", ""),
        ("undisclosed", ""),
        ("<>", ""),
        ("Ana <a b@x.example>", ""),
        ('"ana@mail.example', ""),
    ],
)
def test_the_sender_is_one_address_or_nobody(written: str, sender: str) -> None:
    got = one(mail(From=written))
    assert (got.contact, got.kind) == (sender, "message" if sender else "ignored")


def test_an_odd_sender_is_taken_and_never_counts_as_verified() -> None:
    """Our server may have checked the other address."""
    results = f"{AUTHORITY}; dmarc=pass header.from=x.example"
    for written in (
        "a@x.example, <b@x.example>",
        "a@x.example <b@y.example>",
        "<b@y.example>,a@x.example <b@y.example>",
    ):
        got = one(mail(From=written, Authentication_Results=results))
        assert got.kind == "message" and got.email is None and not got.proven, written


def test_a_name_that_looks_like_another_address_is_shown_with_a_warning() -> None:
    got = one(mail(From='"mayor@lindenport.example" <ana@mail.example>'))
    assert got.name == "mayor@lindenport.example" and got.contact == "ana@mail.example"
    assert "mayor@lindenport.example" in (got.note or "") and "ana@mail.example" in (got.note or "")
    assert one(mail(From="ana@mail.example <ana@mail.example>")).note is None


@pytest.mark.parametrize(
    "name",
    [
        "mayor＠lindenport.example",
        "mayor\u200b@linden\u2060port.example",
        "mayor @ lindenport.example",
        "mayor (at) lindenport.example",
        "mayor [at] lindenport [dot] example",
    ],
)
def test_a_name_that_only_looks_like_another_address_is_one(name: str) -> None:
    got = one(mail(From=f"{Header(name, 'utf-8').encode()} <ana@mail.example>"))
    assert got.contact == "ana@mail.example" and "(mayor@lindenport.example)" in (got.note or "")


@pytest.mark.parametrize(
    "name", ["Ana @ home", "Ana @ St. Mary's", "5@home", "lindenport.example", "Ana (at work)"]
)
def test_other_names_are_no_addresses(name: str) -> None:
    assert one(mail(From=f'"{name}" <ana@mail.example>')).note is None


def test_an_address_that_cannot_be_decoded_is_nobodys() -> None:
    """Two people must not become one contact."""
    raw = mail(From="Asa <@>").replace(b"<@>", b"<\x81sa\xff@mail.example>")
    assert one(raw).contact in ("", "\x81saÿ@mail.example") and "\ufffd" not in one(raw).contact


def test_two_from_headers_are_nobody() -> None:
    assert one(mail().replace(b"To:", b"From: b@x.example\r\nTo:")).kind == "ignored"


def test_a_name_in_another_alphabet_arrives() -> None:
    assert one(fixture("text")).name == "Ana Díaz"
    assert one(mail(From="=?koi8-r?B?4c7OwQ==?= <a@x.example>")).name == "Анна"
    assert one(mail(From="=?nonsense?B?4c7OwQ==?= <a@x.example>")).contact == "a@x.example"


def test_only_our_own_server_verifies_a_sender() -> None:
    good = one(fixture("text"))
    assert good.email == good.contact == CITIZEN and good.thread["verified"] == "dmarc" and good.proven
    assert one(fixture("text"), channel(authority="")).email is None
    for results in (
        f"{AUTHORITY}; dmarc=fail header.from=mail.example",
        f"{AUTHORITY}; spf=pass; dkim=pass",
        f"{AUTHORITY}; none",
        "mx.evil.example; dmarc=pass",
        f"mx.evil.example (was {AUTHORITY}); dmarc=pass",
        f"{AUTHORITY}.evil.example; dmarc=pass",
        f"{AUTHORITY}; spf=pass (dmarc=pass)",
        f"{AUTHORITY}; spf=pass reason=dmarc=pass",
        f"{AUTHORITY}; dmarc=passed",
    ):
        got = one(mail(Authentication_Results=results))
        assert got.email is None and got.thread["verified"] == "" and not got.proven, results
    # What the sender wrote stands below what our server wrote.
    forged = f"Authentication-Results: {AUTHORITY}; dmarc=pass\r\n".encode()
    honest = f"Authentication-Results: {AUTHORITY}; dmarc=fail\r\n".encode()
    assert one(honest + forged + mail()).email is None
    assert one(forged + mail()).email == CITIZEN


def test_a_signed_name_proves_the_thread_to_whom_it_was_given_alone() -> None:
    address, number = THREADS.reply_address(TOKEN), THREADS.message_id(TOKEN)
    for headers in (
        {"To": f"Help <{address}>"},
        {"Cc": address},
        {"In_Reply_To": number},
        {"References": number},
    ):
        got = one(mail(**headers))
        assert got.email == CITIZEN and got.thread["verified"] == "thread" and got.thread["answers"] == TOKEN
        assert got.proven
        assert one(mail(From="mallory@evil.example", **headers)).thread["verified"] == ""
    for wrong in (
        address.replace(TOKEN[0], "b" if TOKEN[0] == "a" else "a", 1),
        ADDRESS,
        "help+1@lindenport.example",
    ):
        assert one(mail(To=wrong)).thread["verified"] == ""
    assert one(mail(To=address.upper())).thread["verified"] == "thread"  # some servers change the case
    other = Threads(ADDRESS, "another secret")
    assert one(mail(To=other.reply_address(other.token(OURS, CITIZEN)))).thread["verified"] == ""


def test_names_are_stable_and_fit_an_address() -> None:
    assert TOKEN == THREADS.token(OURS, CITIZEN.upper()) == Threads(ADDRESS, SECRET).token(OURS, CITIZEN)
    assert THREADS.token(OURS, "b@x.example") != TOKEN != THREADS.token(OURS[:-1] + "2", CITIZEN)
    longest = Threads("a" * 20 + "@x.example", SECRET)
    assert len(longest.reply_address(TOKEN).partition("@")[0]) <= 64
    assert Threads(ADDRESS, SECRET, "").reply_address(TOKEN) == ADDRESS


def test_nobody_posts_a_mail_to_the_webhook() -> None:
    for secret in ("", SECRET + " "):
        with pytest.raises((NotAuthentic, ValueError)):
            MAIL.verify(arrival(mail(), secret=secret or "x"))
    # The name that travels in every mail is signed with the same secret and must not pass for an arrival.
    request = arrival(mail())
    borrowed = {**request.headers, "x-civicdesk-mail-signature": TOKEN.partition(".")[2]}
    with pytest.raises(NotAuthentic):
        MAIL.verify(Webhook(borrowed, request.body))


def test_a_mail_of_nobody_can_be_read_by_an_agent() -> None:
    got = one(mail("Hello", From="a@mail.example, b@mail.example"))
    assert (got.kind, got.contact, got.raw) == ("ignored", "", "Hello")
    assert one(mail("Hello", Precedence="bulk")).raw is None, "this one can be taken"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("Ana Diaz ana@mail.example", "ana@mail.example"),
        ("Ana [mailto:ana@mail.example]", "ana@mail.example"),
        ("Ana <ana@mail.example", "ana@mail.example"),
        ("=?utf-8?Q?Ana_=3Cana=40mail.example=3E?=", "ana@mail.example"),
        ("Ana <ana@mail.example.>", "ana@mail.example"),
        ("'Ana' <'ana@mail.example'>", "ana@mail.example"),
        ("A" * 3_000 + " <ana@mail.example>", "ana@mail.example"),
        ("Ana ana@mail.example or bob@mail.example", ""),
        ("Ana <ana @mail.example>", ""),
        ('"Ana ana@mail.example', ""),
    ],
)
def test_a_header_with_one_address_that_is_written_oddly_names_its_sender(written: str, address: str) -> None:
    got = one(mail(From=written, Authentication_Results=f"{AUTHORITY}; dmarc=pass"))
    assert got.contact == address and (got.kind == "message") == bool(address)
    if not address or "<" not in written or not written.endswith(">"):
        assert not got.proven, "other programs may read another sender there"
