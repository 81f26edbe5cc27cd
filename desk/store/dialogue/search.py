"""Finds conversations by the text of their messages, by their contact's name, or by a report's number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from desk.model import ConversationState, Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor

WORDS = 8  # further words would not narrow the result
LONGEST_WORD = 60
MATCHES = 2000  # messages examined; a search that finds more asks for another word
AROUND = 90  # characters before and after the first match
_WORD = re.compile(r"[^\W_]+")
# As in the index (migration 6). PostgreSQL keeps addresses whole; here their parts are separate words.
INDEXED = "to_tsvector('simple', translate(m.text, '@./:-_+', '       '))"


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation found. `before`, `hit` and `after` are an excerpt of its newest matching message; they
    are empty if the contact's name or a report's number matched."""

    id: UUID
    inbox: str
    state: ConversationState
    contact_name: str | None
    updated_at: datetime
    author: str | None
    before: str
    hit: str
    after: str


def words_of(text: str) -> list[str]:
    """The search terms: words and numbers, in lower case, without duplicates; punctuation only separates
    them."""
    found = [word[:LONGEST_WORD] for word in _WORD.findall(text.lower())]
    return list(dict.fromkeys(found))[:WORDS]


async def search(executor: Executor, scope: Scope, text: str, limit: int = 50) -> list[Found]:
    """Conversations within `scope`, most recently changed first. All words must match; if nothing does, the
    last one may be a prefix. Empty without a word. The time grows with the number of matches, up to MATCHES
    messages, and not with the number of messages stored."""
    words = words_of(text)
    if not words:
        return []
    whole = [f"'{word}'" for word in words]
    # Whole words first: if one is rare, the index can skip the common ones, which it cannot do for prefixes.
    for asked in (whole, [*whole[:-1], f"{whole[-1]}:*"]):
        if rows := await _matching(executor, scope, " & ".join(asked), text, limit):
            break
    return [
        Found(
            row["id"], row["inbox"], row["state"], row["contact_name"], row["updated_at"], row["author"],
            *_piece(row["text"], words),
        )
        for row in rows
    ]  # fmt: skip


async def _matching(
    executor: Executor, scope: Scope, query: str, text: str, limit: int
) -> Sequence[asyncpg.Record]:
    return await executor.fetch(
        f"""
        WITH found AS (
            (SELECT m.conversation_id, m.seq, m.author, m.text FROM messages m JOIN conversations v ON v.id = m.conversation_id
             WHERE {INDEXED} @@ to_tsquery('simple', $4) AND {VISIBLE} LIMIT $5)
            UNION ALL
            SELECT v.id, 0, NULL, '' FROM contacts c JOIN conversations v ON v.contact_id = c.id
            WHERE lower(c.name) = $6
            UNION ALL
            SELECT r.conversation_id, 0, NULL, '' FROM service_requests r WHERE r.reference = $7
        ), newest AS (
            SELECT DISTINCT ON (conversation_id) conversation_id, author, text FROM found
            ORDER BY conversation_id, seq DESC
        )
        SELECT v.id, v.inbox, v.state, c.name AS contact_name, v.updated_at, n.author, n.text
        FROM newest n JOIN conversations v ON v.id = n.conversation_id JOIN contacts c ON c.id = v.contact_id
        WHERE {VISIBLE} ORDER BY v.updated_at DESC LIMIT $8
        """,  # noqa: S608  (all parts are the desk's own)
        *scope_values(scope),
        query,
        MATCHES,
        " ".join(text.lower().split()),
        text.strip().upper(),
        limit,
    )


def _piece(text: str, words: list[str]) -> tuple[str, str, str]:
    """The text around the first match, and the matching word as it was written."""
    places = [match.span() for match in _WORD.finditer(text) if match[0].lower().startswith(tuple(words))]
    start, end = places[0] if places else (0, 0)
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return (
        ("…" if start > AROUND else "") + before,
        text[start:end],
        after + ("…" if end + AROUND < len(text) else ""),
    )
