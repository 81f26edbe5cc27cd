"""Texts of lookups and news: composed in every language, with their own source; a question below an answer."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from city import City
from city.lookups import load_lookups
from desk.knowledge.catalogue import Catalog
from desk.model import Reply

TODAY = date(2026, 11, 22)
LANGUAGES = ("en", "es", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_found_value_cites_its_source(catalog: Catalog, language: str) -> None:
    said = {"street": "Mill Lane", "day": "Tuesday", "next": "Tuesday, November 24"}
    composed = catalog.compose(Reply("lookup_bin_day_found", variables=said), language, today=TODAY)
    assert "Mill Lane" in composed.text and "{" not in composed.text
    assert composed.source and composed.source.url.endswith("/waste/collection-days")
    assert composed.source.reviewed_on == date(2026, 10, 5) and not composed.source.stale


def test_old_data_is_marked(catalog: Catalog) -> None:
    said = {"street": "Mill Lane", "day": "Tuesday", "next": "Tuesday, November 24"}
    composed = catalog.compose(Reply("lookup_bin_day_found", variables=said), "en", today=date(2028, 1, 1))
    assert composed.source and composed.source.stale


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_stands_below_the_answer_in_one_message(catalog: Catalog, language: str) -> None:
    alone = catalog.compose(Reply(answer="bin_collection"), language, today=TODAY)
    both = catalog.compose(Reply("lookup_bin_day_ask", "bin_collection"), language, today=TODAY)
    assert both.text.startswith(alone.text) and both.text.endswith("?")
    assert (both.buttons, both.source) == (alone.buttons, alone.source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failed_lookup_gives_the_answer_first(catalog: Catalog, language: str) -> None:
    alone = catalog.compose(Reply(answer="bin_collection"), language, today=TODAY)
    both = catalog.compose(Reply("lookup_bin_day_failed", "bin_collection"), language, today=TODAY)
    assert both.text.startswith(alone.text + "\n\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_news_name_their_date(catalog: Catalog, language: str) -> None:
    composed = catalog.compose(Reply("news_harbour_street"), language, today=TODAY)
    assert "16" in composed.text.splitlines()[0]
    assert composed.source and composed.source.reviewed_on == date(2026, 11, 16)


def test_what_is_not_translated_is_given_in_the_first_language_with_a_note(city: City) -> None:
    grown = msgspec.structs.replace(city, languages=(*city.languages, "pt"), translating=("pt",))
    catalog = Catalog.load("content", grown)
    said = {"street": "Mill Lane", "day": "Tuesday", "next": "Tuesday, November 24"}
    composed = catalog.compose(Reply("lookup_bin_day_found", variables=said), "pt", today=TODAY)
    assert "The bin on Mill Lane" in composed.text and not composed.text.startswith("The bin")
    both = catalog.compose(Reply("lookup_bin_day_ask", "bin_collection"), "pt", today=TODAY)
    assert both.text == catalog.compose(Reply(answer="bin_collection"), "pt", today=TODAY).text


def test_every_text_of_every_lookup_is_there(catalog: Catalog, city: City) -> None:
    lookups = load_lookups(Path("content/lookups"), city.languages)
    assert lookups
    for lookup in lookups.values():
        for name in lookup.text_names():
            assert set(city.languages) <= catalog.responses[lookup.response(name)].texts.keys()
