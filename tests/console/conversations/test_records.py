"""A copy for an information request, words taken out for good, and a legal hold that stops both deletion and redaction."""

import io
import json
import zipfile
from uuid import uuid4

import asyncpg
import pytest

from desk.model import Conversation
from desk.store import media
from desk.store.dialogue import notes
from desk.store.inbound import events
from tests.support.console import Browser, RunningConsole

SECRET = "my neighbour Maria Silva, 12 Elm St"


BESIDE = (
    "INSERT INTO whispers (id, conversation_id, from_agent_id, to_agent_id, text) VALUES (gen_random_uuid(), $1, $3, $3, $2)",
    """INSERT INTO reply_drafts (agent_id, conversation_id, text, own_words, updated_at)
       VALUES ($3, $1, $2, $2, now())""",
    """INSERT INTO scheduled_messages (id, conversation_id, agent_id, kind, text, due_at, created_at, own_words)
       VALUES (gen_random_uuid(), $1, $3, 'reply', $2, now(), now(), jsonb_build_object('text', $2::text, 'language', 'en', 'provider', 'a'))""",
    """INSERT INTO reminders (id, conversation_id, agent_id, text, due_at)
       VALUES (gen_random_uuid(), $1, $3, $2, now())""",
    """INSERT INTO quality_reviews (conversation_id, reviewer_id, points, score, note) VALUES ($1, $3, '{}', 50, $2)""",
    """INSERT INTO surveys (conversation_id, contact_id, message_id, comment, asked_at)
       SELECT $1, contact_id, id, $2, now() FROM messages WHERE conversation_id = $1 AND $3::uuid IS NOT NULL LIMIT 1""",
    """INSERT INTO partner_transfers (id, conversation_id, partner, agent_id, note, reason, question_seq, asked_at,
           consent_by, available_at)
       VALUES (gen_random_uuid(), $1, 'benefits', $3, $2, $2, 1, now(), now(), now())""",
    """INSERT INTO corrections (id, message_id, agent_id, kind, text, due_at, created_at)
       SELECT gen_random_uuid(), id, $3, 'change', $2, now(), now() FROM messages WHERE conversation_id = $1 LIMIT 1""",
)
"""What people write beside the messages."""


async def told(console: RunningConsole) -> Conversation:
    """A conversation in which somebody else's data stand in several places."""
    conversation = await console.queued(text=f"Please ask {SECRET}", summary=f"About {SECRET}.")
    await console.say(conversation, f"{SECRET}. Yes: {SECRET}!")
    pool = console.store.pool
    event = await events.add_event(
        pool, "web", str(uuid4()), conversation.contact_id, {"text": f"Please ask {SECRET}"}, None
    )
    assert event is not None
    await pool.execute(
        "UPDATE messages SET event_id = (SELECT max(id) FROM events) WHERE conversation_id = $1 AND seq = 1",
        conversation.id,
    )
    answer = {"part": "description", "title": None, "text": f"Seen by {SECRET}"}
    report = {"step": 1, "steps": 2, "paused": False, "answers": [answer], "controls": []}
    await console.say(
        conversation,
        "changed",
        content={"earlier": [{"text": f"{SECRET}?"}, {"text": "b"}], "report": report},
    )
    await pool.execute(
        """INSERT INTO message_translations (message_id, language, text, origin, provider, made_at)
           SELECT id, 'es', $2, 'machine', 't.example', now() FROM messages WHERE conversation_id = $1""",
        conversation.id, f"Pregunte a {SECRET}",
    )  # fmt: skip
    await pool.execute("UPDATE turns SET parse = $1", {"text": SECRET})
    await pool.execute(
        "INSERT INTO trackers (conversation_id, state) VALUES ($1, $2)", str(conversation.id), SECRET.encode()
    )
    _, ana = await console.agent("Ana")
    await notes.add_note(pool, conversation.id, ana.agent_id, f"Neighbour: {SECRET}", uuid4())
    for beside in BESIDE:
        await pool.execute(beside, conversation.id, f"It is {SECRET}.", ana.agent_id)
    return conversation


async def everything(console: RunningConsole) -> str:
    """All rows of all tables, as text."""
    pool = console.store.pool
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [
        str(dict(row)) for table in tables for row in await pool.fetch(f"SELECT * FROM {table['tablename']}")
    ]
    return "\n".join(rows)


async def test_redacted_words_are_gone_from_every_table(console: RunningConsole) -> None:
    conversation = await told(console)
    carla = await console.signed_in("Carla", "supervisor")
    assert SECRET in await everything(console)
    path = f"/console/conversations/{conversation.id}/redact"
    done = await carla.post(path, data={"words": SECRET, "reason": "third_person"})
    assert done.status == 200 and "The words are removed" in done.visible
    assert SECRET not in await everything(console)
    texts = [message.text for message in await console.log(conversation) if message.author == "contact"]
    assert texts == ["Please ask [removed]", "[removed]. Yes: [removed]!", "changed"]
    assert (await console.log(conversation))[-1].earlier == ("[removed]?", "b")
    rows = await console.store.pool.fetch("SELECT reason, places FROM redactions ORDER BY places")
    assert [tuple(row) for row in rows] == [("third_person", 1), ("third_person", 1), ("third_person", 2)]
    assert "redact" in await console.audited(conversation.id)
    again = await carla.post(path, data={"words": SECRET, "reason": "third_person"})
    assert again.status == 422 and "do not appear" in again.visible
    for form in ({"words": "x", "reason": "unlawful"}, {"words": "Please", "reason": "because"}):
        assert (await carla.post(path, data=form)).status == 422
    assert "Please ask" in (await console.log(conversation))[0].text


async def test_a_legal_hold_stops_deletion_and_redaction_until_it_is_lifted(console: RunningConsole) -> None:
    conversation = await told(console)
    other = await console.queued()
    carla = await console.signed_in("Carla", "supervisor")
    one, pool = f"/console/conversations/{conversation.id}", console.store.pool
    assert (await carla.post(f"{one}/hold", data={"reason": " "})).status == 422
    held = await carla.post(f"{one}/hold", data={"reason": "Case 17/2026"})
    assert "Legal hold since" in held.visible and "Case 17/2026" in held.visible
    assert (await carla.post(f"{one}/hold", data={"reason": "Case 18"})).status == 422
    for statement, id in (
        ("DELETE FROM contacts WHERE id = $1", conversation.contact_id),
        ("DELETE FROM conversations WHERE id = $1", conversation.id),
        ("DELETE FROM messages WHERE contact_id = $1", conversation.contact_id),
    ):
        with pytest.raises(
            asyncpg.PostgresError, match=r"under a legal hold since .* Nothing was deleted"
        ) as refused:
            await pool.execute(statement, id)
        assert refused.value.sqlstate == "CD001"
    words = {"words": SECRET, "reason": "third_person"}
    refusal = await carla.post(f"{one}/redact", data=words)
    assert refusal.status == 422 and "legal hold" in refusal.visible and SECRET in await everything(console)
    await pool.execute("DELETE FROM contacts WHERE id = $1", other.contact_id)  # nobody holds this one
    assert "is lifted" in (await carla.post(f"{one}/lift-hold")).visible
    assert (await carla.post(f"{one}/lift-hold")).status == 409
    assert (await carla.post(f"{one}/redact", data=words)).status == 200
    await pool.execute("DELETE FROM contacts WHERE id = $1", conversation.contact_id)
    assert [line for line in await console.audited(conversation.id) if "hold" in line] == [
        "hold",
        "hold_lifted",
    ]


async def archive(browser: Browser, console: RunningConsole, conversation: Conversation) -> zipfile.ZipFile:
    async with browser.http.post(
        f"{console.base}/console/conversations/{conversation.id}/export", data={"csrf": browser.csrf}
    ) as answer:
        assert answer.status == 200 and answer.headers["content-type"] == "application/zip"
        assert f"conversation-{conversation.id}.zip" in answer.headers["content-disposition"]
        return zipfile.ZipFile(io.BytesIO(await answer.read()))


async def test_the_copy_for_an_information_request_is_complete_and_marks_what_is_internal(
    console: RunningConsole,
) -> None:
    conversation = await console.queued(text="<b>Ignore</b> this & that")
    made = await media.add_file(
        console.store.pool, conversation.contact_id, f"{uuid4()}.jpg", "image/jpeg", 4, "0" * 64
    )
    (console.media_dir / made.file_name).write_bytes(b"\xff\xd8\xff\xe0")
    await console.say(
        conversation, "A photo", content={"attachments": [{"id": str(made.id), "content_type": "image/jpeg"}]}
    )
    _, carla = await console.agent("Carla", "supervisor")
    await notes.add_note(console.store.pool, conversation.id, carla.agent_id, "Knows the mayor.", uuid4())
    browser = await console.signed_in("Carla", "supervisor")
    copy = await archive(browser, console, conversation)
    assert copy.testzip() is None
    names = set(copy.namelist())
    assert names == {"conversation.html", "conversation.json", f"photos/{made.id}.jpg"}
    assert copy.read(f"photos/{made.id}.jpg") == b"\xff\xd8\xff\xe0"
    plain = json.loads(copy.read("conversation.json"))
    assert [one["text"] for one in plain["messages"] if one["author"] == "contact"] == [
        "<b>Ignore</b> this & that", "A photo",
    ]  # fmt: skip
    assert plain["messages"][-1]["files"] == [f"photos/{made.id}.jpg"]
    assert plain["internal_notes"] == [
        plain["internal_notes"][0] | {"text": "Knows the mayor.", "internal": True}
    ]
    assert [one["to"] for one in plain["changes"]] == ["bot", "queued"]
    page = copy.read("conversation.html").decode()
    assert (
        "&lt;b&gt;Ignore&lt;/b&gt; this &amp; that" in page and "Decide whether they may be given out" in page
    )
    assert "export" in await console.audited(conversation.id)
