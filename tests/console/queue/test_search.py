"""Search: an agent finds a conversation by its words, a name or a number, and never one that they may not see."""

import pytest

from desk.model import By
from desk.store.dialogue import conversations
from desk.store.dialogue.search import words_of
from tests.support.console import Answer, Browser, RunningConsole


async def look_for(agent: Browser, query: str) -> Answer:
    return await agent.post("/console/search", data={"query": query})


async def test_words_names_numbers_and_pieces_of_addresses_are_found(console: RunningConsole) -> None:
    ana = await console.signed_in()
    one = await console.queued(
        name="Lucía Núñez", text="The fountain sings at night. Write to me: lucia.nunez@example.org"
    )
    await console.queued(name="Ben", text="A bench is broken")
    await console.store.pool.execute(
        "INSERT INTO service_requests (id, conversation_id, contact_id, backend, service_code, payload, reference)"
        " VALUES (gen_random_uuid(), $1, $2, 'requests', 'noise', '{}', 'SR-7KQ2-M4TX')",
        one.id,
        one.contact_id,
    )
    for query in (
        "fountain",
        "SINGS fountain",
        "fount",
        "lucía núñez",
        "nunez",
        "example.org",
        "sr-7kq2-m4tx",
    ):
        found = await look_for(ana, query)
        assert found.status == 200 and f"/console/conversations/{one.id}" in found.text, query
        assert "1 conversation" in found.visible and "bench" not in found.visible, query
    assert "<mark>fountain</mark>" in (await look_for(ana, "fountain night")).text
    nothing = await look_for(ana, "fountain bench")
    assert "Nothing was found" in nothing.visible and f"{one.id}" not in nothing.text


async def test_what_another_team_has_is_not_found(console: RunningConsole) -> None:
    theirs = await console.queued(team="licences", text="my secret bakery", name="Otto")
    with_bot = await console.queued(text="my secret with the bot", name="Otto")
    async with console.store.transaction() as transaction:
        await transaction.execute("UPDATE conversations SET team = NULL WHERE id = $1", with_bot.id)
        await conversations.hand_back(transaction, with_bot.id, By("contact", "cancelled"))
    ana = await console.signed_in()
    for query in ("secret", "otto"):
        refused = await look_for(ana, query)
        assert "Nothing was found" in refused.visible and "bakery" not in refused.text
    carla = await console.signed_in("Carla Rossi", "supervisor")
    assert f"{theirs.id}" in (await look_for(carla, "secret bakery")).text
    assert "2 conversations" in (await look_for(carla, "otto")).visible


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "' & | ! ( :* <-> \\",
        "a:*b",
        "\x00",
        "🙂",
        "x" * 5000,
        "<script>alert(1)</script>",
        "ñ' OR 1=1 --",
    ],
)
async def test_hostile_queries_are_searched_as_words(console: RunningConsole, query: str) -> None:
    await console.queued(text="alert 1 script ñ or 1 1")
    ana = await console.signed_in()
    found = await look_for(ana, query)
    assert found.status == 200 and "<script>alert" not in found.text
    assert ("Enter a word" in found.visible) == (not query.strip() or query == "\x00")


async def test_a_search_leaves_a_line_without_its_words(console: RunningConsole) -> None:
    ana = await console.signed_in()
    await console.queued(text="a private matter")
    await look_for(ana, "private")
    rows = await console.store.pool.fetch(
        "SELECT action, detail::text AS details FROM audit WHERE action = 'search'"
    )
    assert [row["action"] for row in rows] == ["search"] and "private" not in rows[0]["details"]
    # Without the session's token nothing is looked for, and nothing of a query is ever in an address.
    refused = await ana.post("/console/search", data={"query": "private", "csrf": "wrong"})
    assert refused.status == 403 and "private matter" not in refused.visible
    assert 'method="post" action="/console/search"' in (await ana.get("/console/")).text


async def test_the_index_is_used(console: RunningConsole) -> None:
    async with console.store.transaction() as transaction:
        await transaction.execute("SET LOCAL enable_seqscan = off")
        plan = await transaction.fetch(
            "EXPLAIN SELECT 1 FROM messages m WHERE "
            "to_tsvector('simple', translate(m.text, '@./:-_+', '       ')) @@ to_tsquery('simple', '''a''')"
        )
    assert any("messages_words" in row[0] for row in plan)


def test_what_the_words_of_a_query_are() -> None:
    assert words_of("  The SR-7KQ2, the café_bar! ") == ["the", "sr", "7kq2", "café", "bar"]
    assert words_of("🙂 -- ''") == [] and len(words_of(" ".join(map(str, range(50))))) == 8
