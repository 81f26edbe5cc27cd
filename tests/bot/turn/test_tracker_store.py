"""Dialogue state: one small row, the answer in the same statement. In memory, and in PostgreSQL where there is one."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.turn.stores.tracker_rows import AT_ONCE, MemoryRows, PostgresRows, StoreUnavailable
from bot.turn.stores.tracker_store import (
    TURNS_AT_MOST,
    CompactTrackerStore,
    Overtaken,
    Stored,
    decode,
    encode,
    shorten,
)

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {
            "language": {"type": "text", "influence_conversation": False, "mappings": [{"type": "custom"}]},
            "draft": {"type": "any", "mappings": [{"type": "custom"}]},
        },
        "forms": {"report_form": {"required_slots": ["draft"]}},
    }
)
TABLE = """
CREATE TABLE trackers (
    conversation_id text PRIMARY KEY, state bytea NOT NULL, last_message_id text, last_answer jsonb,
    updated_at timestamptz NOT NULL DEFAULT now())
"""


@pytest.fixture(params=["memory", "postgresql"])
async def store(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CompactTrackerStore]:
    url = os.environ.get("DATABASE_URL")
    if request.param == "memory":
        monkeypatch.delenv("DATABASE_URL", raising=False)
        yield CompactTrackerStore(DOMAIN)
        return
    assert url, (
        "DATABASE_URL is not set: run the bot's tests with `make test`, which starts a PostgreSQL for them"
    )
    schema = f"bot_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(url)
    await admin.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}; {TABLE}")
    separator = "&" if "?" in url else "?"
    made = CompactTrackerStore(DOMAIN, url=f"{url}{separator}search_path={schema}")
    yield made
    await made.close()
    await admin.execute(f"DROP SCHEMA {schema} CASCADE")
    await admin.close()


def talk(turns: int, tracker: DialogueStateTracker | None = None) -> DialogueStateTracker:
    """A conversation of so many turns, with slots and a form set in the first."""
    tracker = tracker or DialogueStateTracker("c1", DOMAIN.slots)
    for number in range(turns):
        tracker.update(ActionExecuted("action_listen"))
        parse = {"intent": {"name": "greet"}, "entities": [], "intent_ranking": [{"name": "greet"}] * 5}
        tracker.update(
            UserUttered(
                f"message {number} " + "x" * 200, parse["intent"], [], parse, metadata={"now": "x" * 300}
            )
        )
        if not number:
            tracker.update(SlotSet("draft", {"what": "pothole"}))
            tracker.update(SlotSet("language", "es"))
            tracker.update(ActiveLoop("report_form"))
        tracker.update(ActionExecuted("utter_greet"))
        tracker.update(BotUttered("hello"))
    return tracker


async def test_keeps_state_message_and_answer_together(store: CompactTrackerStore) -> None:
    assert await store.fetch("c1") == Stored()
    await store.write(talk(2), "m1", {"text": "answer é 🙂"}, Stored())
    kept = await store.fetch("c1")
    assert kept.last_message_id == "m1"
    assert kept.last_answer == {"text": "answer é 🙂"}
    assert kept.tracker is not None
    assert kept.tracker.current_slot_values() == talk(2).current_slot_values()
    assert kept.tracker.active_loop_name == "report_form"
    assert kept.tracker.latest_message == talk(2).latest_message
    assert list(await store.keys()) == ["c1"]


async def test_a_turn_built_on_an_old_state_is_not_kept(store: CompactTrackerStore) -> None:
    await store.write(talk(1), "m1", {}, Stored())
    seen = await store.fetch("c1")
    await store.write(talk(2), "m2", {}, seen)
    with pytest.raises(Overtaken):
        await store.write(talk(3), "m3", {}, seen)
    assert (await store.fetch("c1")).last_message_id == "m2"


async def test_a_long_conversation_costs_no_more_than_a_short_one(store: CompactTrackerStore) -> None:
    before = Stored()
    sizes = []
    for number in range(60):
        tracker = talk(1, before.tracker)
        await store.write(tracker, f"m{number}", {}, before)
        before = await store.fetch("c1")
        assert before.tracker is not None
        sizes.append(len(before.tracker.events))
    assert max(sizes) <= sizes[TURNS_AT_MOST - 1] + 5  # the outcome of what was cut
    assert before.tracker is not None
    assert before.tracker.get_slot("draft") == {"what": "pothole"}
    assert before.tracker.get_slot("language") == "es"
    assert before.tracker.active_loop_name == "report_form"


async def test_rasa_itself_can_use_it(store: CompactTrackerStore) -> None:
    assert await store.get_or_create_tracker("c1", append_action_listen=False) is not None
    await store.save(talk(1))
    await store.save(talk(3))
    found = await store.retrieve("c1")
    assert found is not None
    assert found.latest_message.text.startswith("message 2")


def test_what_is_cut_leaves_its_outcome() -> None:
    tracker = talk(TURNS_AT_MOST + 1)
    events = shorten(tracker, DOMAIN)
    again = DialogueStateTracker.from_events("c1", events, DOMAIN.slots)
    assert len(events) < len(tracker.events)
    assert again.current_slot_values() == tracker.current_slot_values()
    assert again.active_loop_name == tracker.active_loop_name
    assert again.latest_message == tracker.latest_message


def test_only_what_a_later_turn_reads_is_kept() -> None:
    """ "Repeat that" sends a named reply by its name, and a handoff's summary leaves out "a person, please"."""
    tracker = talk(7)
    parse = {"intent": {"name": "greet"}, "entities": [], "only": True, "intent_ranking": [{"name": "greet"}]}
    tracker.update(UserUttered("a person", parse["intent"], [], parse, metadata={"now": "x"}))
    custom = {"reply": {"response": "utter_both", "buttons": []}}
    told = [
        BotUttered("Long words. " * 50, {"buttons": [{"title": "x"}]}, {"utter_action": "utter_greet"}),
        BotUttered(None, {"custom": custom}),
        BotUttered("Noted."),
    ]
    tracker.update(ActionExecuted("utter_greet", "RulePolicy", 1.0, hide_rule_turn=True))
    for event in told:
        tracker.update(event)
    stored = encode(list(tracker.events))
    assert len(stored) < 2500
    again, _ = decode(stored)
    assert len(again) == len(tracker.events)
    *earlier, latest = [event for event in again if isinstance(event, UserUttered)]
    assert latest.text == "a person" and latest.parse_data["only"] is True
    for event in (*earlier, latest):
        assert event.intent_name == "greet" and event.metadata == {}
        assert "intent_ranking" not in event.parse_data
    assert [(event.text, event.data, event.metadata) for event in again[-3:]] == [
        ("", {}, {"utter_action": "utter_greet"}),
        (None, {"custom": custom}, {}),
        ("Noted.", {}, {}),
    ]
    assert (again[-4].action_name, again[-4].hide_rule_turn) == ("utter_greet", True)


async def test_an_unknown_format_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    store = CompactTrackerStore(DOMAIN)
    assert isinstance(store._rows, MemoryRows)
    await store._rows.write("c1", b"9nonsense", "m1", '{"a": 1}', None)
    kept = await store.fetch("c1")
    assert kept.last_message_id == "m1"
    assert kept.tracker is not None and not kept.tracker.events


async def test_a_database_that_is_away_is_named() -> None:
    store = CompactTrackerStore(DOMAIN, url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailable):
        await store.fetch("c1")


async def test_a_turn_is_two_statements_and_no_more(store: CompactTrackerStore) -> None:
    if not isinstance(store._rows, PostgresRows):
        return
    sent: list[str] = []
    async with store._rows._connections.one() as connection:
        connection.add_query_logger(lambda record: sent.append(record.query))
    before = await store.fetch("c1")
    await store.write(talk(1), "m1", {"replies": []}, before)
    await asyncio.sleep(0)  # the logger is called after the statement
    assert [query.split()[0] for query in sent] == ["SELECT", "INSERT"]


async def test_a_connection_is_used_again_unless_its_statement_was_given_up(
    store: CompactTrackerStore,
) -> None:
    if not isinstance(store._rows, PostgresRows):
        return
    connections = store._rows._connections
    own = "SELECT pg_backend_pid()"
    async with connections.one() as connection:
        first = await connection.fetchval(own)
    with pytest.raises(asyncpg.PostgresError):
        async with connections.one() as connection:
            await connection.fetchval("SELECT 1 / 0")
    async with connections.one() as connection:
        assert await connection.fetchval(own) == first
    with pytest.raises(asyncio.TimeoutError):
        async with connections.one() as connection:
            await connection.fetchval("SELECT pg_sleep(60)", timeout=0.01)
    async with connections.one() as connection:
        second = await connection.fetchval(own)
        assert second != first, "a late answer would be taken for the next statement's"
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        async with connections.one() as connection:
            await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert await store.fetch("c1") == Stored(), "a connection that the server closed is left out"


async def test_no_more_connections_than_allowed(store: CompactTrackerStore) -> None:
    if not isinstance(store._rows, PostgresRows):
        return
    used: set[int] = set()
    connections = store._rows._connections

    async def ask() -> None:
        async with connections.one() as connection:
            used.add(await connection.fetchval("SELECT pg_backend_pid()"))

    await asyncio.gather(*(ask() for _ in range(3 * AT_ONCE)))
    assert len(used) <= AT_ONCE


async def test_the_words_of_deleted_messages_leave_the_dialogue_and_its_course_stays(
    store: CompactTrackerStore,
) -> None:
    """Two parts of one message, and a later one: only the deleted message loses its words."""
    tracker = store.init_tracker("c")
    named = [{"entity": "street", "value": "12 Elm Street", "role": "place"}]
    parse = {"text": "I live at 12 Elm Street", "intent": {"name": "greet"}, "entities": named}
    for message_id, text in (("m1", "I live at 12 Elm Street"), ("m1", "and hate it"), ("m2", "hello")):
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(
            UserUttered(
                text,
                {"name": "greet"},
                named,
                {**parse, "text": text},
                message_id=message_id,
                metadata={"q": text},
            )
        )
        tracker.update(BotUttered("Good morning"))
    tracker.update(SlotSet("draft", {"kind": "lamp"}))
    await store.write(tracker, "m2", {"replies": ["kept"]}, Stored())
    assert not await store.forget("another", {"m1"}) and not await store.forget("c", {"m9"})
    assert await store.forget("c", {"m1"})
    after = await store.fetch("c")
    assert after.tracker is not None
    users = [event for event in after.tracker.events if isinstance(event, UserUttered)]
    assert [(event.text, event.intent_name) for event in users] == [
        ("", "greet"),
        ("", "greet"),
        ("hello", "greet"),
    ]
    assert "Elm" not in str([event.as_dict() for event in users[:2]]) and "hate" not in str(
        after.tracker.events
    )
    assert users[0].entities[0]["entity"] == "street" and users[0].entities[0]["role"] == "place"
    assert after.tracker.get_slot("draft") == {"kind": "lamp"}
    assert (after.last_message_id, after.last_answer) == ("m2", {"replies": ["kept"]})
    assert await store.forget("c", {"m2"})
    assert ((await store.fetch("c")).last_message_id, (await store.fetch("c")).last_answer) == ("m2", None)
