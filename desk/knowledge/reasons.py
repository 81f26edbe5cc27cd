"""Why the assistant replied as it did: model, version of the answer, score, nearest examples, and the rule that decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.model import Actor, Clock, NotFound
from desk.people import audit
from desk.people.access import access_conversation
from desk.people.permissions import Permission, may, require
from desk.store.knowledge import reasons
from desk.store.knowledge.reasons import Reasoned
from desk.store.pool import Store


@dataclass(frozen=True, slots=True)
class Example:
    """A training example. `likeness` is the cosine of the encoder's vectors."""

    text: str
    intent: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Reading:
    """How one question of the message was read. `decided`: the rule, as bot/understanding/classifier/why.py names it. Scores are between 0
    and 1; `sure_from` is the model's own threshold. `scope` says how likely the city has something on it, from `scope_from` on."""

    intent: str
    score: float
    decided: str
    sure_from: float | None
    scope: float | None
    scope_from: float | None
    ranking: Sequence[tuple[str, float]]
    nearest: Sequence[Example]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reply. `text` is empty for those who read no conversation. `model` is empty for a turn of an earlier release."""

    message_id: UUID
    at: datetime
    text: str
    language: str
    answer: str | None
    version: int | None
    outcome: str
    model: str
    actions: Sequence[str]
    readings: Sequence[Reading]


class Reasons:
    """Built once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of_conversation(self, actor: Actor, conversation_id: UUID) -> list[Reason]:
        """For those who may see the conversation, and, without any words of it, for those who read the whole audit. Leaves an
        audit line. Raises AccessDenied, NotFound or NotAllowed."""
        pool = self._store.pool
        reads = may(actor, Permission.READ_CONVERSATIONS)
        if reads:
            await access_conversation(pool, actor, conversation_id)
        else:
            require(actor, Permission.READ_WHOLE_AUDIT)
            if not await reasons.is_known(pool, conversation_id):
                raise NotFound("There is no such conversation.")
        await audit.record_read(pool, actor.agent_id, "reasons_read", conversation_id, self._clock())
        return [
            _reason(one, reads=reads) for one in await reasons.list_of_conversation(pool, conversation_id)
        ]


def _reason(one: Reasoned, *, reads: bool) -> Reason:
    parse = one.parse
    read = [parse, *_dicts(parse.get("parts"))]
    ran = parse.get("ran")
    return Reason(
        one.message_id, one.at, one.text if reads else "", one.language, one.answer, one.version, one.outcome,
        str(parse.get("model") or ""),
        [str(name) for name in ran] if isinstance(ran, list) else [],
        [_reading(part) for part in read if part.get("intent")],
    )  # fmt: skip


def _reading(parse: Mapping[str, Any]) -> Reading:
    return Reading(
        str(parse["intent"]),
        _number(parse.get("confidence")) or 0.0,
        str(parse.get("decided") or ""),
        _number(parse.get("sure_from")),
        _number(parse.get("scope")),
        _number(parse.get("scope_from")),
        [
            (str(found.get("intent")), _number(found.get("confidence")) or 0.0)
            for found in _dicts(parse.get("ranking"))
        ],
        [
            Example(str(found.get("text")), str(found.get("intent")), _number(found.get("likeness")) or 0.0)
            for found in _dicts(parse.get("nearest"))
        ],
    )


def _dicts(kept: object) -> list[Mapping[str, Any]]:
    return [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []


def _number(kept: object) -> float | None:
    return float(kept) if isinstance(kept, int | float) and not isinstance(kept, bool) else None
