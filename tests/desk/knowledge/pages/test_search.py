"""Where there is no answer, the city's pages are shown word for word, and only what fits; nothing else changes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from city import City
from desk.knowledge.pages import search
from desk.knowledge.pages.search import PageSearch, passages_text
from desk.knowledge.pages.vectors import signs_of
from desk.model import Reply, ReplyButton, TurnAnswer
from desk.store.knowledge import pages
from desk.store.knowledge.pages import NewPassage
from desk.store.pool import Store
from tests.support.desk import Desk
from tests.support.embedding import Embedder, vector_of
from tests.support.fake_bot import says

NOW = datetime(2026, 11, 30, tzinfo=UTC)
POOL = "The pool opens at seven in the morning, and children swim free on Sundays."
NONE = TurnAnswer(UUID(int=1), (Reply("utter_out_of_scope"),), (), "en", "nlu_fallback", 0.1, {}, None)


async def add(store: Store, name: str, title: str, *passages: tuple[str, str], language: str = "en") -> None:
    async with store.transaction() as transaction:
        await pages.set_page(
            transaction, f"https://www.lindenport.example/{name}", title, language, date(2026, 11, 2), "digest",
            None, None, NOW, [NewPassage(heading, text) for heading, text in passages],
        )  # fmt: skip
        await pages.set_words(transaction)
    waiting = await pages.list_without_vector(store.pool, 50)
    made = [(id, vector_of(text), signs_of(vector_of(text))) for id, text in waiting]
    await pages.set_vectors(store.pool, made)


@pytest.fixture
async def site(store: Store) -> Store:
    await add(
        store,
        "pools",
        "Swimming pools",
        ("Opening times", POOL),
        ("Prices", "Adults pay five dollars for a day."),
    )
    await add(store, "dogs", "Dogs", ("Licence", "Every dog in the city needs a licence and a tag."))
    await add(store, "trees", "Trees", ("Felling", "Nobody may fell a tree on a street without our consent."))
    return store


@pytest.mark.parametrize("embeds", [Embedder(), None], ids=["with vectors", "words alone"])
async def test_the_passage_that_fits_is_found_and_nothing_else(
    site: Store, city: City, embeds: Embedder | None
) -> None:
    search_in = PageSearch(site.pool, city, embeds)
    vector = vector_of("when does the swimming pool open?") if embeds else None
    found = await search_in.find("when does the swimming pool open?", "en", vector)
    assert [(one.title, one.heading, one.text) for one in found] == [
        ("Swimming pools", "Opening times", POOL)
    ]
    assert (
        await search_in.find(
            "which party shall I vote for?", "en", vector and vector_of("which party shall I vote for?")
        )
        == []
    )


async def test_another_language_is_found_by_what_it_means(site: Store, city: City) -> None:
    assert await PageSearch(site.pool, city, None).find("¿abre piscina?", "es", None) == []
    vectors = await pages.list_alike(site.pool, signs_of(vector_of("¿abre piscina?")), 1)
    assert [one.text for one in vectors] == [POOL]


async def test_while_the_bot_gives_no_vector_words_decide(site: Store, city: City) -> None:
    embeds = Embedder()
    embeds.away = True
    told = await PageSearch(site.pool, city, embeds).beside(NONE, "dog licence tag", "en")
    assert "https://www.lindenport.example/dogs" in str(told.replies[0].variables)


async def test_the_text_is_the_pages_own_with_title_date_and_address(site: Store, city: City) -> None:
    answer = replace(NONE, replies=(Reply("utter_did_you_mean", buttons=(ReplyButton("ask_status"),)),))
    told = await PageSearch(site.pool, city, None).beside(answer, "dog licence tag", "en")
    (reply,) = told.replies
    assert reply.response == "pages_found"
    assert reply.variables["passages"] == (
        "Dogs: Licence (November 2, 2026)\n“Every dog in the city needs a licence and a tag.”\n"
        "https://www.lindenport.example/dogs"
    )
    assert reply.buttons == (ReplyButton("ask_status"),)


@pytest.mark.parametrize(
    "answer",
    [
        replace(NONE, replies=(Reply(answer="dogs"),)),
        replace(NONE, replies=(Reply("utter_case_ask"),)),
        replace(NONE, form="report_form"),
    ],
    ids=["an answer", "a question", "a form"],
)
async def test_every_other_turn_stays_as_it_is_and_asks_nothing(city: City, answer: TurnAnswer) -> None:
    assert await PageSearch(None, city, None).beside(answer, "dog licence", "en") is answer  # type: ignore[arg-type]  # would fail if it were used


class Slow(Embedder):
    """Answers only after everybody has left."""

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        await asyncio.Event().wait()
        return []


async def test_a_slow_or_broken_search_leaves_the_answer_as_it_is(
    site: Store, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SECONDS", 0.05)
    assert await PageSearch(site.pool, city, Slow()).beside(NONE, "dog licence tag", "en") is NONE
    await site.pool.execute("ALTER TABLE page_words RENAME TO elsewhere")
    assert await PageSearch(site.pool, city, None).beside(NONE, "dog licence tag", "en") is NONE


def test_at_most_two_are_shown_and_each_is_short() -> None:
    found = search.FoundPassage(
        "https://x.example/", "Page", "", "A sentence is here. " * 60, date(2026, 1, 2), 1.0
    )
    text = passages_text([found], "es")
    assert text.startswith("Page (2 de enero de 2026)\n“A sentence")
    assert len(text) < search.SHOWN + 80
    assert search.MOST_SHOWN == 2
    untitled = replace(found, title="", heading="Visit us")
    assert passages_text([untitled], "en").startswith("Visit us (January 2, 2026)\n")
    assert passages_text([replace(untitled, heading="")], "en").startswith("January 2, 2026\n")


async def test_a_citizen_gets_them_with_a_person(desk: Desk) -> None:
    await add(desk.store, "dogs", "Dogs", ("Licence", "Every dog in the city needs a licence and a tag."))
    desk.bot.behaviour = says({"response": "utter_out_of_scope", "text": ""})
    contact = await desk.contact("en")
    async with desk.working():
        await desk.send(contact, "dog licence tag?")
        log = await desk.settled(contact)
        await desk.send(contact, "who won the match?")
        later = await desk.settled(contact)
    assert "word for word:\n\nDogs: Licence (November 2, 2026)\n“Every dog in the city" in log[1].text
    assert [button.title for button in log[1].buttons] == ["Talk to a person"]
    assert "I have no answer to that" in later[3].text
