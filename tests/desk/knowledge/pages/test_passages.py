"""A page is cut into passages by its headings, word for word."""

from datetime import date

import pytest

from desk.knowledge.pages.passages import LONGEST, MOST_PASSAGES, read_page, shown

PAGE = b"""<!doctype html><html lang="es-MX"><head><title>Piscinas \xe2\x80\x93 Ciudad</title>
<meta name="dcterms.modified" content="2026-05-04T10:00:00Z"></head><body>
<header><p>Everything about the city is in here and everywhere</p></header><nav><a>Home and all the other pages</a></nav>
<main><h1>Piscinas <b>municipales</b></h1><p>Abren de mayo&nbsp;a <em>septiembre</em>, todos los d\xc3\xadas.</p>
<p><a><span>Llame</span><span>al</span></a> 555-0100 si llueve</p><h2>Precios</h2><table><tr><th>Adultos</th><td>5 euros</td></tr><tr><th>Menores de edad</th><td>2 euros</td></tr></table>
<script>alert("Never read this text anywhere")</script><p>Hoy: {{ price }} euros por persona y d\xc3\xada</p>
<ul><li><a href="/x">All the prices of the city</a></li></ul><form><label>Search everything in this city</label></form><h3>Empty</h3></main><footer>All rights are reserved</footer></body>"""


def test_headings_cut_and_navigation_is_left_out() -> None:
    page = read_page(PAGE)
    assert (page.title, page.language, page.changed_on) == ("Piscinas – Ciudad", "es", date(2026, 5, 4))
    assert [(one.heading, one.text) for one in page.passages] == [
        ("Piscinas municipales", "Abren de mayo a septiembre, todos los días.\nLlame al 555-0100 si llueve"),
        ("Precios", "Adultos 5 euros\nMenores de edad 2 euros"),
    ]


def test_long_texts_are_cut_between_paragraphs_or_sentences() -> None:
    sentence = b"The pool opens at seven in the morning and closes late at night. "
    html = b"<h1>Pool</h1><p>" + sentence * 40 + b"</p>" + b"<p>" + sentence * 2 + b"</p>"
    passages = read_page(html).passages
    assert len(passages) > 2
    assert all(len(one.text) <= LONGEST and one.text.endswith(".") for one in passages)
    assert " ".join(one.text for one in passages).split() == (sentence * 42).decode().split()


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"\xff\xfe\x00",
        b"<main>",
        b"<p>short",
        b"<div>" * 5_000 + b"a hidden text of the deep",
        b"<table><tr><td>" * 900,
    ],
    ids=["empty", "binary", "main", "short", "deep", "tables"],
)
def test_whatever_comes_is_read(html: bytes) -> None:
    assert len(read_page(html).passages) <= MOST_PASSAGES


def test_a_page_that_search_engines_must_not_show_says_so() -> None:
    assert read_page(b'<meta name="robots" content="noindex, nofollow"><p>text').hidden
    assert not read_page(PAGE).hidden


def test_a_long_passage_is_shown_in_whole_sentences() -> None:
    text = "One is here. Two is there. Three is nowhere."
    assert shown(text, 100) == text
    assert shown(text, 30) == "One is here. Two is there. …"
    assert shown("word " * 20, 12) == "word word …"
