"""Files of content/lookups and content/news: the real ones load, wrong ones are named by file and field."""

from datetime import date
from pathlib import Path

import pytest

from city import CityError, load_city
from city.lookups import by_answer, load_lookups
from city.news import load_news

LANGUAGES = ("en", "es", "fr")
CONTENT = Path("content")
STREETS = {line for line in Path("content/streets.txt").read_text("utf-8").splitlines() if line}


def copy(tmp_path: Path, name: str) -> Path:
    path = tmp_path / Path(name).name
    path.write_text((CONTENT / name).read_text("utf-8"), "utf-8")
    return path


def test_the_real_lookups_cover_every_street() -> None:
    lookups = load_lookups(CONTENT / "lookups", LANGUAGES)
    tables = [lookup.table for lookup in lookups.values() if lookup.table]
    assert tables
    for table in tables:
        lines = (CONTENT / "lookups" / table).read_text("utf-8").splitlines()
        assert {line.partition(",")[0] for line in lines[1:]} == STREETS, table


def test_their_topics_have_answers() -> None:
    answers = {path.stem for path in (CONTENT / "answers").glob("*.yml")}
    assert by_answer(load_lookups(CONTENT / "lookups", LANGUAGES)).keys() <= answers
    assert all(set(item.topics) <= answers for item in load_news(CONTENT / "news", LANGUAGES).values())


def test_a_city_without_lookups_and_news(tmp_path: Path) -> None:
    assert load_lookups(tmp_path / "none", LANGUAGES) == {} and load_news(tmp_path / "none", LANGUAGES) == {}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("id: bin_day", "id: other", "must be the file's name"),
        ("table: bin_day.csv", "table: ../city.yml", "a file beside"),
        ("table: bin_day.csv", "hours: {}\ntable: bin_day.csv", "give one of"),
        (
            "table: bin_day.csv",
            "service: {url: 'http://x/{street}', values: {day: d}}",
            "must begin with https",
        ),
        ("as_of: 2026-10-05", "as_of: soon", "as_of"),
        ("source: https", "where: https", "unknown field|source"),
        ("  failed: Ahora", "  wrong: Ahora", "'es.failed' is missing"),
        ("\nfr:", "\nfrench:", "fr|french"),
        ("La próxima recogida es el {next}", "La próxima es el {date}", "'es.found' has other variables"),
        ("  es: [cuando, que dia", "  pt: [cuando, que dia", "'words.es' is missing"),
        ("table: bin_day.csv\n", "hours: {}\n", "'parts' are for"),
        ("id: bin_day", "id: [", "not valid YAML near line"),
    ],
)
def test_a_wrong_lookup_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    path = copy(tmp_path, "lookups/bin_day.yml")
    load_lookups(tmp_path, LANGUAGES)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CityError, match=sentence) as wrong:
        load_lookups(tmp_path, LANGUAGES)
    assert "bin_day.yml" in str(wrong.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("until: 2026-12-18", "until: 2026-11-01", "lies before"),
        ("from: 2026-11-16", "from: soon", "from"),
        ("topics: [road_closures, public_transport, snow]", "topics: []", "'topics' is empty"),
        ("id: harbour_street", "id: other", "must be the file's name"),
        ("  title: Harbour Street cortada", "  titulo: Harbour Street cortada", "'es.title' is missing"),
        ("id: harbour_street", "id: [", "cannot be read as YAML"),
    ],
)
def test_a_wrong_news_item_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    path = copy(tmp_path, "news/harbour_street.yml")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CityError, match=sentence):
        load_news(tmp_path, LANGUAGES)


def test_news_are_current_on_their_first_and_last_day() -> None:
    item = load_news(CONTENT / "news", LANGUAGES)["harbour_street"]
    days = [date(2026, 11, 15), date(2026, 11, 16), date(2026, 12, 18), date(2026, 12, 19)]
    assert [item.current(day) for day in days] == [False, True, True, False]


def test_a_country_whose_holidays_nobody_knows(tmp_path: Path) -> None:
    text = Path("city.yml").read_text("utf-8")
    path = tmp_path / "city.yml"
    for wrong in ("country: QQ", "country: US\nsubdivision: Atlantis"):
        path.write_text(text.replace("country: US", wrong, 1), "utf-8")
        with pytest.raises(CityError, match="no public holidays are known"):
            load_city(path)
