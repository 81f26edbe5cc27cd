"""Pictures are recognised by their content, not by their label; small ones only count if the mail has no text."""

import base64

import pytest

from channels.base import Unshown
from channels.mail.reading.images import picture_type
from channels.mail.reading.parse import read_image, read_mail
from tests.support.mail_side import mail, one

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "


def with_part(kind: str, content: bytes, more: str = "", words: str = "See the picture.") -> bytes:
    text = f"--b\nContent-Type: text/plain\n\n{words}\n" if words else ""
    body = (
        f"{text}--b\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n{more}\n"
        f"{base64.b64encode(content).decode()}\n--b--\n"
    )
    return mail(body, Subject="See the picture", Content_Type="multipart/mixed; boundary=b")


@pytest.mark.parametrize(
    ("kind", "content", "known_as"),
    [
        ("image/jpg; name=a.jpg", JPEG, "image/jpeg"),
        ("image/pjpeg", JPEG, "image/jpeg"),
        ("image/x-png", PNG, "image/png"),
        ("application/octet-stream; name=photo", JPEG, "image/jpeg"),
        ("application/force-download; name=a.dat", PNG, "image/png"),
        ("binary/octet-stream", WEBP, "image/webp"),
        ("image/png; name=really.png", JPEG, "image/jpeg"),
        ("application/octet-stream; name=IMG_1.HEIC", HEIC, "image/heic"),
        ("image/heic", HEIC, "image/heic"),
        ("nonsense", JPEG, None),  # no type at all is a text
    ],
)
def test_the_content_decides(kind: str, content: bytes, known_as: str | None) -> None:
    raw = with_part(kind, content, "Content-Disposition: attachment\n")
    found = [ref.content_type for ref in one(raw).media]
    assert found == ([known_as or "image/jpeg"] if known_as or found else [])
    if known_as:
        assert read_image(raw, 0) == content


def test_what_is_no_picture_is_named_to_the_agent() -> None:
    got = one(with_part("application/pdf; name=letter.pdf", b"%PDF-1.7", "Content-Disposition: attachment\n"))
    assert not got.media and got.unshown == (Unshown("document", "letter.pdf"),)
    alone = one(with_part("application/pdf; name=letter.pdf", b"%PDF-1.7", words=""))
    assert alone.text == "See the picture", "the subject is all that was said"


def test_a_file_that_arrived_empty_is_named() -> None:
    empty = with_part("image/heic", b"", 'Content-Disposition: attachment; filename="IMG_1.HEIC"\n')
    assert one(empty).unshown == (Unshown("photo", "IMG_1.HEIC"),)


def test_pictures_beyond_the_limit_are_told_to_their_author() -> None:
    parts = "".join(
        f"--b\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n{base64.b64encode(JPEG).decode()}\n"
        for _ in range(6)
    )
    got = one(mail(f"{parts}--b--\n", Content_Type="multipart/mixed; boundary=b"))
    assert (
        len(got.media) == 5 and got.unshown == (Unshown("more_photos"),) and "more than 5" in (got.note or "")
    )


def test_a_picture_that_calls_itself_a_text_is_a_picture() -> None:
    got = one(with_part("text/plain; name=a.jpg", JPEG))
    assert got.text == "See the picture." and [ref.content_type for ref in got.media] == ["image/jpeg"]


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("application/ms-tnef; name=winmail.dat", Unshown("document", "winmail.dat")),
        ("application/octet-stream; name=encrypted.asc", Unshown("signed", "encrypted.asc")),
    ],
)
def test_a_wrapped_mail_is_never_silent(kind: str, named: Unshown) -> None:
    assert one(with_part(kind, b"\x78\x9f\x3e\x22")).unshown == (named,)


def test_a_picture_of_an_unknown_kind_is_passed_on_so_that_its_author_is_told() -> None:
    assert [ref.content_type for ref in one(with_part("image/tiff", b"II*\x00")).media] == ["image/tiff"]


INLINE = "Content-ID: <p@x>\nContent-Disposition: inline; filename=hole.jpg\n"


def test_a_small_picture_inside_a_text_is_a_logo_and_alone_it_is_the_message() -> None:
    assert not one(with_part("image/jpeg", JPEG, INLINE)).media
    assert len(one(with_part("image/jpeg", JPEG, INLINE, words="")).media) == 1
    assert len(one(with_part("image/jpeg", JPEG, INLINE, words="<br>")).media) == 0
    for words in ("Sent from my iPhone", "-- \nAna Diaz\n12 Elm Street", "--\nAna Diaz"):
        alone = one(with_part("image/jpeg", JPEG, INLINE, words=words))
        assert (len(alone.media), alone.text) == (1, "See the picture"), words
        assert words.split("\n")[-1] in (alone.note or ""), "an agent still sees it"
    large = JPEG + b"\x00" * 30_000
    assert len(one(with_part("image/jpeg", large, INLINE)).media) == 1


def test_a_picture_keeps_its_number_among_all_of_the_mail() -> None:
    def one_part(content: bytes, more: str) -> str:
        encoded = base64.b64encode(content).decode()
        return f"--b\nContent-Type: image/x\nContent-Transfer-Encoding: base64\n{more}\n{encoded}\n"

    body = f"--b\nContent-Type: text/plain\n\nHello\n{one_part(PNG, INLINE)}{one_part(JPEG, '')}--b--\n"
    raw = mail(body, Content_Type="multipart/mixed; boundary=b")
    (shown,) = read_mail(raw).images
    assert shown.number == 1 and read_image(raw, shown.number) == JPEG and read_image(raw, 2) is None


def test_no_bytes_are_a_picture_by_accident() -> None:
    for begin in (b"", b"\xff\xd8", b"GIF", b"RIFF", b"\x00\x00\x00\x18ftypmp42", b"%PDF"):
        assert picture_type(begin) is None
