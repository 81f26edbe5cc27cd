"""The switch that stops an answer, the answers of an area, or the whole assistant, in every process within five seconds."""

from collections.abc import Sequence
from uuid import UUID

from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.publishing.review import WHY
from desk.model import Actor, Clock, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.knowledge import answers, stops
from desk.store.knowledge.stops import Kind, Stop
from desk.store.pool import Store


class Stopping:
    """Built once. Every method raises NotAllowed; each act leaves an audit line."""

    def __init__(self, store: Store, catalog: Catalog, clock: Clock, published: PublishedAnswers) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._published = published

    async def list(self, actor: Actor) -> tuple[Sequence[Stop], Sequence[Stop]]:
        """What is stopped now, and what was."""
        require(actor, Permission.READ_ANSWERS)
        return await stops.list_open(self._store.pool), await stops.list_ended(self._store.pool)

    async def stop(self, actor: Actor, kind: Kind, name: str, why: str) -> None:
        """Citizens get none of this from now on. Raises AnswerRefused without a reason, NotFound if there is no such answer
        or area. Stopping twice is stopping once."""
        require(actor, Permission.STOP_ANSWERS)
        reason = " ".join(why.split())
        if not reason or len(reason) > WHY:
            raise AnswerRefused(["Say why: colleagues and the history need it."], "Nothing was stopped.")
        if kind == "assistant":
            name = ""
        elif name not in (self._catalog.answers if kind == "answer" else self.areas()):
            raise NotFound("There is no such answer or area.")
        async with self._store.transaction() as transaction:
            now = self._clock()
            if await stops.add_stop(transaction, kind, name, reason, now, actor.agent_id):
                await audit.record(
                    transaction, actor.agent_id, "answers_stopped", None, now, kind=kind, name=name
                )
        await self._published.read(self._store.pool)

    async def resume(self, actor: Actor, id: UUID) -> None:
        """It is given again. Raises NotFound if it is not stopped any more."""
        require(actor, Permission.STOP_ANSWERS)
        async with self._store.transaction() as transaction:
            now = self._clock()
            ended = await stops.set_ended(transaction, id, now, actor.agent_id)
            if ended is None:
                raise NotFound("That is no longer stopped.")
            await audit.record(
                transaction, actor.agent_id, "answers_resumed", None, now, kind=ended[0], name=ended[1]
            )
        await self._published.read(self._store.pool)

    async def set_area(self, actor: Actor, area: str, *, two_people: bool) -> None:
        """Whether somebody else has to approve an area's answers. Raises NotFound if no answer is in it."""
        require(actor, Permission.SET_ANSWER_REVIEW)
        if area not in self.areas():
            raise NotFound("There is no such area.")
        async with self._store.transaction() as transaction:
            await answers.set_area(transaction, area, two_people)
            await audit.record(
                transaction, actor.agent_id, "answer_area_set", None, self._clock(), area=area,
                two_people="yes" if two_people else "no",
            )  # fmt: skip

    def areas(self) -> Sequence[str]:
        """The areas of all answers."""
        return sorted({one.area for one in self._catalog.answers.values()})
