"""Writing answers: every save creates a version that is kept for ever; if two people save at once, the second is warned."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.checking import AnswerRefused, read_body
from desk.knowledge.publishing.published import PublishedAnswers, body_of
from desk.knowledge.sharing.merging import merge
from desk.model import Actor, Clock, DeskError, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.knowledge import answers, shared
from desk.store.knowledge.answers import AnswerState, AnswerVersion, Body, KeptAnswer
from desk.store.knowledge.shared import SharedAnswer
from desk.store.pool import Executor, Store

_ID = re.compile(r"[a-z][a-z_]{2,39}")
RESERVED = frozenset(
    {"new", "find", "proposals", "stops", "training", "unanswered", "comparisons", "judging", "shared"}
)
"""Names that pages of the console have."""
NO_ID = "The name needs 3 to 40 small letters and underscores, and the assistant must not use it for something else."


class SavedMeanwhile(DeskError):
    """Somebody else saved first. Nothing was changed; `newest` is what the answer is now."""

    def __init__(self, newest: KeptAnswer) -> None:
        super().__init__(
            "Somebody else saved this answer while you wrote. Nothing of yours is saved yet, and what you wrote stands below. "
            "Compare, and save again."
        )
        self.newest = newest


class Drafts:
    """Built once. Every method raises NotAllowed, and those that change something leave an audit line."""

    def __init__(self, store: Store, catalog: Catalog, clock: Clock, published: PublishedAnswers) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._published = published

    async def list(self, actor: Actor) -> Sequence[KeptAnswer]:
        """All answers, by id."""
        require(actor, Permission.READ_ANSWERS)
        return await answers.list_kept(self._store.pool)

    async def get(self, actor: Actor, id: str) -> KeptAnswer:
        """One answer. Raises NotFound."""
        require(actor, Permission.READ_ANSWERS)
        return await get_answer(self._store.pool, id)

    async def history(self, actor: Actor, id: str) -> tuple[Sequence[AnswerVersion], Sequence[AnswerState]]:
        """The versions and their states, the latest first."""
        require(actor, Permission.READ_ANSWERS)
        pool = self._store.pool
        return await answers.list_versions(pool, id), await answers.list_states(pool, id)

    async def add(self, actor: Actor, id: str, body: Mapping[str, Any], why: str = "") -> None:
        """An answer that does not exist yet, as a draft; `why` stands in its history. Raises AnswerRefused."""
        require(actor, Permission.WRITE_ANSWERS)
        if not _ID.fullmatch(id) or id in RESERVED or f"utter_{id}" in self._catalog.responses:
            raise AnswerRefused([NO_ID])
        clean = body_of(read_body(id, body, self._catalog))
        async with self._store.transaction() as transaction:
            await answers.lock(transaction)
            if id in self._catalog.seed or await answers.get_kept(transaction, id) is not None:
                raise AnswerRefused(["There is an answer of this name already. Choose another name."])
            now = self._clock()
            await answers.add_draft(transaction, id, clean, now, actor.agent_id, why)
            await audit.record(transaction, actor.agent_id, "answer_saved", None, now, answer=id, version="1")
        await self._published.read(self._store.pool)

    async def save(self, actor: Actor, id: str, body: Mapping[str, Any], version: int, why: str = "") -> None:
        """A new draft, written over version `version`. What citizens get stays as it is. Raises AnswerRefused,
        SavedMeanwhile or NotFound."""
        require(actor, Permission.WRITE_ANSWERS)
        clean = body_of(read_body(id, body, self._catalog))
        async with self._store.transaction() as transaction:
            before = await self._unchanged(transaction, id, version)
            if clean != before.body:
                await add_draft(transaction, before, clean, self._clock(), actor, why)

    async def restore(self, actor: Actor, id: str, older: int, version: int) -> None:
        """A new draft that says what version `older` said. Raises as `save` does."""
        require(actor, Permission.WRITE_ANSWERS)
        async with self._store.transaction() as transaction:
            before = await self._unchanged(transaction, id, version)
            body = await answers.get_version(transaction, id, older)
            if body is None:
                raise NotFound("There is no such version.")
            why = f"As version {older} was."
            await add_draft(transaction, before, body, self._clock(), actor, why)

    async def settle(self, actor: Actor, id: str, version: int, *, take_file: bool) -> None:
        """End a conflict with the file: a draft that says what the file says, or what the console has. Raises as `save` does."""
        require(actor, Permission.WRITE_ANSWERS)
        async with self._store.transaction() as transaction:
            before = await self._unchanged(transaction, id, version)
            if not before.in_conflict or before.file is None:
                return
            if take_file:
                await add_draft(transaction, before, before.file, self._clock(), actor, "As the file says.")
            else:
                await audit.record(transaction, actor.agent_id, "answer_kept", None, self._clock(), answer=id)
            await answers.set_base(transaction, id, before.file)

    async def shared(self, actor: Actor, id: str) -> SharedAnswer | None:
        """What a shared set says of this answer."""
        require(actor, Permission.READ_ANSWERS)
        return (await shared.list_shared(self._store.pool)).get(id)

    async def settle_shared(
        self, actor: Actor, id: str, version: int, take: Literal["theirs", "merge", "ours"]
    ) -> None:
        """End a difference from the shared answer: a draft that says what the set says, or both merged; or keep what is here. Raises as
        `save` does."""
        require(actor, Permission.WRITE_ANSWERS)
        async with self._store.transaction() as transaction:
            before = await self._unchanged(transaction, id, version)
            theirs = (await shared.list_shared(transaction)).get(id)
            if theirs is None or not theirs.differs(before.body):
                return
            if take == "ours" or theirs.body is None:
                await audit.record(
                    transaction, actor.agent_id, "answer_kept", None, self._clock(), answer=id, set=theirs.set_name
                )  # fmt: skip
            else:
                body, both = (
                    (theirs.body, []) if take == "theirs" else merge(theirs.base, before.body, theirs.body)
                )
                clean = body_of(read_body(id, body, self._catalog))
                why = f"{'As' if take == 'theirs' else 'Merged with'} {theirs.set_name}, version {theirs.version}."
                if both:
                    why += f" Both changed {', '.join(both[:8])}: here as before."
                if clean != before.body:
                    await add_draft(transaction, before, clean, self._clock(), actor, why)
            await shared.set_compared(transaction, id)

    async def _unchanged(self, transaction: Executor, id: str, version: int) -> KeptAnswer:
        await answers.lock(transaction)
        kept = await get_answer(transaction, id)
        if kept.newest != version:
            raise SavedMeanwhile(kept)
        return kept


async def get_answer(executor: Executor, id: str) -> KeptAnswer:
    """One answer. Raises NotFound."""
    kept = await answers.get_kept(executor, id)
    if kept is None:
        raise NotFound("There is no such answer.")
    return kept


async def add_draft(
    transaction: Executor, before: KeptAnswer, body: Body, at: Any, actor: Actor, why: str
) -> None:
    """The next version of an answer, with its line in the history and in the audit."""
    version = before.newest + 1
    await answers.add_version(transaction, before.id, version, body, at, actor.agent_id)
    await answers.set_newest(transaction, before.id, version, "draft")
    await answers.add_state(transaction, before.id, version, "draft", why, at, actor.agent_id)
    await audit.record(
        transaction, actor.agent_id, "answer_saved", None, at, answer=before.id, version=str(version)
    )
