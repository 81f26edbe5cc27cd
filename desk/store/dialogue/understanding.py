"""What the bot understood and filed, as shown to an agent next to the transcript."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Understood:
    """The bot's understanding of one citizen message. `confidence` is between 0 and 1. `foreign`: the language of the
    message, if it is none that the city speaks; a guess. `ranking`: the intents that were considered, likeliest first,
    with their confidence."""

    intent: str | None
    confidence: float | None
    outcome: str
    foreign: str | None = None
    ranking: tuple[tuple[str, float], ...] = ()

    def likely(self, sure: float) -> tuple[str, ...]:
        """The decided intent, and those with at least this confidence, likeliest first."""
        considered = [name for name, confidence in self.ranking if confidence >= sure]
        return tuple(dict.fromkeys([self.intent, *considered] if self.intent else considered))


@dataclass(frozen=True, slots=True)
class FiledRequest:
    """A service request of the contact. `state` is the progress of filing, `status` the back end's open or
    closed."""

    id: UUID
    backend: str
    service_code: str
    state: str
    reference: str | None
    status: str | None
    raw_status: str | None
    created_at: datetime
    updated_at: datetime
    conversation_id: UUID | None


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> dict[UUID, Understood]:
    """The results by the id of the citizen's message."""
    rows = await executor.fetch(
        """SELECT message_id, intent, confidence, outcome, parse->>'foreign' AS foreign,
                  parse->'ranking' AS ranking
           FROM turns
           WHERE conversation_id = $1""",
        conversation_id,
    )
    return {
        row["message_id"]: Understood(
            row["intent"], row["confidence"], row["outcome"], row["foreign"], _ranking(row["ranking"])
        )
        for row in rows
    }


def _ranking(kept: object) -> tuple[tuple[str, float], ...]:
    """As the bot gave it; a bot of another version may have written other things."""
    ranked = [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []
    pairs = [(one.get("intent"), one.get("confidence")) for one in ranked]
    return tuple(
        (name, float(sure)) for name, sure in pairs if isinstance(name, str) and isinstance(sure, int | float)
    )


async def list_requests_of_contact(
    executor: Executor, contact_id: UUID, limit: int = 50
) -> list[FiledRequest]:
    """The contact's service requests, newest first."""
    rows = await executor.fetch(
        """SELECT id, backend, service_code, state, reference, status, raw_status, created_at, updated_at,
                  conversation_id
           FROM service_requests WHERE contact_id = $1 ORDER BY created_at DESC LIMIT $2""",
        contact_id,
        limit,
    )
    return [FiledRequest(**dict(row)) for row in rows]
