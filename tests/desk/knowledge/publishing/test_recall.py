"""A wrong version is recalled from everybody who got it: once each, whatever dies in the middle, and every one is counted."""

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import yaml

from channels.kit.setup import variable
from city.model import InboxConfig
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.fact_changes import FactChanges
from desk.knowledge.publishing.fact_exchange import seed_facts
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.publishing.recall import Recalling
from desk.knowledge.publishing.recall_delivery import RecallDelivery
from desk.knowledge.publishing.review import MovedOn
from desk.model import Composed, Contact, Conversation, Message, NewMessage, NotAllowed, NotFound, Reply
from desk.runtime.live import Live
from desk.store.dialogue import conversations, messages
from desk.store.knowledge import recalls as recall_rows
from desk.store.outbound import receipts
from desk.store.people import agents, contacts, links
from desk.store.pool import Store
from tests.support.answers_office import CONTENT, ID, OLD, Office
from tests.support.specimens import sms, telegram
from tests.support.waiting import eventually
from tests.support.worker_process import worker_process

RIGHT = {"en": "Rats are not kept.", "es": "No se guardan ratas.", "fr": "Aucun rat n'est gardé."}
CHANNELS = ("web", "telegram", "sms")


@dataclass
class Recalls:
    """An office, and citizens on three channels."""

    office: Office
    live: Live
    writer: MessageWriter
    recalling: Recalling
    delivery: RecallDelivery

    async def citizen(self, inbox: str, language: str = "en") -> tuple[Contact, Conversation]:
        async with self.office.store.transaction() as transaction:
            number = await transaction.fetchval("SELECT count(*) FROM contacts")
            contact = await contacts.add_contact(transaction, inbox, f"citizen-{number}", language)
            return contact, await conversations.add_conversation(transaction, contact, language)

    async def give(self, conversation: Conversation) -> Message:
        """The bot's answer, as it is now."""
        today = self.office.clock().date()
        composed = self.office.ours.compose(Reply(answer=ID), conversation.language, today=today)
        async with self.office.store.transaction() as transaction:
            new = NewMessage("bot", composed, conversation.language)
            return await self.writer.say(transaction, conversation, new)

    async def corrections(self) -> dict[UUID, list[str]]:
        rows = await self.office.store.pool.fetch(
            "SELECT contact_id, text FROM messages WHERE author = 'system' ORDER BY seq"
        )
        found: dict[UUID, list[str]] = {}
        for row in rows:
            found.setdefault(row["contact_id"], []).append(row["text"])
        return found

    async def outcomes(self) -> Counter[str]:
        ((_, people), *_) = await self.recalling.list(self.office.ada, ID)
        return Counter(one.outcome for one in people)

    async def approved(self, versions: list[int]) -> int:
        recall = await self.recalling.write(self.office.ada, ID, versions, RIGHT, "It was wrong.")
        return await self.recalling.approve(self.office.ben, ID, recall)


@pytest.fixture
def recalls(office: Office) -> Recalls:
    inboxes = tuple(InboxConfig(name=name, channel=name) for name in CHANNELS)
    office.city = msgspec.structs.replace(office.city, inboxes=inboxes)
    live, writer = Live("redis://127.0.0.1:1"), MessageWriter(office.city, office.ours)
    announcer = Announcer(office.store, live, writer)
    return Recalls(
        office, live, writer, Recalling(office.store, office.ours, office.city.languages, office.clock),
        RecallDelivery(office.store, writer, announcer, office.clock),
    )  # fmt: skip


async def test_three_hundred_people_on_three_channels_are_told_once_though_a_worker_is_killed(
    recalls: Recalls, pg_url: str, redis_url: str, tmp_path: Path
) -> None:
    office = recalls.office
    await office.publish(OLD)
    told = []
    for number in range(300):
        contact, conversation = await recalls.citizen(CHANNELS[number % 3], ("en", "es", "fr")[number % 3])
        await recalls.give(conversation)
        if number % 10 == 0:
            await recalls.give(conversation)  # twice to one person is one person
        told.append(contact.id)
    strangers = [await recalls.citizen("web") for _ in range(3)]
    assert await recalls.recalling.given(office.ada, ID) == {2: 300}
    assert await recalls.approved([2]) == 300
    assert await recalls.outcomes() == {"waiting": 300}
    # A real worker, which waits for somebody in the middle of the list, and gets SIGKILL there.
    async with office.store.transaction() as transaction:
        waiting = await recall_rows.list_waiting(transaction, 300)
    ours = inboxes_of(tmp_path)
    async with (
        worker_process(pg_url, redis_url, "http://127.0.0.1:9", **ours) as process,
        office.store.transaction() as transaction,
    ):
        await contacts.lock(transaction, waiting[120].contact_id)
        await eventually(lambda: stands_still(office.store), 60)
        process.kill()
        await process.wait()
    assert len(await recalls.corrections()) == 100, "what was committed stays"
    await asyncio.gather(recalls.delivery.send(), recalls.delivery.send())
    assert await recalls.delivery.send() == 0
    said = await recalls.corrections()
    assert {contact: len(texts) for contact, texts in said.items()} == dict.fromkeys(told, 1)
    assert not {contact.id for contact, _ in strangers} & set(said)
    assert RIGHT["es"] in said[told[1]][0] and said[told[1]][0].startswith("Le dijimos algo")
    # 100 stand in the web chat; the others are the outbox's, and the killed worker may have tried some.
    counted = await recalls.outcomes()
    assert counted["sent"] == 100 and counted.total() == 300
    assert (
        await office.store.pool.fetchval(
            "SELECT count(*) FROM outbox o JOIN messages m ON m.id = o.message_id WHERE m.author = 'system'"
        )
        == 200
    )


def inboxes_of(folder: Path) -> dict[str, str]:
    """The environment of a worker whose city.yml has these inboxes; nobody answers where their providers are."""
    raw = yaml.safe_load(Path("city.yml").read_text())
    raw["inboxes"] = [{"name": one, "channel": one} for one in CHANNELS]
    raw |= {name: str(Path(raw[name]).resolve()) for name in ("services", "gazetteer")}
    (folder / "city.yml").write_text(yaml.safe_dump(raw, sort_keys=False))
    settings = {
        variable(one, name): value
        for one, specimen in (("telegram", telegram.SPECIMEN), ("sms", sms.SPECIMEN))
        for name, value in {**specimen.settings, "api_url": "http://127.0.0.1:9"}.items()
    }
    return {**settings, "CIVICDESK_CITY": str(folder / "city.yml")}


async def stands_still(store: Store) -> bool:
    """Whether somebody waits for a row that we hold, after some corrections were written."""
    written = await store.pool.fetchval("SELECT count(*) FROM messages WHERE author = 'system'")
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
    return written >= 100 and await store.pool.fetchval(waits) > 0


async def test_what_becomes_of_each_correction_is_counted(recalls: Recalls) -> None:
    office = recalls.office
    await office.publish(OLD)
    people = [await recalls.citizen("telegram") for _ in range(4)]
    for _, conversation in people:
        await recalls.give(conversation)
    await recalls.approved([2])
    await recalls.delivery.send()
    rows = await office.store.pool.fetch(
        "SELECT id FROM messages WHERE author = 'system' ORDER BY contact_id"
    )
    async with office.store.transaction() as transaction:
        await receipts.set_status(transaction, rows[0]["id"], "read")
        await receipts.set_status(transaction, rows[1]["id"], "failed")
        await receipts.set_status(transaction, rows[2]["id"], "sent")
    assert await recalls.outcomes() == {"read": 1, "refused": 1, "sent": 1, "waiting": 1}


async def test_only_those_who_got_one_of_the_versions_are_told_and_one_person_once(recalls: Recalls) -> None:
    office, store = recalls.office, recalls.office.store
    (_, before) = await recalls.citizen("web")
    await recalls.give(before)  # version 1
    await office.publish(OLD)
    (one, web), (two, telegram) = await recalls.citizen("web"), await recalls.citizen("telegram")
    async with store.transaction() as transaction:
        assert await links.set_linked(transaction, one.id, two.id, 10)
    await recalls.give(web)
    await recalls.give(telegram)
    # An agent sent it, too, to somebody else.
    (third, by_agent) = await recalls.citizen("web")
    ana = await agents.add_agent(store.pool, "ana@x.example", "Ana", "agent", [], None)
    async with store.transaction() as transaction:
        used = {"answers": [{"id": ID, "version": "abc", "changed": False, "published": 2}]}
        await recalls.writer.say(
            transaction, by_agent, NewMessage("agent", Composed(OLD), "en", agent_id=ana, extra=used)
        )
    assert await recalls.recalling.given(office.ada, ID) == {1: 1, 2: 2}
    assert await recalls.approved([2]) == 2
    await recalls.delivery.send()
    assert set(await recalls.corrections()) == {two.id, third.id}, "where they last got it"
    # It stands in the conversation in which the answer was given.
    log = await messages.list_after(store.pool, two.id, 0)
    assert [message.conversation_id for message in log] == [telegram.id, telegram.id]


async def test_those_who_read_a_facts_old_value_are_told_and_no_others(recalls: Recalls) -> None:
    office, recalling = recalls.office, recalls.recalling
    await seed_facts(office.store, CONTENT, office.ours.seed_facts, office.clock())
    await office.publish("A copy costs {certificate_fee}.")
    (old, before), (_, after) = await recalls.citizen("web"), await recalls.citizen("web")
    await recalls.give(before)
    assert await recalling.windows(office.ada, ID) == [], "nothing else was ever said"
    changes = FactChanges(office.store, office.city, office.ours, office.clock, PublishedAnswers(office.ours))
    kept, _ = await changes.get(office.ada, "certificate_fee")
    values = [{"from": "2026-01-01", "value": "20"}]
    await changes.save(office.ada, "certificate_fee", {**kept.body, "values": values}, kept.newest)
    await changes.publish(office.ben, "certificate_fee", kept.newest + 1)
    await recalls.give(after)
    (window,) = await recalling.windows(office.ada, ID)
    assert (window.fact, window.said) == ("certificate_fee", "$18")
    assert await recalling.given(office.ada, ID) == {2: 2}
    with pytest.raises(AnswerRefused):
        await recalling.write(office.ada, ID, [2], RIGHT, "The fee was old.", f"{window.key}0")
    recall = await recalling.write(office.ada, ID, [2], RIGHT, "The fee was old.", window.key)
    assert await recalling.approve(office.ben, ID, recall) == 1
    await recalls.delivery.send()
    assert set(await recalls.corrections()) == {old.id}
    ((kept_recall, _),) = await recalling.list(office.ada, ID)
    assert kept_recall.fact_said == "certificate_fee: $18"


async def test_another_person_approves_and_nobody_twice(recalls: Recalls) -> None:
    office = recalls.office
    await office.publish(OLD)
    (_, conversation) = await recalls.citizen("web")
    await recalls.give(conversation)
    for texts, versions, why in (
        ({**RIGHT, "es": ""}, [2], "x"), (RIGHT, [7], "x"), (RIGHT, [2], " "), (RIGHT | {"en": "on " * 40}, [2], "x"),
        (RIGHT | {"fr": "x. " * 400}, [2], "x"),
    ):  # fmt: skip
        with pytest.raises(AnswerRefused):
            await recalls.recalling.write(office.ada, ID, versions, texts, why)
    for other in (await office.somebody("supervisor"), await office.somebody("admin")):
        with pytest.raises(NotAllowed):
            await recalls.recalling.write(other, ID, [2], RIGHT, "x")
    recall = await recalls.recalling.write(office.ada, ID, [2], RIGHT, "It was wrong.")
    assert await recalls.delivery.send() == 0, "not approved"
    with pytest.raises(MovedOn):
        await recalls.recalling.approve(office.ada, ID, recall)
    with pytest.raises(NotFound):
        await recalls.recalling.approve(office.ben, "passport", recall)
    results = await asyncio.gather(
        *(recalls.recalling.approve(office.ben, ID, recall) for _ in range(2)), return_exceptions=True
    )
    assert sorted(str(type(one).__name__) for one in results) == ["MovedOn", "int"]
    with pytest.raises(MovedOn):
        await recalls.recalling.drop(office.ben, ID, recall)
    dropped = await recalls.recalling.write(office.ada, ID, [2], RIGHT, "Again.")
    await recalls.recalling.drop(office.ada, ID, dropped)
    assert await recalls.delivery.send() == 1
    actions = await office.store.pool.fetch(
        "SELECT action FROM audit WHERE action LIKE 'recall%' ORDER BY id"
    )
    assert [row["action"] for row in actions] == [
        "recall_written",
        "recall_approved",
        "recall_written",
        "recall_dropped",
    ]


async def test_whoever_is_erased_meanwhile_is_not_told(recalls: Recalls) -> None:
    office = recalls.office
    await office.publish(OLD)
    (contact, conversation) = await recalls.citizen("web")
    await recalls.give(replace(conversation, language="es"))
    await recalls.approved([2])
    await office.store.pool.execute("DELETE FROM contacts WHERE id = $1", contact.id)
    assert await recalls.delivery.send() == 0 and await recalls.outcomes() == Counter()
