"""A draft is looked through while it is written: links that are gone, a first sentence that is no answer, somebody's data."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec.structs import replace

from desk.knowledge.pages.fetching import Fetched, Gone, PageFetcher
from desk.knowledge.publishing.checking import hints
from desk.knowledge.publishing.link_hints import link_hints, links_of
from desk.knowledge.publishing.links import AGAIN, LinkChecks
from desk.media.fetch import NotFetched
from tests.support.answers_office import ID, Office

PAGES = {
    "/gone": Gone("HTTP 404", 404),
    "/login": Gone("HTTP 403", 403),
    "/down": NotFetched("OSError", again=True),
}
ROOT = "https://www.lindenport.gov"


class Web(PageFetcher):
    """Pages that a test names; the way to real ones is tested with the city's own pages."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    @asynccontextmanager
    async def begin(self, hosts: Sequence[str], *, crawling: bool = True) -> AsyncIterator[Any]:
        assert hosts == ["www.lindenport.gov"], "no other host may be asked"
        yield self

    async def get(self, url: str) -> Fetched:
        self.asked.append(url.removeprefix(ROOT))
        if self.asked[-1] in PAGES:
            raise PAGES[self.asked[-1]]
        return Fetched(b"")


async def test_links_are_looked_at_in_the_background_and_bad_ones_named(office: Office) -> None:
    text = f"{office.ours.seed[ID].texts['en'].text}\n\nSee {ROOT}/here, {ROOT}/gone, {ROOT}/login and {ROOT}/down."
    await office.write(text)
    there = Web()
    checks = LinkChecks(office.store, there, office.clock)
    assert await checks.check() == 4 and await checks.check() == 0
    assert there.asked == ["/down", "/gone", "/here", "/login"]
    body = (await office.drafts.get(office.ada, ID)).body
    down, gone = await link_hints(office.store.pool, body)
    assert down.startswith(f"{ROOT}/down could not be reached, since ")
    assert gone.startswith(f"{ROOT}/gone leads to no page any more, since ")
    office.clock.shift += AGAIN * 1.1
    assert await checks.check() == 4
    assert await link_hints(office.store.pool, body) == [down, gone], "it has been so since the first time"
    await office.write("Nothing is linked here.")
    await checks.check()
    assert await office.store.pool.fetchval("SELECT count(*) FROM answer_links") == 0


def test_links_of_an_answer_are_found_and_made_up_names_left_out() -> None:
    body = {
        "source": "https://www.city.gov/rats",
        "texts": {"en": {"text": "See https://www.city.gov/a_(b). Or (https://x.example/y)!", "parts": {}}},
    }
    assert list(links_of(body)) == ["https://www.city.gov/rats", "https://www.city.gov/a_(b"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Welcome to the page about rats. Call us.", "should be the answer"),
        ("Do you have rats? Call us.", "should be the answer"),
        ("Write to maria@home.net about rats.", "e-mail address"),
        ("Call 555 010 9988 and ask for Maria.", "long number"),
        ("Report rats on the city website.", None),
    ],
)
async def test_what_wants_a_look_is_said(office: Office, text: str, said: str | None) -> None:
    answer = office.ours.seed[ID]
    english = replace(answer.texts["en"], text=text, parts={})
    found = [one for one in hints(replace(answer, texts={"en": english})) if one.startswith("English")]
    assert said in " ".join(found) if said else not found


async def test_numbers_that_differ_are_named_with_their_languages(office: Office) -> None:
    answer = office.ours.seed[ID]
    english = replace(answer.texts["en"], text="It takes 77 days.")
    spanish = replace(answer.texts["es"], text="Son 78 días.")
    found = hints(replace(answer, texts={"en": english, "es": spanish}))
    assert "English and Spanish differ in 77, 78 (English has 77, Spanish has 78)." in found
