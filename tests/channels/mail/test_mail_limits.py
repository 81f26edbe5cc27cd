"""Size and shape of mails: the work is bounded for each kind, the mail is read up to the limit, and an agent is told what is missing."""

import tracemalloc
from functools import partial

import pytest

from channels.mail.reading.html import html_text
from channels.mail.reading.limits import DEPTH, IMAGE_BYTES, PARTS, SENTENCES, TEXT_CHARACTERS, TEXT_LINES
from channels.mail.reading.parse import read_mail
from tests.channels.mail.hostile_mails import MAILS, PAGES, TEXTS, cost, ordinary_mail, ordinary_page
from tests.support.mail_side import mail, one

FACTOR = 20  # times the largest ordinary mail; what was found costs six at most, and cost a thousand before


@pytest.fixture(scope="module")
def ordinary() -> float:
    return ordinary_mail()


@pytest.fixture(scope="module")
def ordinary_html() -> float:
    return ordinary_page()


@pytest.mark.slow
@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_mail_costs_no_more_than_a_few_ordinary_ones(name: str, ordinary: float) -> None:
    raw = MAILS[name]()
    assert cost(lambda: read_mail(raw), 1) < FACTOR * ordinary


@pytest.mark.slow
@pytest.mark.parametrize("name", MAILS)
def test_reading_takes_little_memory_beside_the_mail_itself(name: str) -> None:
    raw = MAILS[name]()
    tracemalloc.start()
    try:
        read_mail(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


@pytest.mark.slow
def test_no_text_costs_more_than_a_few_ordinary_ones(ordinary: float) -> None:
    costly = [
        name for name, text in TEXTS.items() if cost(partial(read_mail, mail(text)), 1) > FACTOR * ordinary
    ]
    assert not costly


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_no_page_costs_more_than_a_few_ordinary_ones(name: str, ordinary_html: float) -> None:
    page = PAGES[name]
    assert cost(lambda: html_text(page), 1) < FACTOR * ordinary_html


def _many(part: str, count: int, **headers: str) -> bytes:
    return mail(f"--b\n{part}\n" * count + "--b--", Content_Type="multipart/mixed; boundary=b", **headers)


def _nested(levels: int) -> bytes:
    lines = [f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}' for n in range(levels)]
    return mail("", Content_Type="")[:-2] + "\n".join([*lines, "", "inmost"]).encode()


def test_what_was_left_out_is_told_to_the_agent_and_the_rest_is_kept() -> None:
    plain = one(mail("short"))
    assert (plain.text, plain.note) == ("short", None)

    lines = one(mail("a\n" * (TEXT_LINES + 1)))
    assert lines.note == SENTENCES["lines"] and (lines.text or "").count("\n") == TEXT_LINES - 1

    characters = one(mail("x" * (TEXT_CHARACTERS + 1)))
    assert characters.note == SENTENCES["characters"] and len(characters.text or "") == TEXT_CHARACTERS

    page = one(mail("<p>" + "<br>" * 70_000 + "end", Content_Type="text/html", Subject="Lamp"))
    assert page.note == SENTENCES["text_bytes"] and page.text == "Lamp"

    parts = one(_many("\nx", PARTS + 1))
    assert parts.note == SENTENCES["parts"] and (parts.text or "").startswith("x\nx")

    headers = one(mail("x", X_Long="y" * 300_000))
    assert headers.note == SENTENCES["header"] and headers.text == "x"

    assert one(_nested(DEPTH)).text == "inmost"
    deep = one(_nested(DEPTH + 1))
    assert deep.note == SENTENCES["depth"] and deep.contact == plain.contact

    photos = one(_many("Content-Type: image/png\n\nx", 6))
    assert photos.note == SENTENCES["images"] and len(photos.media) == 5

    large = one(_many("Content-Type: image/png\n\n" + "x" * (IMAGE_BYTES + 1), 1, Subject="Lamp"))
    assert large.note == SENTENCES["image_bytes"] and not large.media and large.text == "Lamp"


def test_a_cut_mail_keeps_what_came_before() -> None:
    read = read_mail(_many("Content-Type: image/png\n\nx", 2)[:-12], cut=True)
    assert read.unread == ("bytes",) and len(read.images) == 1, "half a picture is no picture"


def test_the_shape_that_mail_programs_write_is_read() -> None:
    related = "--r\nContent-Type: text/html\n\n<p>html</p>\n--r\nContent-Type: image/png; name=a.png\nContent-Disposition: attachment\n\npng\n--r--"
    alternative = f"--a\nContent-Type: text/plain\n\nplain\n--a\nContent-Type: multipart/related; boundary=r\n\n{related}\n--a--"
    body = f"preamble\n--m\nContent-Type: multipart/alternative; boundary=a\n\n{alternative}\n--m\nContent-Type: text/plain\n\nfooter\n--m--\nepilogue"
    got = read_mail(mail(body, Content_Type='multipart/mixed; boundary="m"'))
    assert got.text == "plain\nfooter" and [image.name for image in got.images] == ["a.png"]
    # Unix line ends, a boundary that is the beginning of another, a part without an end.
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bb\nstill one\n--b\n\ntwo"
    assert read_mail(raw).text == "one\n--bb\nstill one\ntwo"
    assert read_mail(mail("no parts", Content_Type="multipart/mixed")).text == "no parts"
    assert read_mail(b"From the mbox\nFrom: a@b.example\n\nx").sender == "a@b.example"
