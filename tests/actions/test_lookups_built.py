"""Lookups are built from their files: tables are read strictly, a service's address may come from the environment."""

from pathlib import Path

import aiohttp
import msgspec
import pytest

from actions.lookup.lookups import build_lookups, check_topics
from actions.lookup.source import Place
from actions.lookup.table import Table
from city import CityError, load_city
from city.lookups import Service, load_lookups
from tests.support.json_service import json_peer

CITY = load_city("city.yml")
FOLDER = Path("content/lookups")
BIN_DAY = load_lookups(FOLDER, CITY.languages)["bin_day"]


async def test_a_row_is_found_however_the_street_is_written(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('\ufeffstreet, day\nRue de l\'Église, monday\n"Park, Row",friday\n', encoding="utf-8")
    table = Table.load(path)
    assert await table.find(Place("rue de l'eglise", "")) == {"street": "Rue de l'Église", "day": "monday"}
    assert await table.find(Place("Park, Row", "")) == {"street": "Park, Row", "day": "friday"}
    assert await table.find(Place("Mill Lane", "")) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "needs a line of column names"),
        ("street\nMill Lane\n", "needs a line of column names"),
        ("street,day\nMill Lane\n", "line 2"),
        ("street,day\nMill Lane,monday,x\n", "line 2"),
        ("street,day\nMill Lane,monday\nmill  lane,friday\n", "line 3.*twice"),
        ("street,day\n,monday\n", "line 2.*empty"),
        ('street,day\n"Mill Lane,monday\n', "cannot be read as a table"),
    ],
)
def test_a_wrong_table_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CityError, match=sentence):
        Table.load(path)


async def test_a_weekday_that_is_none_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "bin_day.csv").write_text("street,day\nMill Lane,tusday\n", encoding="utf-8")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(CityError, match="'tusday' in the column 'day' is no weekday"):
            build_lookups(CITY, {"bin_day": BIN_DAY}, tmp_path, session)


def test_a_lookup_for_no_answer_stops_the_start() -> None:
    with pytest.raises(CityError, match="'bin_collection', which is no answer"):
        check_topics({"bin_day": BIN_DAY}, frozenset({"passport"}))


async def test_a_services_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Service(url="https://data.example/{street}", values={"day": "day"}, url_env="LOOKUP_URL")
    lookup = msgspec.structs.replace(BIN_DAY, table=None, service=asked)
    async with json_peer() as peer, aiohttp.ClientSession() as session:
        peer.answers('{"day": "wednesday"}')
        monkeypatch.setenv("LOOKUP_URL", f"{peer.url}/streets?name={{street}}&at={{address}}")
        keyed = build_lookups(CITY, {"bin_day": lookup}, FOLDER, session).named("bin_day")
        assert keyed and await keyed.source.find(Place("Mill Lane", "12 Mill Lane")) == {"day": "wednesday"}
        assert peer.paths == ["/streets?name=Mill%20Lane&at=12%20Mill%20Lane"]
