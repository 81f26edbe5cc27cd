"""From draft to publication: review, approval by somebody else if the area requires it, publishing, withdrawing."""

from dataclasses import dataclass

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.checking import AnswerRefused, findings
from desk.knowledge.publishing.drafts import get_answer
from desk.knowledge.publishing.published import PublishedAnswers, answer_of
from desk.model import Actor, Clock, DeskError
from desk.people import audit
from desk.people.permissions import Permission, may, require
from desk.store.knowledge import answers
from desk.store.knowledge.answers import KeptAnswer, State
from desk.store.pool import Executor, Store

WHY = 500
"""Characters of a reason."""


class MovedOn(DeskError):
    """The answer, as it is now, does not take this act. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What this person may do with an answer now."""

    submit: bool
    approve: bool
    send_back: bool
    publish: bool
    withdraw: bool
    two_people: bool


class Review:
    """Built once. Every method raises NotAllowed, NotFound, or MovedOn if the answer is not in that version and state any
    more; each leaves a line in the answer's history and in the audit."""

    def __init__(
        self, store: Store, city: City, catalog: Catalog, clock: Clock, published: PublishedAnswers
    ) -> None:
        self._store = store
        self._city = city
        self._catalog = catalog
        self._clock = clock
        self._published = published

    async def steps(self, actor: Actor, kept: KeptAnswer) -> Steps:
        """The acts that are open."""
        two = await needs_two(self._store.pool, kept)
        writes, publishes = may(actor, Permission.WRITE_ANSWERS), may(actor, Permission.PUBLISH_ANSWERS)
        other = kept.author_id != actor.agent_id
        ready = kept.state == "approved" or (not two and kept.state in ("draft", "in_review"))
        return Steps(
            submit=writes and two and kept.state == "draft",
            approve=publishes and two and kept.state == "in_review" and other,
            send_back=publishes and kept.state in ("in_review", "approved"),
            publish=publishes and ready,
            withdraw=publishes and kept.published is not None,
            two_people=two,
        )

    async def submit(self, actor: Actor, id: str, version: int) -> None:
        """Ask for an approval. Raises AnswerRefused while something is wrong with the text."""
        require(actor, Permission.WRITE_ANSWERS)
        async with self._store.transaction() as transaction:
            kept = await self._in_state(transaction, id, version, "draft")
            self._check(kept)
            await self._set(transaction, kept, "in_review", actor)

    async def approve(self, actor: Actor, id: str, version: int) -> None:
        """Somebody who did not write this version agrees with it."""
        require(actor, Permission.PUBLISH_ANSWERS)
        async with self._store.transaction() as transaction:
            kept = await self._in_state(transaction, id, version, "in_review")
            if kept.author_id == actor.agent_id:
                raise MovedOn("You wrote this version, so somebody else has to approve it.")
            await self._set(transaction, kept, "approved", actor)

    async def send_back(self, actor: Actor, id: str, version: int, why: str) -> None:
        """It needs more work, for this reason."""
        require(actor, Permission.PUBLISH_ANSWERS)
        reason = reason_of(why)
        async with self._store.transaction() as transaction:
            kept = await self._in_state(transaction, id, version, "in_review", "approved")
            await self._set(transaction, kept, "draft", actor, reason)

    async def publish(self, actor: Actor, id: str, version: int) -> None:
        """Citizens get this version from now on. Raises AnswerRefused while something is wrong with the text."""
        require(actor, Permission.PUBLISH_ANSWERS)
        async with self._store.transaction() as transaction:
            kept = await self._in_state(transaction, id, version, "draft", "in_review", "approved")
            if kept.state != "approved" and await needs_two(transaction, kept):
                raise MovedOn("Somebody else has to approve this version first. Nothing was published.")
            self._check(kept)
            await self._set(transaction, kept, "published", actor)
            await answers.set_published(transaction, id, version)
        await self._published.read(self._store.pool)

    async def withdraw(self, actor: Actor, id: str, published: int, why: str) -> None:
        """Citizens do not get the published version any more, for this reason."""
        require(actor, Permission.PUBLISH_ANSWERS)
        reason = reason_of(why)
        async with self._store.transaction() as transaction:
            await answers.lock(transaction)
            kept = await get_answer(transaction, id)
            if kept.published != published:
                raise MovedOn("That version is no longer published. Nothing was changed.")
            now = self._clock()
            if kept.newest == published:
                await answers.set_newest(transaction, id, published, "withdrawn")
            await answers.add_state(transaction, id, published, "withdrawn", reason, now, actor.agent_id)
            await answers.set_published(transaction, id, None)
            await audit.record(
                transaction, actor.agent_id, "answer_withdrawn", None, now, answer=id, version=str(published)
            )
        await self._published.read(self._store.pool)

    def _check(self, kept: KeptAnswer) -> None:
        today = self._clock().astimezone(self._city.zone).date()
        found = findings(answer_of(kept.id, kept.body), self._catalog, self._city.languages, today)
        if found:
            raise AnswerRefused(found)

    async def _in_state(self, transaction: Executor, id: str, version: int, *states: State) -> KeptAnswer:
        await answers.lock(transaction)
        kept = await get_answer(transaction, id)
        if kept.newest != version or kept.state not in states:
            raise MovedOn(
                "Somebody has changed this answer in the meantime. Check it again; nothing was done."
            )
        return kept

    async def _set(
        self, transaction: Executor, kept: KeptAnswer, state: State, actor: Actor, why: str = ""
    ) -> None:
        now = self._clock()
        await answers.set_newest(transaction, kept.id, kept.newest, state)
        await answers.add_state(transaction, kept.id, kept.newest, state, why, now, actor.agent_id)
        await audit.record(
            transaction, actor.agent_id, f"answer_{_DONE[state]}", None, now,
            answer=kept.id, version=str(kept.newest),
        )  # fmt: skip


_DONE = {"draft": "sent_back", "in_review": "submitted", "approved": "approved", "published": "published"}


def reason_of(why: str) -> str:
    """A reason as it is kept. Raises AnswerRefused without one."""
    reason = " ".join(why.split())
    if not reason or len(reason) > WHY:
        raise AnswerRefused([f"Write a reason, of {WHY} characters at most."], "Give a reason.")
    return reason


async def needs_two(executor: Executor, kept: KeptAnswer) -> bool:
    """Whether somebody else has to approve what one person wrote in this answer's area."""
    return (await answers.list_areas(executor)).get(str(kept.body["area"]), True)
