"""Linking two channels to one person: with a code that was sent over the other one, or by an agent; never by guessing."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.model import Actor, By, NotFound, Refused
from desk.people.linking import AgentLinks, Linking
from desk.store import own_requests
from desk.store.dialogue import conversations
from desk.store.people import contacts, links
from desk.store.pool import Store


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def linking(store: Store, clock: Clock) -> Linking:
    return Linking(store, "a-secret-of-the-tests", clock)


async def contact(store: Store, name: str, inbox: str = "sms") -> UUID:
    return (await contacts.add_contact(store.pool, inbox, name, "en")).id


async def code_of(linking: Linking, who: UUID) -> str:
    said = await linking.handle_text(who, "Link my channels!")
    assert said and said.name == "link_code"
    return str(said.variables["code"])


async def names(store: Store, who: UUID) -> list[str]:
    return [one.external_id for one in await links.list_linked(store.pool, who)]


async def says(linking: Linking, who: UUID, text: str) -> str | None:
    said = await linking.handle_text(who, text)
    return said.name if said else None


async def test_a_code_from_one_channel_links_the_other(store: Store, linking: Linking) -> None:
    phone, web = await contact(store, "phone"), await contact(store, "web", "web")
    code = await code_of(linking, phone)
    assert re.fullmatch(r"L-[2-9A-Z]{4}-[2-9A-Z]{8}", code)
    assert await says(linking, web, f" {code.lower()} ") == "link_done"
    assert (await names(store, web), await names(store, phone)) == (["phone"], ["web"])
    assert await says(linking, web, code) == "link_done", "a turn that runs twice says the same"
    audited = await store.pool.fetch("SELECT action, detail FROM audit")
    assert [row["action"] for row in audited] == ["link"]
    assert code not in str(audited[0]["detail"]) and str(web) in str(audited[0]["detail"])


async def test_a_code_works_once_for_ten_minutes_and_not_for_its_owner(
    store: Store, linking: Linking, clock: Clock
) -> None:
    phone, web, thief = [await contact(store, name) for name in ("phone", "web", "thief")]
    old = await code_of(linking, phone)
    new = await code_of(linking, phone)
    assert await says(linking, web, old) == "link_wrong", "a new code ends the old one"
    assert await says(linking, phone, new) == "link_wrong"
    clock.now += timedelta(minutes=9)
    assert await says(linking, web, new) == "link_done"
    assert await says(linking, thief, new) == "link_wrong"
    late = await code_of(linking, phone)
    clock.now += timedelta(minutes=10)
    assert await says(linking, thief, late) == "link_wrong"
    assert await names(store, thief) == []


async def test_codes_cannot_be_guessed(store: Store, linking: Linking, clock: Clock) -> None:
    phone, thief = await contact(store, "phone"), await contact(store, "thief")
    code = await code_of(linking, phone)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for _ in range(5):
        assert await says(linking, thief, wrong) == "link_wrong"
    assert await says(linking, thief, code) == "link_too_often", "even the right one, by then"
    clock.now += timedelta(hours=1, seconds=1)
    assert await says(linking, thief, await code_of(linking, phone)) == "link_done"


async def test_wrong_codes_of_41_strangers_lock_nobody_else_out(store: Store, linking: Linking) -> None:
    """Five wrong codes each from 41 chats closed linking for the whole city."""
    phone, citizen = await contact(store, "phone"), await contact(store, "citizen", "web")
    code = await code_of(linking, phone)
    strangers = [await contact(store, f"stranger {number}", "web") for number in range(41)]
    for stranger in strangers:
        said = [await says(linking, stranger, "L-2345-6789ABCD") for _ in range(6)]
        assert said == ["link_wrong"] * 5 + ["link_too_often"]
    assert await says(linking, strangers[0], code) == "link_too_often"
    assert await says(linking, citizen, code) == "link_done"


async def test_codes_are_given_out_sparingly(store: Store, linking: Linking, clock: Clock) -> None:
    phone = await contact(store, "phone")
    assert [await says(linking, phone, "link my channels") for _ in range(4)] == ["link_code"] * 3 + [
        "link_too_often"
    ]
    clock.now += timedelta(hours=1, seconds=1)
    assert await says(linking, phone, "vincular mis canales") == "link_code"


async def test_a_code_in_a_mail_that_anybody_may_have_written_links_nobody(
    store: Store, linking: Linking
) -> None:
    """Whoever forges a mail with a code of their own would become one person with the owner of its address."""
    thief, victim = await contact(store, "thief", "web"), await contact(store, "victim@mail.example", "email")
    code = await code_of(linking, thief)
    for text in (code, f"My channels\n\n{code}\nV."):
        said = await linking.handle_text(victim, text, proven=False)
        assert said and said.name == "link_unproven"
    assert await names(store, thief) == []
    assert await store.pool.fetchval("SELECT count(*) FROM link_misses") == 0, "it was not tried"
    assert await says(linking, victim, f"My channels\n\n{code}\nV.") == "link_done", "in a reply to our mail"


async def test_the_database_holds_no_code(store: Store, linking: Linking) -> None:
    code = await code_of(linking, await contact(store, "phone"))
    row = await store.pool.fetchrow("SELECT * FROM link_codes")
    assert row is not None
    assert code.split("-")[2] not in str(dict(row))
    assert len(row["code_hash"]) == 32


@pytest.mark.parametrize("text", ["Link my channels", "link channels.", "Vincular mis canales", "¡relier mes canaux!", "RELIER  MES COMPTES"])  # fmt: skip
async def test_the_wish_in_three_languages(store: Store, linking: Linking, text: str) -> None:
    assert await says(linking, await contact(store, "phone"), text) == "link_code"


async def test_talk_about_roads_is_left_to_the_bot(store: Store, linking: Linking) -> None:
    phone = await contact(store, "phone")
    for text in (
        "please link my street to the channel",
        "L",
        "L-12",
        "LAMP 4444",
        "SR-4F2K-9QPT",
        "hello",
        "",
    ):
        assert await says(linking, phone, text) is None, text


@given(st.text(max_size=40))
def test_any_text_is_read_without_trouble(text: str) -> None:
    from desk.people.linking import _code_in, _plain

    assert isinstance(_plain(text), str)
    _code_in(text)


async def test_links_join_and_part_and_erasure_leaves_the_others(store: Store, linking: Linking) -> None:
    one, two, three = [await contact(store, name) for name in ("one", "two", "three")]
    assert await says(linking, two, await code_of(linking, one)) == "link_done"
    assert await says(linking, three, await code_of(linking, two)) == "link_done"
    assert await names(store, one) == ["two", "three"]
    await store.pool.execute("DELETE FROM contacts WHERE id = $1", two)
    assert await names(store, one) == ["three"] and await names(store, three) == ["one"]
    assert await links.delete_link(store.pool, three)
    assert await names(store, one) == []
    assert await store.pool.fetchval("SELECT count(*) FROM contacts WHERE person_id IS NOT NULL") == 0
    assert not await links.delete_link(store.pool, one)


async def test_a_linked_person_asks_about_the_requests_of_both(store: Store, linking: Linking) -> None:
    phone, web, stranger = [await contact(store, name) for name in ("phone", "web", "stranger")]
    for who, reference in ((phone, "SR-1"), (stranger, "SR-2")):
        await store.pool.execute(
            """INSERT INTO service_requests (id, contact_id, backend, service_code, payload, state, reference)
               VALUES (gen_random_uuid(), $1, 'requests', 'pothole', '{}', 'filed', $2)""",
            who,
            reference,
        )
    assert [one.reference for one in await own_requests.list_own(store.pool, web)] == []
    assert await says(linking, web, await code_of(linking, phone)) == "link_done"
    assert [one.reference for one in await own_requests.list_own(store.pool, web)] == ["SR-1"]
    assert [one.reference for one in await own_requests.list_own(store.pool, stranger)] == ["SR-2"]


async def test_an_agent_links_what_it_may_see_and_unlinks_it_on_record(store: Store, clock: Clock) -> None:
    row = "INSERT INTO agents (email, name, role, teams, password_hash) VALUES ($1, 'Ana', 'agent', '{north}', '-') RETURNING id"
    actor = Actor(await store.pool.fetchval(row, "ana@example.org"), "Ana", "agent", ("north",))
    cases: dict[str, UUID] = {}
    for name, team in (("one", "north"), ("two", "north"), ("far", "south")):
        who = await contacts.get_by_id(store.pool, await contact(store, name))
        assert who
        made = await conversations.add_conversation(store.pool, who, "en")
        await conversations.enqueue(store.pool, made.id, 0, team, "asked", "", By("bot", "asked"))
        cases[name] = made.id
    agent = AgentLinks(store, clock)
    with pytest.raises(NotFound):
        await agent.link(actor, cases["one"], cases["far"])
    with pytest.raises(Refused):
        await agent.link(actor, cases["one"], cases["one"])
    await agent.link(actor, cases["one"], cases["two"])
    one = await conversations.get_by_id(store.pool, cases["one"])
    two = await conversations.get_by_id(store.pool, cases["two"])
    assert one and two and await names(store, one.contact_id) == ["two"]
    with pytest.raises(NotFound):
        await agent.unlink(actor, cases["one"], one.contact_id)
    await agent.unlink(actor, cases["one"], two.contact_id)
    assert await names(store, one.contact_id) == []
    actions = await store.pool.fetch(
        "SELECT action FROM audit WHERE agent_id = $1 ORDER BY id", actor.agent_id
    )
    assert [line["action"] for line in actions] == ["link", "unlink"]


async def test_one_person_has_ten_contacts_at_most(store: Store) -> None:
    all_ = [await contact(store, str(number)) for number in range(11)]
    for other in all_[1:10]:
        assert await links.set_linked(store.pool, all_[0], other, 10)
    assert not await links.set_linked(store.pool, all_[0], all_[10], 10)
    assert len(await names(store, all_[0])) == 9
