"""What our own mails look like."""

import email
import email.header
import email.policy

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import (
    Button,
    MediaRef,
    Outbound,
    Undeliverable,
)
from channels.mail.write import compose, html_page, references, subject_line
from tests.support.mail_side import (
    ADDRESS,
    CITIZEN,
    MAIL,
    OURS,
    THREADS,
    TOKEN,
    channel,
    fixture,
    mail,
    one,
    outbound,
    part,
    sent,
    smtp_server,
)
from tests.support.sockets import serving

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


@pytest.mark.parametrize(
    "hidden",
    [
        "=?utf-8?Q?x=0d=0aBcc:_evil@x.example?=",
        "=?utf-8?Q?x=0d=0a=0d=0aAnother_text?=",
        "=?utf-8?B?eA0KQmNjOiBldmlsQHguZXhhbXBsZQ==?=",
        "=?us-ascii?q?=0aBcc:_evil@x.example?= tail",
    ],
)
def test_an_encoded_word_in_a_value_is_no_header(hidden: str) -> None:
    """The library decodes it, and wrote the line ends in it: a double-encoded subject became a header of our mail."""
    inner = email.header.Header(f"Lamp {hidden}", "utf-8").encode()
    got = one(mail(Subject=inner, Message_ID=f"<{hidden.split()[0]}@mail.example>"))
    assert hidden.split()[0] in got.thread["subject"]
    (request,) = MAIL.render(outbound("Hello", thread=got.thread))
    raw = compose(request.payload, ADDRESS, f"City {hidden}", MAIL._clock(), [(b"x", "image/png", hidden)])
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read["Bcc"] is None and read["Content-Type"].content_type == "multipart/mixed"
    assert "Hello" in str(part(read, "plain")) and "evil" not in str(read["To"])
    assert "= ?" in str(read["Subject"]), "what the citizen wrote is still there"


def test_subjects_keep_one_re_and_references_keep_their_ends() -> None:
    assert subject_line("RE: Re: AW: [2] pothole", None, "en") == "Re: [2] pothole"
    assert subject_line("Rv: Re[2]: bache", None, "es") == "Re: bache"
    assert subject_line("Where: Elm Street", None, "en") == "Re: Where: Elm Street"
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


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://x.example/Lamp_(street).", "https://x.example/Lamp_(street)"),
        ("(see https://x.example/a)", "https://x.example/a"),
        ("(see https://x.example/Lamp_(street))", "https://x.example/Lamp_(street)"),
        ("（https://x.example/a）。", "https://x.example/a"),
        ("voir «https://x.example/a»", "https://x.example/a"),
        ("HTTPS://X.EXAMPLE/A…", "HTTPS://X.EXAMPLE/A"),
        ("[https://x.example/a?b[]=1]", "https://x.example/a?b[]=1"),
        ("“https://x.example/a”, or call", "https://x.example/a"),
        ("https://x.example/a!?", "https://x.example/a"),
        ("https://x.example/a)))", "https://x.example/a"),
        (f"see https://x.example/{'a' * 900}.", f"https://x.example/{'a' * 900}"),
    ],
)
def test_a_link_ends_where_its_address_does(text: str, link: str) -> None:
    page = html_page(text, (), "en", "Lamp")
    assert f'<a href="{link}">{link}</a>' in page and page.count("<a ") == 1


def test_telephone_numbers_and_addresses_are_plain_text() -> None:
    """No link, and mail programs are asked to make none of them: a report's number is no telephone number."""
    text = "Call +1 555 010 0100, write to help@lindenport.example, or come to 12 Elm Street. Your number is 20261102."
    page = html_page(text, (), "en", "Lamp")
    assert text in page and "<a " not in page
    assert '<meta name="format-detection" content="telephone=no, address=no, email=no, date=no">' in page
