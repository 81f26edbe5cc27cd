"""What was not answered is collected with its reason, masked, grouped by meaning across languages, and an editor decides."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.pages.search import PageSearch
from desk.knowledge.unanswered.collecting import KEPT, UnansweredQuestions
from desk.knowledge.unanswered.deciding import Deciding, ShownGroup
from desk.knowledge.unanswered.masking import is_masked, mask_question
from desk.model import (
    Contact,
    Conversation,
    NotAllowed,
    NotFound,
    Refused,
    Reply,
    TurnAnswer,
)
from desk.store.dialogue import conversations, messages, turns
from desk.store.people import contacts
from desk.store.pool import Store
from tests.support.answers_office import ID, Office, open_office, person
from tests.support.embedding import Embedder

NOW = datetime.now(UTC)
WHOM = {
    "en": "Ask the county: 555-0111.",
    "es": "Pregunte al condado: 555-0111.",
    "fr": "Demandez au comté : 555-0111.",
}


@dataclass
class Desk:
    """An office, and what people asked an hour ago."""

    office: Office
    collecting: UnansweredQuestions
    deciding: Deciding
    at: datetime = field(default_factory=lambda: NOW - timedelta(hours=1))

    async def person(self, language: str = "en", name: str | None = None) -> tuple[Contact, Conversation]:
        async with self.office.store.transaction() as transaction:
            number = await transaction.fetchval("SELECT count(*) FROM contacts")
            contact = await contacts.add_contact(transaction, "web", f"citizen-{number}", language)
            await transaction.execute("UPDATE contacts SET name = $2 WHERE id = $1", contact.id, name)
            return contact, await conversations.add_conversation(transaction, contact, language)

    async def ask(
        self,
        who: tuple[Contact, Conversation],
        text: str,
        intent: str,
        reason: str | None = None,
        **more: Any,
    ) -> UUID:
        """A message of this citizen, as the bot understood it, a few seconds after the one before."""
        conversation = who[1]
        content = {"button": "x"} if more.pop("tapped", False) else {}
        self.at += timedelta(seconds=20)
        async with self.office.store.transaction() as transaction:
            new = messages.NewRow("contact", text, conversation.language, content=content)
            message = await messages.add_message(transaction, conversation, new)
            await turns.add_turn(
                transaction, message.id, conversation.id, 0, more.get("outcome", "answered"), intent=intent,
                parse={"reason": reason}, form=more.get("form"),
            )  # fmt: skip
            await transaction.execute(
                "UPDATE turns SET created_at = $2 WHERE message_id = $1", message.id, self.at
            )
            await transaction.execute(
                "UPDATE messages SET created_at = $2 WHERE id = $1", message.id, self.at
            )
        return message.id

    async def unsure(
        self, text: str, language: str = "en", name: str | None = None
    ) -> tuple[Contact, Conversation]:
        who = await self.person(language, name)
        await self.ask(who, text, "nlu_fallback", "out_of_scope")
        return who

    async def groups(self, *, decided: bool = False) -> list[ShownGroup]:
        await self.collecting.collect()
        while await self.collecting.group():
            pass
        return await self.deciding.list(self.office.ada, decided=decided)


@pytest.fixture
async def desk(store: Store, city: City, catalog: Catalog) -> Desk:
    office = await open_office(store, city, catalog)

    def now() -> datetime:
        return NOW

    collecting = UnansweredQuestions(office.store, office.ours, Embedder(), now)
    return Desk(office, collecting, Deciding(office.store, office.city, office.drafts, office.clock))


async def test_every_reason_is_told_apart_and_what_was_answered_is_left_out(desk: Desk) -> None:
    asked: dict[str, UUID] = {}
    for reason, outcome in (("out_of_scope", "answered"), ("unsure", "handed_off")):
        asked[reason] = await desk.ask(
            await desk.person(), f"{reason}?", "nlu_fallback", reason, outcome=outcome
        )
    for named, after in (
        ("none_of_these", {"intent": "talk_to_person", "tapped": True}),
        ("rephrased", {"intent": "passport"}),
        ("chosen", {"intent": "choose_answer", "tapped": True}),
    ):
        who = await desk.person()
        asked[named] = await desk.ask(who, f"{named}?", "nlu_fallback", "close")
        await desk.ask(who, "then", **after)
    for named, intent in (
        ("not_answered", "not_answered"),
        ("person_at_once", "talk_to_person"),
        ("fine", "thanks"),
    ):
        who = await desk.person()
        asked[named] = await desk.ask(who, f"{named}?", "passport")
        await desk.ask(who, "then", intent)
    asked["not_chosen"] = await desk.ask(await desk.person(), "not chosen?", "nlu_fallback", "close")
    asked["in a form"] = await desk.ask(
        await desk.person(), "a", "nlu_fallback", "unsure", form="report_form"
    )
    contact, conversation = rated = await desk.person()
    asked["not_helpful"] = await desk.ask(rated, "rated?", "passport")
    await desk.office.store.pool.execute(
        """INSERT INTO answer_ratings (conversation_id, contact_id, answer_id, asked_at, helpful, rated_at)
           VALUES ($1, $2, 'passport', $3, false, $3)""",
        conversation.id, contact.id, desk.at + timedelta(seconds=9),
    )  # fmt: skip
    assert await desk.collecting.collect() == 8
    assert await desk.collecting.collect() == 0
    rows = await desk.office.store.pool.fetch("SELECT message_id, reason FROM unanswered_questions")
    why = {row["message_id"]: row["reason"] for row in rows}
    names = {"out_of_scope": "no_answer", "unsure": "handed_off"}
    wanted = [
        *names,
        "none_of_these",
        "rephrased",
        "not_chosen",
        "not_answered",
        "person_at_once",
        "not_helpful",
    ]
    assert why == {asked[one]: names.get(one, one) for one in wanted}


async def test_groups_are_across_languages_and_those_of_most_people_come_first(desk: Desk) -> None:
    await desk.unsure("mayor chess evening")
    twice = await desk.unsure("pool opens")
    await desk.ask(twice, "pool opens", "nlu_fallback", "out_of_scope")
    await desk.unsure("piscina abre", "es")
    await desk.unsure("piscine ouvre", "fr")
    first, second = await desk.groups()
    assert (first.group.people, first.group.questions, set(first.group.languages)) == (
        3,
        4,
        {"en", "es", "fr"},
    )
    assert first.group.reasons == {"no_answer": 4}
    assert (second.group.people, [one.text for one in second.asked]) == (1, ["mayor chess evening"])


async def test_minutes_of_agents_are_counted(desk: Desk) -> None:
    _, conversation = await desk.unsure("pool opens")
    for state, minute in (("queued", 1), ("assigned", 2), ("resolved", 14)):
        await desk.office.store.pool.execute(
            """INSERT INTO conversation_transitions (conversation_id, inbox, to_state, actor_kind, why, at)
               VALUES ($1, 'web', $2, 'agent', 'claimed', $3)""",
            conversation.id, state, desk.at + timedelta(minutes=minute),
        )  # fmt: skip
    ((group, _),) = [(one.group, one.asked) for one in await desk.groups()]
    assert group.minutes == pytest.approx(12)


async def test_editors_read_no_personal_data(desk: Desk) -> None:
    await desk.unsure(
        "I am Rosa Peel, rosa@example.org, 555 0100 222, card 4111 1111 1111 1111", name="Rosa Peel"
    )
    ((shown,),) = [one.asked for one in await desk.groups()]
    assert shown.text == "I am [name] [name], [email] [number], card ••••"
    assert is_masked(shown.text) and not is_masked("when does the pool open [in May]?")
    assert shown.names == ()
    assert mask_question("  Al\n is here ", ["Al Io"]) == "Al is here"


async def test_what_is_erased_deleted_or_old_is_gone_here_too(desk: Desk) -> None:
    gone, _ = await desk.unsure("pool opens")
    _, deleted = await desk.unsure("mayor chess evening")
    await desk.unsure("who feeds the ducks")
    assert len(await desk.groups()) == 3
    pool = desk.office.store.pool
    await pool.execute("DELETE FROM contacts WHERE id = $1", gone.id)
    await pool.execute(
        "UPDATE messages SET content = content || '{\"deleted\": {}}' WHERE conversation_id = $1", deleted.id
    )
    assert [[one.text for one in group.asked] for group in await desk.groups()] == [["who feeds the ducks"]]
    await pool.execute("UPDATE unanswered_questions SET asked_at = $1", NOW - KEPT - timedelta(hours=1))
    assert await desk.groups() == []
    assert await pool.fetchval("SELECT count(*) FROM unanswered_groups") == 0


async def test_questions_become_examples_or_near_misses_of_a_draft(desk: Desk) -> None:
    office = desk.office
    for language, text in (
        ("en", "pool opens"),
        ("es", "piscina abre"),
        ("en", "POOL opens"),
        ("en", "pool opens a@b.org"),
    ):
        await desk.unsure(text, language)
    group = (await desk.groups())[0].group.id
    assert await desk.deciding.teach(office.ada, group, ID, near_miss=False) == 2
    kept = await office.drafts.get(office.ada, ID)
    assert kept.state == "draft"
    assert {name: len(texts) for name, texts in kept.body["examples"].items()} == {"en": 1, "es": 1}
    (decided,) = [one for one in await desk.groups(decided=True) if one.group.id == group]
    assert (decided.group.decision, decided.group.answer_id) == ("examples", ID)
    await desk.deciding.reopen(office.ada, group)
    assert await desk.deciding.teach(office.ada, group, ID, near_miss=True) == 2
    assert set((await office.drafts.get(office.ada, ID)).body["near_misses"]) == {"en", "es"}
    with pytest.raises(NotFound):
        await desk.deciding.teach(office.ada, 999, ID, near_miss=False)


async def test_who_asks_what_is_not_ours_is_told_whom_to_ask(desk: Desk, city: City) -> None:
    await desk.unsure("pool opens")
    group = (await desk.groups())[0].group.id
    nothing = TurnAnswer(UUID(int=1), (Reply("utter_out_of_scope"),), (), "es", None, None, {}, None)
    search = PageSearch(desk.office.store.pool, city, Embedder())
    assert await search.beside(nothing, "piscina abre", "es") is nothing
    with pytest.raises(Refused):
        await desk.deciding.not_ours(desk.office.ada, group, {"en": WHOM["en"]})
    with pytest.raises(NotAllowed):
        await desk.deciding.not_ours(await person(desk.office.store, "supervisor"), group, WHOM)
    await desk.deciding.not_ours(desk.office.ada, group, WHOM)
    told = await search.beside(nothing, "piscina abre", "es")
    assert told.replies == (Reply("not_ours", variables={"whom": WHOM["es"]}),)
    assert await search.beside(nothing, "mayor chess evening", "es") is nothing


async def test_while_the_bot_is_away_questions_wait_for_their_group(desk: Desk) -> None:
    embeds = Embedder()
    embeds.away = True
    away = UnansweredQuestions(desk.office.store, desk.office.ours, embeds, lambda: NOW)
    await desk.unsure("pool opens")
    assert await away.collect() == 1 and await away.group() == 0
    assert len(await desk.groups()) == 1
