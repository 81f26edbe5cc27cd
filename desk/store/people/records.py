"""Legal holds and redactions. The database itself refuses to delete data under a hold (migration 0037)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Nothing of this contact may be deleted or redacted until it is lifted."""

    id: UUID
    contact_id: UUID
    reason: str
    placed_by: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Redaction:
    """Words were taken out of a message. `places`: how often they stood there."""

    message_id: UUID
    reason: str
    places: int
    agent_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Redacted:
    """In how many messages words were replaced, and in how many notes, whispers, drafts and the like."""

    messages: int
    others: int


async def get_hold(executor: Executor, contact_id: UUID) -> LegalHold | None:
    """The hold that is in force on this contact."""
    row = await executor.fetchrow(
        "SELECT h.id, h.contact_id, h.reason, a.name AS placed_by, h.placed_at FROM legal_holds h "
        "JOIN agents a ON a.id = h.placed_by WHERE h.contact_id = $1 AND h.lifted_at IS NULL",
        contact_id,
    )
    return LegalHold(**dict(row)) if row else None


async def add_hold(executor: Executor, contact_id: UUID, reason: str, agent_id: UUID, now: datetime) -> bool:
    """Hold everything of this contact; False if it is held already."""
    done = await executor.fetchval(
        "INSERT INTO legal_holds (contact_id, reason, placed_by, placed_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT DO NOTHING RETURNING true",
        contact_id, reason, agent_id, now,
    )  # fmt: skip
    return done is not None


async def mark_lifted(executor: Executor, contact_id: UUID, agent_id: UUID, now: datetime) -> bool:
    """The hold is over; False if there is none."""
    done = await executor.fetchval(
        "UPDATE legal_holds SET lifted_by = $2, lifted_at = $3 WHERE contact_id = $1 AND lifted_at IS NULL "
        "RETURNING true",
        contact_id, agent_id, now,
    )  # fmt: skip
    return done is not None


async def list_redactions(executor: Executor, conversation_id: UUID) -> list[Redaction]:
    """The redactions of this conversation, in order."""
    rows = await executor.fetch(
        "SELECT r.message_id, r.reason, r.places, a.name AS agent_name, r.at FROM redactions r "
        "JOIN agents a ON a.id = r.agent_id WHERE r.conversation_id = $1 ORDER BY r.at, r.id",
        conversation_id,
    )
    return [Redaction(**dict(row)) for row in rows]


async def redact(
    executor: Executor,
    conversation_id: UUID,
    words: str,
    mark: str,
    reason: str,
    agent_id: UUID,
    now: datetime,
) -> Redacted:
    """Put `mark` in the place of `words`, in this conversation's messages, in what arrived for them, in its summary, and in
    everything that people wrote beside it; translations of them are deleted. A trigger removes what the bot kept of them."""
    rows = await executor.fetch(
        """UPDATE messages SET text = replace(text, $2, $3), content = content
               || CASE WHEN content->'deleted' ? 'text' THEN jsonb_build_object('deleted', jsonb_set(
                      content->'deleted', '{text}', to_jsonb(replace(content->'deleted'->>'text', $2, $3))))
                  ELSE '{}' END
               || CASE WHEN content ? 'earlier' THEN jsonb_build_object('earlier', (SELECT jsonb_agg(
                      jsonb_set(one, '{text}', to_jsonb(replace(one->>'text', $2, $3))) ORDER BY place)
                      FROM jsonb_array_elements(content->'earlier') WITH ORDINALITY AS version (one, place)))
                  ELSE '{}' END
               || CASE WHEN content ? 'report' THEN jsonb_build_object('report', jsonb_set(content->'report', '{answers}',
                      coalesce((SELECT jsonb_agg(
                      jsonb_set(one, '{text}', to_jsonb(replace(one->>'text', $2, $3))) ORDER BY place)
                      FROM jsonb_array_elements(content->'report'->'answers') WITH ORDINALITY AS answer (one, place)),
                      '[]')))
                  ELSE '{}' END
           WHERE conversation_id = $1 AND (strpos(text, $2) > 0 OR strpos(content->'deleted'->>'text', $2) > 0
               OR EXISTS (SELECT FROM jsonb_array_elements(content->'earlier') AS one WHERE strpos(one->>'text', $2) > 0)
               OR EXISTS (SELECT FROM jsonb_array_elements(content->'report'->'answers') AS one
                          WHERE strpos(one->>'text', $2) > 0))
           RETURNING id, event_id, (length(text) - length(replace(text, $3, ''))) / length($3) AS places""",
        conversation_id, words, mark,
    )  # fmt: skip
    await executor.execute(
        """UPDATE events SET payload = jsonb_set(payload, '{text}', to_jsonb(replace(payload->>'text', $2, $3)))
           WHERE id = ANY($1) AND strpos(payload->>'text', $2) > 0""",
        [row["event_id"] for row in rows], words, mark,
    )  # fmt: skip
    # A machine may have paraphrased the words, so whatever it made of such a message is deleted as a whole.
    gone = await executor.fetch(
        """DELETE FROM message_translations t USING messages m WHERE m.id = t.message_id AND m.conversation_id = $1
           AND (m.id = ANY($2) OR strpos(t.text, $3) > 0) RETURNING m.id""",
        conversation_id, [row["id"] for row in rows], words,
    )  # fmt: skip
    await executor.execute(
        "UPDATE conversations SET handoff_summary = replace(handoff_summary, $2, $3), updated_at = $4 WHERE id = $1",
        conversation_id, words, mark, now,
    )  # fmt: skip
    others = await _redact_beside(executor, conversation_id, words, mark)
    await executor.execute(
        "INSERT INTO redactions (conversation_id, message_id, reason, places, agent_id, at) "
        "SELECT $1, id, $4, greatest(places, 1), $5, $6 FROM unnest($2::uuid[], $3::int[]) AS found (id, places)",
        conversation_id, [row["id"] for row in rows], [row["places"] for row in rows], reason, agent_id, now,
    )  # fmt: skip
    return Redacted(len({row["id"] for row in (*rows, *gone)}), others)


async def _redact_beside(executor: Executor, conversation_id: UUID, words: str, mark: str) -> int:
    """What people wrote beside the messages: in how many of it the words were."""
    statements = (
        """UPDATE conversation_notes SET text = replace(text, $2, $3) WHERE conversation_id = $1 AND strpos(text, $2) > 0""",
        """UPDATE whispers SET text = replace(text, $2, $3) WHERE conversation_id = $1 AND strpos(text, $2) > 0""",
        """UPDATE reply_drafts SET text = replace(text, $2, $3), own_words = replace(own_words, $2, $3)
           WHERE conversation_id = $1 AND (strpos(text, $2) > 0 OR strpos(own_words, $2) > 0)""",
        """UPDATE scheduled_messages SET text = replace(text, $2, $3), own_words = CASE WHEN own_words ? 'text'
               THEN jsonb_set(own_words, '{text}', to_jsonb(replace(own_words->>'text', $2, $3))) ELSE own_words END
           WHERE conversation_id = $1 AND (strpos(text, $2) > 0 OR strpos(own_words->>'text', $2) > 0)""",
        """UPDATE reminders SET text = replace(text, $2, $3) WHERE conversation_id = $1 AND strpos(text, $2) > 0""",
        """UPDATE quality_reviews SET note = replace(note, $2, $3) WHERE conversation_id = $1 AND strpos(note, $2) > 0""",
        """UPDATE surveys SET comment = replace(comment, $2, $3) WHERE conversation_id = $1 AND strpos(comment, $2) > 0""",
        """UPDATE partner_transfers SET note = replace(note, $2, $3), reason = replace(reason, $2, $3)
           WHERE conversation_id = $1 AND (strpos(note, $2) > 0 OR strpos(reason, $2) > 0)""",
        """UPDATE corrections SET text = replace(text, $2, $3)
           WHERE message_id IN (SELECT id FROM messages WHERE conversation_id = $1) AND strpos(text, $2) > 0""",
    )
    count = 0
    for statement in statements:
        tag = await executor.execute(statement, conversation_id, words, mark)
        count += int(tag.rpartition(" ")[2])
    return count
