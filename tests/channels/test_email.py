"""E-mail: who wrote, what is new in it, whom not to answer, and what ours looks like."""

import email
import email.policy
from email.message import EmailMessage
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import (
    Button,
    Inbound,
    InboxBroken,
    MalformedPayload,
    MediaRef,
    NotAuthentic,
    Outbound,
    RetryLater,
    Undeliverable,
    Unreachable,
)
from channels.email import EmailChannel
from channels.mail_html import html_text
from channels.mail_inbox import mail_inbox
from channels.mail_parse import read_mail
from channels.mail_quotes import new_text
from channels.mail_robots import ANSWERS_AN_HOUR
from channels.mail_smtp import Server
from channels.mail_thread import Threads
from channels.mail_write import compose, references, subject_line
from channels.setup import ChannelSetup, InboxError
from tests.channels.mail_side import (
    ADDRESS,
    AUTHORITY,
    CITIZEN,
    PASSWORD,
    SECRET,
    SETTINGS,
    Taken,
    arrival,
    channel,
    fixture,
    mail,
    nobody,
    smtp_server,
)
from tests.channels.specimens.base import serving

MAIL = channel()
OURS = "4b6f3d0e-0000-4000-8000-000000000001"
THREADS = Threads(ADDRESS, SECRET)
TOKEN = THREADS.token(OURS, CITIZEN)


def parse(raw: bytes, by: EmailChannel = MAIL) -> list[Inbound]:
    request = arrival(raw)
    by.verify(request)
    return by.parse(request)


def one(raw: bytes, by: EmailChannel = MAIL) -> Inbound:
    (found,) = parse(raw, by)
    return found


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    return Outbound(OURS, CITIZEN, text, "en", **more)


async def sent(
    server: Taken, message: Outbound, by: EmailChannel | None = None, key: str = f"{OURS}:0"
) -> EmailMessage:
    by = by or channel(smtp_port=str(server.port))
    (request,) = by.render(message)
    await by.send(request, key)
    content = server.mails[-1].content
    assert isinstance(content, bytes)
    got = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(got, EmailMessage)
    return got


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


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
        # Two senders, or an address that readers read differently, are nobody's.
        ("a@x.example, b@x.example", ""),
        ("a@x.example, <b@x.example>", ""),
        ("<a@x.example> <b@x.example>", ""),
        ("a@x.example]<b@y.example>", ""),
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


def test_two_from_headers_are_nobody() -> None:
    assert one(mail().replace(b"To:", b"From: b@x.example\r\nTo:")).kind == "ignored"


def test_a_name_in_another_alphabet_arrives() -> None:
    assert one(fixture("text")).name == "Ana Díaz"
    assert one(mail(From="=?koi8-r?B?4c7OwQ==?= <a@x.example>")).name == "Анна"
    assert one(mail(From="=?nonsense?B?4c7OwQ==?= <a@x.example>")).contact == "a@x.example"


def test_only_our_own_server_vouches_for_a_sender() -> None:
    good = one(fixture("text"))
    assert good.email == good.contact == CITIZEN and good.thread["verified"] == "dmarc"
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
        assert got.email is None and got.thread["verified"] == "", results
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
    request.headers["x-civicdesk-mail-signature"] = TOKEN.partition(".")[2]  # type: ignore[index]
    with pytest.raises(NotAuthentic):
        MAIL.verify(request)


# What it says


def test_a_first_mail_says_its_subject_and_a_reply_only_what_is_new() -> None:
    first = one(fixture("text"))
    assert first.text == (
        "Pothole in Elm Street\n\nThere is a pothole in front of number 5.\n"
        "It is as wide as a wheel – please look at it."
    )
    assert first.sent_at is not None and first.sent_at.isoformat() == "2026-11-22T19:03:00+00:00"
    assert one(fixture("reply")).text == "2"
    assert first.thread["message_id"] == first.external_id == "<CAF-1@mail.example>"


def test_a_mail_of_html_alone_is_read_without_what_acts_or_hides() -> None:
    text = one(fixture("html_only")).text
    assert text == "Street light\n\nThe light at Oak Street is out.\n\n- number 5\n- number 7"


def test_pictures_come_and_other_files_and_logos_do_not() -> None:
    got = one(fixture("photo"))
    (picture,) = got.media
    assert (picture.id, picture.content_type, picture.name) == ("7.42.0", "image/jpeg", "schön.jpg")
    assert got.text == "Pothole\n\nSee the picture."


@pytest.mark.parametrize(
    ("written", "new"),
    [
        ("Yes\n\nOn Mon, Nov 2, 2026 at 3:04 PM City <h@x> wrote:\n> Is it?", "Yes"),
        ("Oui\n\nLe lun. 2 nov. 2026 à 15:04, Ville <h@x> a écrit :\n\n> Bon", "Oui"),
        ("Sí\n\nEl lun, 2 nov 2026 a las 15:04, Ciudad\n(<h@x>) escribió:\n> Hola", "Sí"),
        ("Yes\n\n-----Original Message-----\nFrom: City\nSent: Monday\nTo: A\n\nIs it?", "Yes"),
        (
            "Yes\n________________________________\nFrom: City\nSent: Monday\nTo: A\nSubject: x\n\nIs it?",
            "Yes",
        ),
        ("Oui\n\nDe : Ville\nEnvoyé : lundi\nÀ : A\nObjet : RE\n\nBon", "Oui"),
        ("Yes\n-- \nAna\n+1 555", "Yes"),
        ("Yes\n\nSent from my phone", "Yes"),
        # Answers between the questions are what the citizen wrote.
        ("On Monday City wrote:\n> 1. Where?\nElm Street\n> 2. Since when?\nMonday", "Elm Street\nMonday"),
        # None of these is a quote or a signature, and nothing of them may be lost.
        ("The lights are out:\n- Elm\n- Oak\n\nThank you, but look at the bridge too.", None),
        ("From: my house\nTo: the station\nit is dark", None),
        ("On Monday the man wrote: keep out\nand it is still there", None),
        ("Best regards to the team! The bin is full again.", None),
        ("On my way home I read what you wrote:\nIt was wrong.", None),
        ("> everything is quoted", None),
        ("a\n--\n", "a"),
    ],
)
def test_what_is_new(written: str, new: str | None) -> None:
    assert new_text(written) == (written if new is None else new)


@given(
    st.text(max_size=2_000)
    | st.lists(
        st.sampled_from(["On a wrote:\n", "> q\n", "From: a\n", "\n", "--\n", "word "]), max_size=60
    ).map("".join)
)
@settings(deadline=None)
def test_words_are_never_made_up_and_never_all_lost(text: str) -> None:
    found = new_text(text)
    assert bool(found) == bool(text.strip())
    lines = {line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")}
    assert all(line.strip() in lines for line in found.split("\n")) or found == text.strip()


def test_charset_troubles_lose_no_mail() -> None:
    body = "Größe – 5 €".encode("windows-1252")
    for kind in (
        "text/plain; charset=utf-8",
        "text/plain; charset=no-such-thing",
        'text/plain; charset="utf-8; format=flowed',
        "text/plain; charset=windows-1252",
        "text/plain",
    ):
        raw = mail("X", Content_Type=kind)[:-1] + body
        assert one(raw).text == "Größe – 5 €", kind
    assert one(mail("U2Nobg==!", Content_Transfer_Encoding="base64")).text
    raw = mail(Subject="X").replace(b"Subject: X", "Subject: Straßenlärm".encode("latin-1"))
    assert (one(raw).text or "").startswith("Straßenlärm")


def test_a_mail_without_an_id_has_the_same_one_every_time() -> None:
    first, again, other = (one(mail(body, Message_ID="")) for body in ("a", "a", "b"))
    assert first.external_id == again.external_id != other.external_id and len(first.external_id) == 64
    assert one(mail(Message_ID="no angle brackets")).external_id != "no angle brackets"


def test_monsters_are_survived() -> None:
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3_000)
    )
    assert one(mail(Content_Type="")[:-9] + deep).kind in ("message", "ignored")
    wide = b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * 5_000
    raw = mail("", Content_Type="multipart/mixed; boundary=b", Subject="x") + wide
    assert len(one(raw).media) == 5
    assert one(mail("x" * 3_000_000)).text == "x" * 20_000
    assert one(mail(Subject="x" * 100_000, References="<a@b> " * 50_000)).kind == "message"
    assert one(mail(Date="Mon, 99 Foo 99999 99:99:99 +9999")).sent_at is None
    assert html_text("<div>" * 200_000 + "x") == ""
    assert html_text("<p>a" * 1_900) == "\n\n".join("a" * 1_900)
    with pytest.raises(MalformedPayload):
        parse(b"\r\n\r\nno header")


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_odd_bytes_are_a_mail_or_malformed(raw: bytes) -> None:
    for content in (raw, mail()[:-5] + raw, b"Content-Type: multipart/mixed; boundary=b\r\n" + mail() + raw):
        try:
            parse(content)
        except MalformedPayload:
            continue


# Whom not to answer


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (rejected)"},
        {"Precedence": "Bulk"},
        {"Precedence": "list"},
        {"Precedence": "junk"},
        {"List_Id": "Everybody <everybody.lists.example>"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@mail.example"},
        {"From": "no-reply@shop.example"},
        {"From": f"City <{ADDRESS}>"},
        {"From": "help+anything@lindenport.example"},
        {"Content_Type": "multipart/report; report-type=disposition-notification; boundary=b"},
    ],
)
def test_a_robot_is_never_answered(headers: dict[str, str]) -> None:
    got = one(mail(**headers))
    assert got.kind == "ignored" and got.reason


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN"},
        {"Return_Path": f"<{CITIZEN}>"},
        {"Precedence": "first-class"},
        {"From": "bouncer@club.example"},
        {"Reply_To": "mallory@evil.example"},
    ],
)
def test_a_person_is(headers: dict[str, str]) -> None:
    got = one(mail(**headers))
    assert got.kind == "message" and got.contact == headers.get("From", CITIZEN)


async def test_a_robot_that_hides_is_answered_only_so_often() -> None:
    async with smtp_server() as server:
        by = channel(smtp_port=str(server.port))
        for number in range(ANSWERS_AN_HOUR):
            await sent(server, outbound(), by, key=f"{OURS}:{number}")
        with pytest.raises(Undeliverable):
            await sent(server, outbound(), by, key=f"{OURS}:{ANSWERS_AN_HOUR}")
        # A second try of one that was counted is no further answer.
        await sent(server, outbound(), by, key=f"{OURS}:0")
        await sent(server, outbound("A person's words go.", human=True), by)


# What became of ours


def bounce(
    recipient: str = CITIZEN, action: str = "failed", status: str = "5.1.1", to: str = "", quoted: str = ""
) -> bytes:
    return mail(
        "--b\nContent-Type: text/plain\n\nIt did not arrive.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.mail.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {quoted}\nSubject: x\n\n--b--\n",
        From="MAILER-DAEMON@mail.example",
        To=to or ADDRESS,
        Return_Path="<>",
        Message_ID="<bounce@mail.example>",
        Content_Type="multipart/report; report-type=delivery-status; boundary=b",
    )


def test_a_bounce_is_believed_if_it_names_a_mail_of_ours() -> None:
    address, number = THREADS.reply_address(TOKEN), THREADS.message_id(TOKEN)
    for raw in (bounce(to=address), bounce(quoted=number)):
        receipt, gone = parse(raw)
        assert receipt.receipt == (number, "failed") and receipt.contact == CITIZEN
        assert gone.change == "unreachable" and gone.contact == CITIZEN
    (full,) = parse(bounce(to=address, status="5.2.2"))
    assert full.receipt == (number, "failed")
    (arrived,) = parse(bounce(to=address, action="delivered", status="2.0.0"))
    assert arrived.receipt == (number, "delivered")
    assert one(bounce(to=address, action="delayed", status="4.4.1")).kind == "ignored"
    # Anybody can say that somebody's mailbox is gone.
    for forged in (bounce(), bounce(recipient="b@x.example", to=address), bounce(quoted="<x@y>")):
        assert one(forged).kind == "ignored"


# What ours looks like


async def test_an_answer_is_in_its_thread_and_says_that_a_machine_wrote_it() -> None:
    asked = one(fixture("text"))
    async with smtp_server() as server:
        got = await sent(
            server,
            outbound(
                "Is it in the road?\n\nhttps://x.example/a?b=1&c",
                thread=asked.thread,
                buttons=(Button("1", "Road"), Button("2", "<Path>")),
            ),
        )
        envelope = server.mails[0]
    assert got["Subject"] == "Re: Pothole in Elm Street"
    assert got["In-Reply-To"] == got["References"] == "<CAF-1@mail.example>"
    assert got["Message-ID"] == THREADS.message_id(TOKEN)
    assert got["Auto-Submitted"] == "auto-replied"
    assert str(got["From"]) == f"City of Lindenport <{ADDRESS}>"
    assert TOKEN in str(got["Reply-To"]) and envelope.mail_from == THREADS.reply_address(TOKEN)
    assert part(got, "plain") == "Is it in the road?\n\nhttps://x.example/a?b=1&c\n\n1. Road\n2. <Path>\n"
    page = part(got, "html")
    assert '<html lang="en" dir="ltr">' in page and "<title>Re: Pothole in Elm Street</title>" in page
    assert '<a href="https://x.example/a?b=1&amp;c">https://x.example/a?b=1&amp;c</a>' in page
    assert "<ol>\n<li>Road</li>\n<li>&lt;Path&gt;</li>\n</ol>" in page


async def test_a_person_and_a_first_mail() -> None:
    async with smtp_server() as server:
        person = await sent(server, outbound("Hello", human=True, thread=one(fixture("text")).thread))
        news = await sent(server, outbound("Your pothole is closed."))
    assert person["Auto-Submitted"] is None
    assert news["Auto-Submitted"] == "auto-generated" and news["In-Reply-To"] is None
    assert news["Subject"] == "Your message to us"


async def test_a_second_try_is_the_same_mail() -> None:
    async with smtp_server() as server:
        by = channel(smtp_port=str(server.port))
        (request,) = by.render(outbound())
        first, again = await by.send(request, "k"), await by.send(request, "k")
    assert first == again and first.external_id == THREADS.message_id(TOKEN)


async def test_long_answers_and_other_alphabets_arrive_whole() -> None:
    text = "Größe: 道路が壊れています。 🚧 " * 2_000 + "\n.\nthe end\n\nFrom here"
    async with smtp_server() as server:
        got = await sent(server, outbound(text))
        raw = server.mails[0].content
    assert part(got, "plain") == text + "\n"
    assert isinstance(raw, bytes) and max(map(len, raw.split(b"\r\n"))) <= 998
    rtl = MAIL.render(Outbound(OURS, CITIZEN, "مرحبا", "ar"))[0].payload["html"]
    assert 'dir="rtl"' in str(rtl)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_no_value_begins_a_header_of_its_own(subject: str, name: str, reference: str) -> None:
    evil = "x\r\nBcc: everybody@x.example\n\n<script>"
    thread = {"subject": evil + subject, "message_id": f"<a{evil}>", "references": f"{evil} <{reference}>"}
    (request,) = MAIL.render(outbound("Hello", thread=thread, subject=evil))
    clock = MAIL._clock()
    raw = compose(request.payload, ADDRESS, f"City {evil}{name}", clock, [(b"x", "image/png", evil + name)])
    got = email.message_from_bytes(raw, policy=email.policy.default)
    known = {
        "from",
        "to",
        "reply-to",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "auto-submitted",
    }
    known |= {"x-auto-response-suppress", "content-language", "mime-version", "content-type"}
    assert {header.lower() for header in got} <= known
    assert "<script>" not in str(request.payload["html"])


def test_subjects_keep_one_re_and_references_keep_their_ends() -> None:
    assert subject_line("RE: Re: AW: [2] pothole", None, "en") == "Re: [2] pothole"
    assert subject_line("Rv: Re[2]: bache", None, "es") == "Re: bache"
    assert subject_line("", None, "fr") == "Re: Votre message"
    assert subject_line(None, "News", "en") == "News"
    assert subject_line("Recycling: when?", None, "en") == "Re: Recycling: when?"
    chain = references(" ".join(f"<{n}@x>" for n in range(60)), "<60@x>")
    assert len(chain) == 20 and (chain[0], chain[-1]) == ("<0@x>", "<60@x>")
    assert references("<a@x>", "<a@x>") == ["<a@x>"]


async def test_pictures_are_carried_from_our_own_address_alone() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=b"picture") if request.path == "/m/1" else web.Response(status=404)

    async with smtp_server() as server, serving(answer) as here, aiohttp.ClientSession() as http:
        by = channel(http, public_url=here, smtp_port=str(server.port))
        photo = MediaRef("1", "image/jpeg", "a.jpg", f"{here}/m/1")
        got = await sent(server, outbound("Look", media=(photo,)), by)
        (attached,) = got.iter_attachments()
        assert attached.get_content() == b"picture" and attached.get_filename() == "a.jpg"
        for url in (
            f"{here}/m/2",
            "http://127.0.0.1:1/m/1",
            here.replace("127.0.0.1", "127.0.0.2") + "/m/1",
            "file:///x",
        ):
            (request,) = by.render(outbound("Look", media=(MediaRef("1", "image/jpeg", "a", url),)))
            with pytest.raises(Undeliverable):
                await by.send(request, "k")
    assert len(server.mails) == 1


# What the server says


@pytest.mark.parametrize(
    ("command", "answer", "kind", "scope"),
    [
        ("RCPT", "550 5.1.1 No such user", Unreachable, None),
        ("RCPT", "553 5.1.3 Bad address", Unreachable, None),
        ("RCPT", "550 5.7.1 Blocked by policy", Undeliverable, None),
        ("RCPT", "554 5.7.1 Relay access denied", Undeliverable, None),
        ("RCPT", "452 4.2.2 Mailbox full", RetryLater, "contact"),
        ("RCPT", "552 5.2.2 Mailbox full", RetryLater, "contact"),
        ("RCPT", "450 4.7.1 Greylisted", RetryLater, "contact"),
        ("RCPT", "421 4.3.2 Shutting down", RetryLater, "contact"),
        ("DATA", "554 5.6.0 Looks like spam", Undeliverable, None),
        ("DATA", "451 4.3.0 Try again", RetryLater, "inbox"),
        ("MAIL", "550 5.7.60 Not allowed to send as this sender", InboxBroken, None),
        ("MAIL", "530 5.7.0 Authentication required", InboxBroken, None),
        ("MAIL", "452 4.3.1 No space", RetryLater, "inbox"),
        ("AUTH", "535 5.7.8 Bad credentials", InboxBroken, None),
        ("AUTH", "454 4.7.0 Temporary failure", RetryLater, "inbox"),
    ],
)
async def test_what_an_answer_means(
    command: str, answer: str, kind: type[Exception], scope: str | None
) -> None:
    async with smtp_server() as server:
        server.answers[command] = answer
        with pytest.raises(kind) as caught:
            await sent(server, outbound())
    assert type(caught.value) is kind
    if isinstance(caught.value, RetryLater):
        assert caught.value.scope == scope and not caught.value.accepted_unknown


async def test_encryption_is_required_unless_the_server_is_this_machine() -> None:
    async with smtp_server() as server:
        elsewhere = Server("127.0.0.1", server.port, "help", PASSWORD, tls=True)
        with pytest.raises(InboxBroken, match="encryption"):
            await elsewhere.deliver(ADDRESS, CITIZEN, b"x")
        assert server.signed_in == []

    def servers(host: str) -> tuple[bool, bool]:
        given = {**SETTINGS, "imap_host": host, "smtp_host": host}
        inbox = mail_inbox(ChannelSetup(nobody, given, "email"))
        return inbox.account.tls, inbox.server.tls

    assert servers("mail.lindenport.example") == servers("10.0.0.5") == (True, True)
    assert servers("127.0.0.1") == servers("localhost") == servers("::1") == (False, False)


def test_an_inbox_that_cannot_work_does_not_open() -> None:
    for wrong in ({"address": "help"}, {"address": "a" * 21 + "@x.example"}, {"imap_port": "imaps"}):
        with pytest.raises(InboxError):
            channel(**wrong)
    for secret in ("password", "thread_secret"):
        with pytest.raises(ValueError):
            channel(**{secret: ""})
    assert PASSWORD not in repr(MAIL._mail) and SECRET not in repr(MAIL._mail)


def test_html_is_read_as_a_person_sees_it() -> None:
    assert html_text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>") == "a b\nc"
    assert html_text("<p>a<br>b</p>\n  <p>c  d</p>") == "a\nb\n\nc d"
    assert html_text("<p hidden>no</p><template>no</template><p>yes &lt;b&gt;</p>") == "yes <b>"
    assert html_text('new<blockquote type="cite"><div class="gmail_quote">old</div></blockquote>') == "new"
    assert html_text('<div class="gmail_quote">forwarded</div>') == "forwarded"
    outlook = 'new<hr><div id="divRplyFwdMsg">From: x</div><div>old</div>'
    assert html_text(outlook) == "new"
    assert html_text("") == "" and html_text("plain") == "plain"


def test_a_mail_tells_its_parts_apart() -> None:
    inner = b"--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/plain\r\n\r\nnot mine\r\n--b--"
    raw = mail("", Content_Type="multipart/mixed; boundary=b", Subject="see the mail I attach") + inner
    assert one(raw).text == "see the mail I attach"
    assert read_mail(mail(Content_Disposition="attachment")).text == ""
