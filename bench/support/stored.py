"""Stored: a desk with a past. Conversations of ten messages, their events and turns, and reports, made by the database itself."""

from desk.store.pool import Store

EACH = 10  # messages of a conversation, half of them the citizen's
QUEUED, ASSIGNED, WITH_BOT = 200, 100, 500  # open ones: a desk's present does not grow with its past

_STATEMENTS = (
    """INSERT INTO contacts (id, inbox, external_id, language, last_seq, created_at)
       SELECT md5('contact' || n)::uuid, 'web', 'stored ' || n, 'en', 10, now() - ($2 - n) * interval '30 seconds'
       FROM generate_series($1::bigint + 1, $2::bigint) n""",
    """INSERT INTO conversations (id, inbox, contact_id, state, team, language, created_at, updated_at, queued_at, resolved_at)
       SELECT md5('conversation' || n)::uuid, 'web', md5('contact' || n)::uuid, 'resolved', 'front-desk', 'en',
              now() - ($2 - n) * interval '30 seconds', now() - ($2 - n) * interval '29 seconds', NULL,
              now() - ($2 - n) * interval '29 seconds'
       FROM generate_series($1::bigint + 1, $2::bigint) n""",
    """INSERT INTO events (inbox, external_id, contact_id, payload, received_at, state, attempts)
       SELECT 'web', n || ':' || k, md5('contact' || n)::uuid, '{"kind": "message", "text": "When is my bin collected?"}',
              now() - ($2 - n) * interval '30 seconds', 'done', 1
       FROM generate_series($1::bigint + 1, $2::bigint) n, generate_series(1, 9, 2) k""",
    """INSERT INTO messages (id, conversation_id, contact_id, seq, author, text, content, language, event_id, reply_to,
                              reply_index, status, created_at)
       SELECT md5('message' || n || ':' || k)::uuid, md5('conversation' || n)::uuid, md5('contact' || n)::uuid, k,
              CASE WHEN k % 2 = 1 THEN 'contact' ELSE 'bot' END,
              'When is my bin collected in street ' || n || '? It was not collected on Tuesday.',
              CASE WHEN k % 2 = 1 THEN '{}'::jsonb ELSE '{"buttons": [{"id": "x", "title": "Report it"}]}'::jsonb END,
              'en', e.id, CASE WHEN k % 2 = 0 THEN md5('message' || n || ':' || (k - 1))::uuid END,
              CASE WHEN k % 2 = 0 THEN 0 END, 'delivered', now() - ($2 - n) * interval '30 seconds'
       FROM generate_series($1::bigint + 1, $2::bigint) n CROSS JOIN generate_series(1, 10) k
       LEFT JOIN events e ON e.inbox = 'web' AND e.external_id = n || ':' || k""",
    """INSERT INTO turns (message_id, conversation_id, fence, outcome, intent, confidence, took_ms, created_at)
       SELECT md5('message' || n || ':' || k)::uuid, md5('conversation' || n)::uuid, 0, 'answered', 'bin_collection', 0.9, 20,
              now() - ($2 - n) * interval '30 seconds'
       FROM generate_series($1::bigint + 1, $2::bigint) n, generate_series(1, 9, 2) k""",
    """INSERT INTO georeport_requests (reference, token, service_code, status, description, requested_at, updated_at)
       SELECT 'ST-' || n, 'stored ' || n, CASE WHEN n % 5 = 0 THEN 'pothole' ELSE 'graffiti' END,
              CASE WHEN n % 10 = 0 THEN 'open' ELSE 'closed' END, 'A pothole.',
              now() - ($2 - n) * interval '30 seconds', now() - ($2 - n) * interval '29 seconds'
       FROM generate_series($1::bigint + 1, $2::bigint) n""",
    """INSERT INTO service_requests (id, conversation_id, contact_id, backend, service_code, payload, state, reference, status, filed_at)
       SELECT md5('request' || n)::uuid, md5('conversation' || n)::uuid, md5('contact' || n)::uuid, 'requests', 'pothole', '{}',
              'filed', 'ST-' || n, 'closed', now() - ($2 - n) * interval '30 seconds'
       FROM generate_series($1::bigint + 1, $2::bigint) n WHERE n % 4 = 0""",
    """INSERT INTO web_sessions (token_hash, contact_id, expires_at)
       SELECT sha256(('stored ' || n)::bytea), md5('contact' || n)::uuid, now() + interval '20 days'
       FROM generate_series($1::bigint + 1, $2::bigint) n""",
)
_PRESENT = """
    UPDATE conversations SET state = $2, resolved_at = NULL, agent_id = $3, assigned_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE now() END,
           queued_at = CASE WHEN $2 = 'bot' THEN NULL ELSE now() - random() * interval '1 hour' END
    WHERE id IN (SELECT md5('conversation' || n)::uuid FROM generate_series($1::bigint, $1::bigint + $4::bigint - 1) n)"""


async def store_past(store: Store, before: int, conversations: int) -> None:
    """Add the conversations from `before` to `conversations`. What must hold between the rows is made so, not checked."""
    async with store.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for statement in _STATEMENTS:
            await connection.execute(statement, before, conversations, timeout=600)
    async with store.pool.acquire() as connection:
        await connection.execute("ANALYZE", timeout=600)


async def open_some(store: Store, agent_id: object) -> None:
    """The present: who waits, who has an agent, who is with the bot. They are the first conversations."""
    for first, state, agent, count in (
        (1, "queued", None, QUEUED),
        (QUEUED + 1, "assigned", agent_id, ASSIGNED),
        (QUEUED + ASSIGNED + 1, "bot", None, WITH_BOT),
    ):
        await store.pool.execute(_PRESENT, first, state, agent, count)


async def long_conversation(store: Store, number: int, messages: int) -> None:
    """Make one conversation so many messages long (it is with the bot)."""
    async with store.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(
            """INSERT INTO messages (conversation_id, contact_id, seq, author, text, content, language, status)
               SELECT md5('conversation' || $1::bigint)::uuid, md5('contact' || $1::bigint)::uuid, k,
                      CASE WHEN k % 2 = 1 THEN 'contact' ELSE 'bot' END, 'A line of a long conversation.', '{}', 'en', 'delivered'
               FROM generate_series(11, $2::bigint) k""",
            number,
            messages,
            timeout=600,
        )
        await connection.execute(
            "UPDATE contacts SET last_seq = $2 WHERE id = md5('contact' || $1::bigint)::uuid",
            number,
            messages,
        )
