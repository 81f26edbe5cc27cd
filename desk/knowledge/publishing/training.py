"""Training the assistant with the console's answers: requested here, done by the trainer, and rolled back here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desk.knowledge.publishing.exchange import list_answer_files
from desk.knowledge.publishing.review import MovedOn
from desk.model import Actor, Clock
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.knowledge import comparisons, trainings
from desk.store.knowledge.trainings import Training, Use
from desk.store.pool import Store


@dataclass(frozen=True, slots=True)
class TrainingState:
    """The trainings and uses, the latest first. `untrained`: published answers whose text, examples or near misses the model in
    use does not know; None if the release's own model is in use, which knows its own files."""

    trainings: Sequence[Training]
    uses: Sequence[Use]
    untrained: Sequence[str]

    @property
    def in_use(self) -> int | None:
        """The training whose model answers; None: the release's own."""
        return self.uses[0].training_id if self.uses else None

    @property
    def is_open(self) -> bool:
        """Whether a training waits or runs."""
        return any(one.state in ("waiting", "running") for one in self.trainings)


class Trainings:
    """Built once. Every method raises NotAllowed, and those that change something leave an audit line."""

    def __init__(self, store: Store, seed: Mapping[str, object], clock: Clock) -> None:
        self._store = store
        self._seed = seed
        self._clock = clock

    async def standing(self, actor: Actor) -> TrainingState:
        """Where things are."""
        require(actor, Permission.READ_ANSWERS)
        pool = self._store.pool
        uses = await trainings.list_uses(pool)
        now = await list_answer_files(pool)
        if uses and uses[0].training_id is not None:
            known = await trainings.get_trained_with(pool, uses[0].training_id)
            untrained = [id for id, text in now.items() if known.get(id) != text]
        else:
            untrained = [id for id in now if id not in self._seed]
        return TrainingState(await trainings.list_trainings(pool), uses, sorted(untrained))

    async def ask(self, actor: Actor, *, forced: bool, held: bool = False) -> None:
        """Train with the published answers. `forced`: use the model even if it is worse; `held`: keep it, and use it when somebody
        says so. Raises MovedOn while one runs."""
        require(actor, Permission.PUBLISH_ANSWERS)
        async with self._store.transaction() as transaction:
            files, now = await list_answer_files(transaction), self._clock()
            if not await trainings.add_training(
                transaction, files, now, actor.agent_id, forced=forced, held=held
            ):
                raise MovedOn("Training is already queued or running. Nothing was started.")
            await audit.record(
                transaction, actor.agent_id, "training_asked", None, now, forced="yes" if forced else "no"
            )

    async def use(self, actor: Actor, training_id: int | None) -> None:
        """Bots answer with this model from now on; None: the release's own. Raises MovedOn if it is not kept any more."""
        require(actor, Permission.PUBLISH_ANSWERS)
        async with self._store.transaction() as transaction:
            now = self._clock()
            if not await trainings.set_in_use(transaction, training_id, now, actor.agent_id):
                raise MovedOn("That model is no longer kept. Train again; nothing was changed.")
            await comparisons.mark_ended(transaction, None, now, "Another model was chosen.")
            await audit.record(
                transaction, actor.agent_id, "model_chosen", None, now,
                training=str(training_id) if training_id else "release",
            )  # fmt: skip
