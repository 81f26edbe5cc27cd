"""The contents of a mail: new text and pictures; anything else does no harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import (
    MalformedPayload,
)
from channels.mail.reading.html import html_text
from channels.mail.reading.parse import read_mail
from channels.mail.reading.quoting.quotes import new_text
from tests.support.mail_side import fixture, mail, one, parse

# What it says


def test_a_first_mail_says_its_subject_and_a_reply_only_what_is_new() -> None:
    first = one(fixture("text"))
    assert first.text == (
        "Pothole in Elm Street\n\nThere is a pothole in front of number 5.\n"
        "It is as wide as a wheel – please look at it."
    )
    assert first.sent_at is not None and first.sent_at.isoformat() == "2026-11-22T19:03:00+00:00"
    assert one(fixture("reply")).text == "2"
    assert first.thread["message_id"] == "<CAF-1@mail.example>"
    assert first.external_id.startswith("<CAF-1@mail.example> ")


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


def test_a_repeated_id_with_another_body_sender_or_file_is_another_mail() -> None:
    def scan(file: str) -> bytes:
        body = f"--b\nContent-Type: text/plain\n\nScan\n--b\nContent-Type: application/pdf\n\n{file}\n--b--\n"
        return mail(body, Content_Type="multipart/mixed; boundary=b")

    mails = [
        mail("a"),
        mail("b"),
        mail("a", From="bo@mail.example"),
        scan("first"),
        scan("other"),
        scan("longer one"),
    ]
    assert len({one(raw).external_id for raw in mails}) == len(mails)
    assert one(scan("first")).external_id == one(scan("first")).external_id


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
    assert one(raw).text == "see the mail I attach\n\nnot mine", (
        "a mail that answers none of ours passes it on"
    )
    answer = raw.replace(b"Subject: ", b"References: <1@lindenport.example>\r\nSubject: Re: ")
    answer = answer.replace(
        b"--b\r\nContent-Type: message", b"--b\r\n\r\nMine.\r\n--b\r\nContent-Type: message", 1
    )
    assert one(answer).text == "Mine."
    assert read_mail(mail(Content_Disposition="attachment")).text == ""
