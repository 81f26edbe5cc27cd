"""What a text mentions. The tiny project's city has five streets and two services."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.project import load_project
from bot.understanding.entities.component import CityEntities
from bot.understanding.entities.dates import find_dates
from bot.understanding.spelling.correct import NOTHING, Corrector, distance, slips
from bot.understanding.text import Normaliser, fold, has_words, tokens
from tests.bot.fixtures import tiny_city

FRIDAY = date(2026, 11, 20)
TABLE = yaml.safe_load((Path(__file__).parent.parent / "texts" / "entities.yml").read_text(encoding="utf-8"))


@pytest.fixture
def city(project: Path) -> CityEntities:
    return CityEntities(load_project())


def found(city: CityEntities, text: str, name: str, language: str = "en") -> list[Any]:
    metadata = {"now": f"{FRIDAY}T10:00:00Z", "language": language}
    return [entity["value"] for entity in city.find(text, metadata) if entity["entity"] == name]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 Mill Lane", "12 Mill Lane"),
        ("it is at 12b mill lane please", "12B Mill Lane"),
        ("12 Mil Lane", "12 Mill Lane"),
        ("mill ln 12", "12 Mill Lane"),
        ("Mill Lane, no. 12", "12 Mill Lane"),
        ("calle Mill nº 12", "12 Mill Lane"),
        ("c/ Mill 12", "12 Mill Lane"),
        ("12, rue Mill", "12 Mill Lane"),
        ("harbor stret 4", "4 Harbour Street"),
        ("Harbour St.", "Harbour Street"),
        ("NORTHGATE 7", "7 Northgate"),
        ("opposite number 12 on Mill Lane", "12 Mill Lane"),
        ("frente al 12 de Mill Lane", "12 Mill Lane"),
        ("I saw 3 on Mill Lane", "Mill Lane"),
        ("corner of Mill Lane and Elm St", "Mill Lane / Elm Street"),
        ("esquina de Mill Lane con Elm Street", "Mill Lane / Elm Street"),
        ("Mill Lane 3 days ago", "Mill Lane"),
        ("2 potholes on Mill Lane", "Mill Lane"),
    ],
)
def test_addresses(city: CityEntities, text: str, value: str) -> None:
    assert found(city, text, "address") == [value]


@pytest.mark.parametrize(
    "text", ["the hill", "a castle on a hill", "milk and bread", "lane closed", "", "12", "elm"]
)
def test_no_address(city: CityEntities, text: str) -> None:
    assert found(city, text, "address") == []


@pytest.mark.parametrize(
    "text", ["SR-7K2P-Q9XM", "my number is sr-7k2p-q9xm.", "SR 7K2P Q9XM", "sr7k2pq9xm", "SR–7K2P–Q9XM"]
)
def test_references(city: CityEntities, text: str) -> None:
    assert found(city, text, "reference") == ["SR-7K2P-Q9XM"]
    assert found(city, text, "phone") == []


@pytest.mark.parametrize("text", ["Sr Juan Pepe", "SR-7K2P", "XSR-7K2P-Q9XM", "SR-7K2P-Q9XM2"])
def test_no_reference(city: CityEntities, text: str) -> None:
    assert found(city, text, "reference") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("a POTHOLE", "pothole"), ("potole here", "pothole"), ("un bache", "pothole"), ("hole in the road", "pothole"),
     ("la farola", "street_light"), ("las farolas", "street_light")],
)  # fmt: skip
def test_services(city: CityEntities, text: str, value: str) -> None:
    assert found(city, text, "service") == [value]


def test_email_and_phone(city: CityEntities) -> None:
    text = "Ana.Diaz@Example.org or +1 (212) 555-0199, since 2026-11-01"
    assert found(city, text, "email") == ["ana.diaz@example.org"]
    assert found(city, text, "phone") == ["+1 (212) 555-0199"]
    assert found(city, text, "date") == ["2026-11-01"]


def test_offsets_are_those_of_the_text(city: CityEntities) -> None:
    text = "ÉÉ 🙂 bache en 12 Mil Lane"
    spans = {entity["entity"]: text[entity["start"] : entity["end"]] for entity in city.find(text, {})}
    assert spans == {"service": "bache", "street": "12 Mil Lane", "address": "12 Mil Lane"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 June", date(2026, 6, 12)), ("May 12th, 2027", date(2027, 5, 12)), ("3 de enero", date(2027, 1, 3)),
        ("le 1er août", date(2026, 8, 1)), ("5/6/2026", date(2026, 5, 6)), ("25/12", date(2026, 12, 25)),
    ],
)  # fmt: skip
def test_dates(text: str, day: date) -> None:
    assert [found for _, _, found in find_dates(text, FRIDAY, month_first=True)] == [day]


@pytest.mark.parametrize("text", ["31/2/2026", "99/99", "3.50", "10.30", "may I ask", ""])
def test_no_dates(text: str) -> None:
    assert find_dates(text, FRIDAY, month_first=False) == []


@pytest.mark.parametrize(
    "text", ["+" * 4000, "1-" * 2000, "a.@" * 1300, "(" * 4000, "12/" * 1300, "é" * 4000, "sr " * 1300]
)
def test_hostile_texts_take_linear_work(city: CityEntities, text: str) -> None:
    """A count of what is looked at, not of seconds: a slow machine must not fail this."""
    assert len(tokens(text)) <= len(text)
    assert len(city.find(text, {})) <= len(text)


def test_strange_words_do_not_stay_in_memory(city: CityEntities) -> None:
    known = len(city._streets._vocab.strings)
    for number in range(100):
        city.find(f"word{number}abc on xyz{number} street", {})
    assert len(city._streets._vocab.strings) <= known + 2


def test_corrections() -> None:
    correct = Corrector(["harbour", "mill", "elm", "lighthouse"])
    assert [correct(word) for word in ("harbor", "habrour", "mil", "ligthouse", "lihgthuoes")] == [
        "harbour", "harbour", "mill", "lighthouse", NOTHING
    ]  # fmt: skip
    assert [correct(word) for word in ("hill", "ell", "milk2", "", "x" * 30)] == [NOTHING] * 5
    assert distance("harbor", "harbour") == 1
    assert distance("abcd", "abdc") == 1


WORDS = st.text("abc", min_size=3, max_size=11)


@settings(max_examples=200, deadline=None)
@given(st.sets(WORDS, min_size=1, max_size=30), WORDS)
def test_the_word_that_was_meant_is_found_as_by_looking_at_all(known: set[str], typed: str) -> None:
    near = [(distance(typed, word), word) for word in known if len(word) >= 4 and word[0] == typed[0]]
    meant = min(((d, word) for d, word in near if d <= slips(word)), default=(0, NOTHING))[1]
    assert Corrector(known)(typed) == (typed if typed in known else meant)


def test_texts_are_made_alike() -> None:
    normalise = Normaliser([r"SR-[0-9A-Z]{4}-[0-9A-Z]{4}"])
    assert normalise("  What of SR-7K2P-Q9XM\u200b? ") == "what of reference number ?"
    assert normalise("ana@example.org 12 https://x.example/y") == "e-mail 00 link"
    assert len(normalise("x" * 10_000)) < 900
    assert fold("Ñandú ﬁ İ") == "nandu ﬁ i"
    assert len(fold("İstanbul ﬁne ß")) == len("İstanbul ﬁne ß")
    assert [has_words(text) for text in ("🙂", "?!", "", "a", "4", "ب")] == [
        False,
        False,
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [(language, text, wanted) for language, rows in TABLE.items() for text, wanted in rows.items()],
)
def test_the_table_of_examples(city: CityEntities, language: str, text: str, wanted: dict[str, str]) -> None:
    metadata = {"now": "2026-11-20T15:00:00Z", "language": language}
    assert {e["entity"]: e["value"] for e in city.find(text, metadata) if e["entity"] != "service"} == wanted


def test_tomorrow_begins_at_midnight_in_the_city(city: CityEntities) -> None:
    """Three in the morning of Saturday in UTC is Friday evening in New York."""
    found = city.find("tomorrow", {"now": "2026-11-21T03:00:00+00:00"})
    assert [entity["value"] for entity in found] == ["2026-11-21"]


def test_without_the_desks_time_the_clock_is_asked(project: Path) -> None:
    entities = CityEntities(load_project(), clock=lambda: datetime(2026, 11, 21, 3, tzinfo=ZoneInfo("UTC")))
    assert [entity["value"] for entity in entities.find("today", {})] == ["2026-11-20"]


_PIECES = st.sampled_from(
    [text for rows in TABLE.values() for text in rows]
    + ["12", "$", "h", " a las ", "/", "-", "martes", "ago", "@x.y", "€"]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=6).map(" ".join)), day=st.dates())
def test_whatever_is_written_what_is_found_stands_in_the_text(
    property_city: CityEntities, text: str, day: date
) -> None:
    for entity in property_city.find(text, {"now": f"{day}T12:00:00"}):
        assert 0 <= entity["start"] < entity["end"] <= len(text)
        if entity["entity"] == "date":
            date.fromisoformat(entity["value"])
        if entity["entity"] == "time":
            datetime.strptime(entity["value"], "%H:%M")
        if entity["entity"] == "amount":
            assert float(entity["value"].split()[0]) >= 0


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), weekday=st.sampled_from(["tuesday", "martes", "mardi"])
)
def test_next_is_within_a_week_and_never_today(property_city: CityEntities, day: date, weekday: str) -> None:
    said = {"tuesday": "next tuesday", "martes": "el próximo martes", "mardi": "mardi prochain"}[weekday]
    (entity,) = property_city.find(said, {"now": f"{day}T12:00:00"})
    found = date.fromisoformat(entity["value"])
    assert found.weekday() == 1
    assert 1 <= (found - day).days <= 7


@settings(max_examples=100, deadline=None, derandomize=True)
@given(day=st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_a_written_day_is_read_back(property_city: CityEntities, day: date) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"):
        found = property_city.find(text, {"language": "es"})
        assert [e["value"] for e in found if e["entity"] == "date"] == [day.isoformat()], text


_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre"),
    *("octubre", "noviembre", "diciembre"),
)


@pytest.fixture(scope="module")
def property_city() -> CityEntities:
    with tiny_city():
        return CityEntities(load_project())
