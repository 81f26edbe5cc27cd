"""Bulk actions on conversations. Each succeeds, fails and is recorded on its own."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from desk.model import Actor, AlreadyClaimed, Clock, NotAllowed, NotFound, Refused, UsedAnswer, WrongState
from desk.people.permissions import Permission, may, require, scope_of
from desk.store.pool import Store
from desk.store.replies import batches

MOST_ACTS = 200
MOST_ANSWERS = 2_000
UNDO = timedelta(seconds=20)
"""How long the messages of one answer to many wait: long enough to see whom it goes to."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many conversations were changed, and how many had moved on or may not be changed by this agent."""

    done: int
    refused: int


class Bulk:
    """Built once by the console's composition root."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def each(self, conversation_ids: Sequence[UUID], act: Callable[[UUID], Awaitable[object]]) -> Done:
        """Do `act`, an act of Ownership and the like, with each. One that is refused keeps back no other. Raises Refused
        for none, or too many."""
        if not conversation_ids or len(conversation_ids) > MOST_ACTS:
            raise Refused("choose", f"Choose between 1 and {MOST_ACTS} conversations. Nothing was changed.")
        done = refused = 0
        for one in dict.fromkeys(conversation_ids):
            try:
                await act(one)
                done += 1
            except (NotFound, NotAllowed, AlreadyClaimed, WrongState, Refused):
                refused += 1
        return Done(done, refused)

    async def answer(
        self,
        actor: Actor,
        conversation_ids: Sequence[UUID],
        texts: Mapping[str, str],
        answers: Mapping[str, UsedAnswer],
        first_language: str,
        *,
        resolves: bool,
    ) -> tuple[UUID, int]:
        """Send one answer to many, to each in its language, after UNDO. `texts` and `answers` are by language. Returns the
        batch and the number of messages."""
        require(actor, Permission.ANSWER_CONVERSATIONS)
        if not conversation_ids or len(conversation_ids) > MOST_ANSWERS:
            raise Refused("choose", f"Choose between 1 and {MOST_ANSWERS} conversations. Nothing was sent.")
        if first_language not in texts:
            raise Refused(
                "no_language", "This text is missing in the city's first language. Nothing was sent."
            )
        batch, now = uuid4(), self._clock()
        async with self._store.transaction() as transaction:
            added = await batches.add_batch(
                transaction,
                scope_of(actor),
                list(dict.fromkeys(conversation_ids)),
                texts,
                {language: [asdict(one)] for language, one in answers.items()},
                first_language=first_language,
                batch=batch,
                due_at=now + UNDO,
                now=now,
                resolves=resolves,
                for_others=may(actor, Permission.ANSWER_FOR_OTHERS),
            )
        return batch, added
