"""What of an HTML mail a person sees: hidden words stay out, shown words stay in, links keep their address."""

import base64
import quopri
from random import Random

import pytest

from channels.base import Unshown
from channels.mail.reading.html import html_text
from tests.support.mail_side import mail, one


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0.9em", "font-size: .5em", "font-size:0.01px", "font-size:05px", "FONT-SIZE:10PX", "font-size:small",
        "visibility:visible", "display:block", "display:none;display:block", "opacity:0.8", "font-size:inherit",
        "max-height:0", "height:0", "line-height:0", "margin:0;font-size:12px", "color:black;;", "font-size:",
        "font:12px/0 a", "font:bold 1em Arial", "font:400 14px Arial", "font:inherit",
    ],
)  # fmt: skip
def test_a_style_that_hides_nothing(style: str) -> None:
    assert html_text(f'<p style="{style}">shown</p>') == "shown"


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "DISPLAY : NONE !important", "visibility:hidden", "font-size:0", "font-size:0px",
        "font-size:0.0em", "font-size: 0 !important", "color:red;display:none", "opacity:0", "mso-hide:all",
        "max-height:0;overflow:hidden", "font-size:.0pt", "font:0/0 a", "font:italic 0px Arial",
    ],
)  # fmt: skip
def test_a_style_that_hides(style: str) -> None:
    assert html_text(f'<p style="{style}">hidden</p><p>shown</p>') == "shown"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div style="font-size:0"><span style="font-size:14px">shown</span>no</div>', "shown"),
        ('<div style="font-size:0"><span style="font-size:0.9em">no</span></div>x', "x"),
        (
            '<div style="font-size:0"><p style="font-size:100%">no</p><p style="font-size:medium">yes</p></div>',
            "yes",
        ),
        ('<div style="visibility:hidden">no<b style="visibility:visible">yes</b></div>', "yes"),
        ('<div style="display:none"><b style="display:block;font-size:20px">no</b></div>x', "x"),
        ('<table style="font-size:0"><tr><td style="font-size:12px">cell</td></tr></table>', "cell"),
    ],
)
def test_what_is_inside_a_hidden_element(html: str, text: str) -> None:
    assert html_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="https://photos.example/1">this photo</a>', "this photo (https://photos.example/1)"),
        ('<a href="https://photos.example/">photos.example</a>', "photos.example"),
        ('<a href="http://www.photos.example">photos.example</a>', "photos.example"),
        ('<a href="https://photos.example/a">https://photos.example/a</a>', "https://photos.example/a"),
        ('<a href="https://evil.example/a">https://city.example</a>', "https://city.example (https://evil.example/a)"),
        ('<a href="mailto:bo@mail.example?subject=x">write</a>', "write (bo@mail.example)"),
        ('<a href="mailto:bo@mail.example">bo@mail.example</a>', "bo@mail.example"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ('<a href="https://x.example/a"><img src="p.gif"></a>see', "see"),
        (f'<a href="https://x.example/{"a" * 600}">long</a>', f"long (https://x.example/{'a' * 600})"),
        (f'<a href="https://x.example/{"a" * 2_000}">too long</a>', "too long"),
        ('<a href="//photos.example/1">photo</a>', "photo (https://photos.example/1)"),
        ('<a href="tel:+1555010">call me</a>', "call me (+1555010)"),
        ('see <a href="https://x.example/a">a</a> and <a href="https://x.example/b">b</a>.',
         "see a (https://x.example/a) and b (https://x.example/b)."),
    ],
)  # fmt: skip
def test_a_link_keeps_its_address(html: str, text: str) -> None:
    assert html_text(html) == text


STUBS = (
    "This message requires an HTML reader.",
    "Your mail program does not support HTML mails. Please open it in a browser.",
    "Su programa de correo no puede mostrar este mensaje.",
    "Ce message est au format HTML.",
)


def both(plain: str, html: str) -> bytes:
    return mail(
        f"--a\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n--a\nContent-Type: text/html; charset=utf-8\n\n{html}\n--a--\n",
        Content_Type="multipart/alternative; boundary=a",
    )


@pytest.mark.parametrize("stub", [*STUBS, "", "-- ", "\n \n"])
def test_the_html_wins_over_a_stub(stub: str) -> None:
    assert one(both(stub, "<p>The lamp at number 8 has been dark since Monday.</p>")).text == (
        "The lamp at number 8 has been dark since Monday."
    )


def test_the_html_wins_where_the_plain_version_leaves_a_link_out() -> None:
    html = '<p>The lamp is dark, see <a href="https://photos.example/1">this photo</a>.</p>'
    with_link = "The lamp is dark, see this photo (https://photos.example/1)."
    assert one(both("The lamp is dark, see this photo.", html)).text == with_link
    assert one(both("[image: a.png]", html)).text == with_link
    plain = "The lamp is dark, see this photo <https://photos.example/1>."
    assert one(both(plain, html)).text == plain


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("The lamp at 12 Elm \nStreet is dark.", "The lamp at 12 Elm Street is dark."),
        ("one \n\ntwo", "one\n\ntwo"),
        ("one\ntwo", "one\ntwo"),
        (" >not quoted", ">not quoted"),
        ("words \n> quoted \n> more", "words\n> quoted\n> more"),
    ],
)
def test_lines_that_a_program_broke_are_joined(sent: str, shown: str) -> None:
    assert one(mail(sent, Content_Type="text/plain; format=flowed")).text == shown
    assert one(mail(sent)).text == "\n".join(
        line.strip() if line[:1] == " " else line.rstrip() for line in sent.split("\n")
    )


def test_lines_of_a_script_without_spaces_are_joined_without_one() -> None:
    flowed = "text/plain; charset=utf-8; format=flowed; delsp=yes"
    assert one(mail("路灯 \n坏了", Content_Type=flowed)).text == "路灯坏了"


def test_a_version_that_is_not_shown_may_have_any_size() -> None:
    for html in (f"<p>The lamp is dark.</p>{'<br>' * 80_000}", f"{'<div>' * 3_000}The lamp is dark."):
        got = one(both("The lamp is dark.", html))
        assert (got.text, got.note) == ("The lamp is dark.", None)


def test_html_that_is_too_deep_is_named() -> None:
    deep = mail(f"{'<div>' * 3_000}deep", Content_Type="text/html")
    assert "too many elements" in (one(deep).note or "")


@pytest.mark.parametrize("plain", ["The lamp is dark.", "2", "Yes", "La farola no luce"])
def test_the_plain_version_wins_otherwise(plain: str) -> None:
    assert one(both(plain, f"<p>{plain}</p><p>Disclaimer of a company</p>")).text == plain


def test_texts_that_are_no_versions_of_each_other_are_all_kept() -> None:
    body = "--m\nContent-Type: text/plain\n\nbefore\n--m\nContent-Type: text/html\n\n<p>after</p>\n--m--\n"
    assert one(mail(body, Content_Type="multipart/mixed; boundary=m")).text == "before\nafter"


def test_a_mail_whose_boundary_is_wrong_is_still_read() -> None:
    got = one(
        mail(
            "--x\nContent-Type: text/plain\n\nThe lamp is dark.\n--x--",
            Content_Type="multipart/mixed; boundary=b",
        )
    )
    assert "The lamp is dark." in (got.text or "")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<form><p>Mine</p><textarea>typed\nhere</textarea></form>", "Mine\n\ntyped\nhere"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ('<div style="white-space:pre-wrap">a\nb</div>c', "a\nb\nc"),
        ("<p>" * 3_000 + "deep", "deep"),
        ("<details><summary>S</summary>more</details>", "S\nmore"),
        ('<a href="https://x.example/p"><img alt="the hole"></a>', "the hole (https://x.example/p)"),
        ('<img alt="a logo">words', "words"),
    ],
)
def test_nothing_that_a_person_sees_is_lost(html: str, text: str) -> None:
    assert html_text(html) == text


def test_texts_of_other_kinds_are_read_and_versions_for_programs_are_not() -> None:
    assert one(mail("Hello", Content_Type="text/markdown")).text == "Hello"
    versions = "--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: text/x-amp-html\n\n<amp>\n--b--\n"
    got = one(mail(versions, Content_Type="multipart/alternative; boundary=b"))
    assert (got.text, got.unshown) == ("Hello", ())


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n", b"\n"])
def test_what_a_script_writes_before_the_first_header_costs_nothing(before: bytes) -> None:
    assert one(before + mail("Hello")).text == "Hello"


def test_a_mail_whose_lines_end_with_cr_alone_is_read() -> None:
    assert one(mail("Hello\nthere").replace(b"\r\n", b"\r")).text == "Hello\nthere"


PGP = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe lamp.\n- -- \n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----"


def test_what_is_no_words_is_taken_out_of_the_text_and_named() -> None:
    assert one(mail(PGP)).text == "The lamp."
    secret = one(mail("-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\nRegards"))
    assert (secret.text, secret.unshown) == ("Regards", (Unshown("signed"),))
    file = one(mail("See:\nbegin 644 a.jpg\nM_]C_X\n`\nend\nThat is it."))
    assert (file.text, file.unshown) == ("See:\nThat is it.", (Unshown("document", "a.jpg"),))
    own = "We begin 644 steps away.\nbegin 644 steps\naway from it\nend\n-----BEGIN PGP MESSAGE-----"
    assert one(mail(own)).text == own


@pytest.mark.parametrize(
    ("kind", "written", "shown"),
    [
        (
            "text/enriched",
            "<bold>The lamp</bold> is <color><param>red</param>dark</color>, 3 << 5\nat Oak Street.\n\nSince Monday.",
            "The lamp is dark, 3 < 5 at Oak Street.\nSince Monday.",
        ),
        ("text/enriched", "<nofill>one\ntwo</nofill>\nthree", "one\ntwo three"),
        ("text/enriched", "a < b and <c>d", "a < b and d"),
        ("text/enriched", "dark<param>never closed", "darknever closed"),
        ("text/richtext", "The lamp<nl>is <lt>dark> <comment>by me</comment>now", "The lamp\nis <dark> now"),
    ],
)
def test_enriched_text_is_shown_without_its_commands(kind: str, written: str, shown: str) -> None:
    assert one(mail(written, Content_Type=f"{kind}; charset=utf-8")).text == shown
    versions = (
        f"--b\nContent-Type: text/plain\n\nIt is dark.\n--b\nContent-Type: {kind}\n\n{written}\n--b--\n"
    )
    assert one(mail(versions, Content_Type="multipart/alternative; boundary=b")).text == "It is dark."


@pytest.mark.parametrize("size", [30_000, 500_000])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_picture_inside_the_html_is_named_and_hides_no_words(size: int, encoding: str) -> None:
    photo = base64.b64encode(bytes(size)).decode()
    html = f'<p>The hole:</p><img src="data:image/jpeg;base64,{photo}"><p>at Oak Street.</p><img src="data:image/png;base64,AAAA">'
    body = {
        "8bit": html,
        "base64": base64.encodebytes(html.encode()).decode(),
        "quoted-printable": quopri.encodestring(html.encode()).decode(),
    }
    got = one(
        mail(body[encoding], Content_Type="text/html; charset=utf-8", Content_Transfer_Encoding=encoding)
    )
    assert got.text == "The hole:\n\nat Oak Street."
    assert got.unshown == (Unshown("photo"),)


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_damaged_pictures_inside_the_html_harm_nothing(encoding: str) -> None:
    pieces = (
        "data:image/png;base64,",
        "data:image/png;base64",
        "data:image/",
        "AAAA" * 20_000,
        "é%3D=",
        "<p>",
        "=\n",
        "\x80",
    )
    for seed in range(40):
        drawn = Random(seed)
        body = "".join(drawn.choice(pieces) for _ in range(30))
        got = one(
            mail(f"<p>The lamp</p>{body}", Content_Type="text/html", Content_Transfer_Encoding=encoding)
        )
        assert got.kind == "message" and (encoding == "base64" or (got.text or "").startswith("The lamp"))
